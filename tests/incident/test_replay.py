"""``flask audit replay``: what a restore has lost, listed, and done again where that is safe."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.maintenance.conftest import Maintain, maintain  # noqa: F401 - a fixture
from tests.visitor import Visitor
from wholesale.accounts.models import User
from wholesale.audit.models import AuditEntry
from wholesale.customers.models import Contact, Organization
from wholesale.incident.commands import audit
from wholesale.orders.models import Order, OrderLine

Run = Callable[..., Any]


@pytest.fixture
def run(app: Flask) -> Run:
    """Return a call of ``flask audit``."""
    return lambda *words: app.test_cli_runner().invoke(audit, words)


@pytest.fixture
def moment(cast: Cast, placed: str, session: Session) -> str:
    """The point in time that is restored to: an order is there, nothing else happened yet."""
    return datetime.now(UTC).isoformat(sep=" ").partition(".")[0]


@pytest.fixture
def trail(run: Run, session: Session, tmp_path: Path) -> Callable[[], str]:
    """Return a call that writes what happened since the fixture was made, and gives the file."""
    last = session.query(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1).scalar() or 0

    def export() -> str:
        told = run("log", "--ndjson")
        lines = [line for line in told.output.splitlines() if json.loads(line)["id"] > last]
        path = tmp_path / "trail.ndjson"
        path.write_text("\n".join(lines))
        return str(path)

    return export


def outcomes(run: Run, *words: str) -> dict[str, tuple[str, str]]:
    """Return, by record and action, what becomes of an entry and why."""
    told = run("replay", *words, "--json")
    return {
        f"{s['record']} {s['action']}": (s["outcome"], s["reason"]) for s in json.loads(told.output)
    }


@pytest.fixture
def lost(
    rep: Visitor, placed: str, session: Session, cast: Cast, trail: Callable[[], str]
) -> tuple[str, Order]:
    """The trail of an afternoon's changes, and the order they were made to, restored to before."""
    order = session.query(Order).one()
    before = {"name": order.name, "priority": order.priority}
    line = session.query(OrderLine).filter(OrderLine.qty_total > 0).one()
    rep.post(f"/orders/{placed}/details", {"name": "Fall set", "priority": "high"})
    rep.post(f"/orders/{placed}/details", {"name": "Autumn set", "priority": "high"})
    rep.hx_post(f"/orders/{placed}/lines", {f"q.{line.id}.M": "20"})
    session.rollback()
    file = trail()
    session.execute(
        text("UPDATE orders SET name = :name, priority = :priority, units = 12, subtotal = 240"),
        before,
    )
    session.execute(text("UPDATE order_lines SET quantities = '{\"M\": 12}'"))
    session.commit()
    return file, order


def test_a_dry_run_lists_and_changes_nothing(run: Run, lost: tuple[str, Order], session: Session):
    file, order = lost
    told = run("replay", file)
    assert told.exit_code == 0
    assert 'name: "" → "Fall set"' in told.output
    assert 'name: "Fall set" → "Autumn set"' in told.output
    assert "3 applies" in told.output
    session.expire_all()
    assert session.get(Order, order.id).name == ""


def test_applied_the_record_is_as_it_was_with_its_totals_and_the_trail_says_so(
    run: Run, lost: tuple[str, Order], session: Session
):
    file, order = lost
    assert run("replay", file, "--apply", "--yes").exit_code == 0
    session.rollback()
    session.expire_all()
    order = session.get(Order, order.id)
    assert (order.name, order.priority, order.units) == ("Autumn set", "high", 20)
    assert order.total == Decimal("400.00")
    entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).limit(1).one()
    assert entry.actor.startswith("replay of entry ")
    assert {outcome for outcome, _ in outcomes(run, file).values()} == {"there already"}
    assert run("verify").exit_code == 0


def test_it_mends_while_nobody_else_may_write(
    run: Run,
    lost: tuple[str, Order],
    session: Session,
    maintain: Maintain,  # noqa: F811
):
    file, order = lost
    maintain(read_only=True)
    assert "3 applies" in run("replay", file).output
    assert run("replay", file, "--apply", "--yes").exit_code == 0
    session.rollback()
    session.expire_all()
    assert session.get(Order, order.id).name == "Autumn set"


