"""Which backups stay: the newest of days, weeks and months, and always the newest good one."""

from datetime import UTC, datetime, timedelta

from tests.backup.conftest import Desk
from wholesale.backup import store
from wholesale.backup.retention import Rule, kept

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


def test_of_two_years_of_nights_days_weeks_and_months_stay():
    nights = [NOON - timedelta(days=age) for age in range(730)]
    stay = sorted(kept(nights, Rule(7, 4, 12)), reverse=True)
    assert stay[:7] == nights[:7]
    assert [f"{one:%m-%d}" for one in stay[7:9]] == ["11-15", "11-08"]  # Sundays end their weeks
    assert [f"{one:%m-%d}" for one in stay[9:12]] == ["10-31", "09-30", "08-31"]
    assert len(stay) == 7 + 2 + 11


def test_several_of_a_day_count_once_and_gaps_do_not_count():
    day = [NOON - timedelta(hours=age) for age in range(6)]
    old = NOON - timedelta(days=400)
    assert kept([*day, old], Rule(2, 0, 0)) == {NOON, old}


def test_the_newest_stays_whatever_the_rule():
    assert kept([NOON, NOON - timedelta(1)], Rule(0, 0, 0)) == {NOON}
    assert kept([], Rule()) == set()


def test_prune_deletes_what_the_rule_lets_go_and_no_more(desk: Desk):
    made = [desk.make() for _ in range(4)]
    for age, one in enumerate(reversed(made)):
        desk.rewrite(one, created_at=(NOON - timedelta(days=age)).isoformat())
    strange, cut = made[0], made[3]
    desk.rewrite(strange, database="another", created_at=NOON.isoformat())
    cut.path.write_bytes(b"cut off")
    before = {one.name for one in store.entries(desk.folder)}
    tried = desk.run("prune", "--keep", "1", "--dry-run")
    assert f"Would delete {made[1].name}" in tried.stdout
    assert {one.name for one in store.entries(desk.folder)} == before
    assert desk.run("prune", "--keep", "1", input="n\n").exit_code == 1
    assert desk.run("prune", "--keep", "1", "--yes").exit_code == 0
    # The newest is cut off, so the newest good one stays; another database's is not ours.
    assert {one.name for one in store.entries(desk.folder)} == before - {made[1].name}
    assert "Nothing to delete" in desk.run("prune").stdout


def test_create_can_let_old_ones_go(desk: Desk):
    first = desk.make()
    done = desk.run("create", "--keep", "1")
    assert f"Deleted {first.name}" in done.stdout
    assert len(store.entries(desk.folder)) == 1
    assert not first.path.with_suffix(".json").exists()