def test_without_a_yes_nothing_is_done(run: Run, lost: tuple[str, Order], session: Session):
    file, order = lost
    assert run("replay", file, "--apply").exit_code == 1
    session.expire_all()
    assert session.get(Order, order.id).name == ""


def test_a_field_that_somebody_changed_since_is_a_conflict_and_stays(
    run: Run, lost: tuple[str, Order], session: Session
):
    file, order = lost
    session.execute(text("UPDATE orders SET name = 'Mine'"))
    session.commit()
    told = run("replay", file, "--apply", "--yes")
    assert told.exit_code == 1
    assert "name is Mine, not " in told.output
    session.rollback()
    session.expire_all()
    order = session.get(Order, order.id)
    assert (order.name, order.priority, order.units) == ("Mine", "normal", 20)


def test_makings_deletions_secrets_and_reused_keys_are_left_to_people(
    run: Run, rep: Visitor, session: Session, cast: Cast, trail: Callable[[], str]
):
    made = Contact(organization_id=cast.organization, name="Nina New")
    session.add(made)
    session.commit()
    made.name = "Nina Newer"
    session.get(Organization, cast.organization).city = "Elsewhere"
    session.commit()
    session.delete(session.get(Contact, cast.other_contact))
    session.commit()
    file = trail()
    # Restored: the contact is not there yet, and its key went to another one meanwhile.
    session.execute(
        text(
            "UPDATE contacts SET name = 'Nina New', created_at = now() + interval '1 hour'"
            " WHERE id = :key"
        ),
        {"key": made.id},
    )
    session.execute(text("UPDATE organizations SET city = 'Wolverton'"))
    session.execute(
        text(
            "INSERT INTO contacts (id, organization_id, name, created_at) OVERRIDING SYSTEM VALUE"
            " VALUES (:key, :organization, 'Berta Bär', '2020-01-01')"
        ),
        {"key": cast.other_contact, "organization": cast.other_organization},
    )
    session.commit()
    found = outcomes(run, file)
    assert found[f"contacts:{made.id} created"][0] == "by hand"
    assert found[f"contacts:{made.id} updated"] == (
        "by hand",
        "the record is not there: it was made after the point in time",
    )
    assert found[f"contacts:{cast.other_contact} deleted"][0] == "by hand"
    assert found[f"organizations:{cast.organization} updated"][0] == "applies"
    assert outcomes(run, file, "--record", "organizations").keys() == {
        f"organizations:{cast.organization} updated"
    }


def test_a_password_is_not_in_the_trail_and_so_cannot_come_back(
    run: Run, session: Session, cast: Cast, trail: Callable[[], str]
):
    session.get(User, cast.users["ops"]).password_hash = "another"
    session.commit()
    found = outcomes(run, trail())
    assert found[f"users:{cast.users['ops']} updated"] == (
        "by hand",
        "password_hash is a secret, which the trail does not record",
    )


def test_another_database_is_read_and_never_written(
    run: Run, moment: str, lost: tuple[str, Order], database_url: str
):
    url = database_url.replace("+psycopg", "")
    found = outcomes(run, "--from-url", url, "--since", moment, "--record", "orders")
    assert ("applies", "") in found.values()
    away = run("replay", "--from-url", "postgresql://a:pass-word@127.0.0.1:1/x", "--since", moment)
    assert away.exit_code == 1
    assert "The other database cannot be read" in away.output
    assert "pass-word" not in away.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"id": 1, "at"', "Line 1 is no JSON: was the file cut?"),
        ('{"id": 1}', "Line 1 holds what is no entry of the trail."),
        ("[1, 2", "Line 1 is no JSON"),
        ("", "Nothing happened."),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(
    run: Run, tmp_path: Path, content: str, words: str
):
    path = tmp_path / "odd.ndjson"
    path.write_text(content)
    told = run("replay", str(path))
    assert words in told.output
    assert told.exit_code == (0 if not content else 1)


def test_without_a_moment_or_with_two_sources_it_says_what_is_missing(run: Run, tmp_path: Path):
    assert "Say --since" in run("replay").output
    (tmp_path / "a").write_text("")
    both = run("replay", str(tmp_path / "a"), "--from-url", "postgresql://x/y")
    assert "Give either FILE or --from-url." in both.output
