"""A backup is tried out in a scratch database, which is gone afterwards whatever happened."""

import json

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.backup.conftest import Desk, address, there
from wholesale.backup import databases, queries, restoring
from wholesale.backup.address import Address


def test_a_good_backup_is_said_to_be_whole_and_that_is_noted(desk: Desk):
    one = desk.make()
    left = databases.passing(desk.live, "scratch")
    databases.create(left)  # by a run that was killed
    done = desk.run("verify")
    assert done.exit_code == 0, done.output
    assert f"{one.name} is whole: {sum(one.known().rows.values()):,} rows" in done.stdout
    assert there(desk.live) == set()
    assert desk.newest.known().verified["ok"] is True
    assert "never" not in desk.run("list").stdout


def test_a_backup_cut_in_the_middle_is_refused_and_no_longer_the_latest(desk: Desk):
    good, cut = desk.make(), desk.make()
    with cut.path.open("r+b") as file:
        file.truncate(cut.known().size // 2)
    assert f"instead of {cut.known().size:,}" in desk.refused("verify", cut.name)
    assert desk.refused("restore", cut.name, "--into", "elsewhere").startswith("Error: ")
    listed = desk.run("list", "--json")
    assert listed.exit_code == 1
    assert [bool(one["problem"]) for one in json.loads(listed.stdout)] == [True, False]
    assert queries.find(desk.folder, "latest", desk.live.name) == good


def test_the_latest_is_never_that_of_another_database(desk: Desk):
    other = desk.make()
    desk.rewrite(other, database="staging")
    line = desk.refused("restore", "latest", "--replace-live", "--yes")
    assert f"no good backup of {desk.live.name}" in line
    ours = desk.make()
    assert queries.find(desk.folder, "latest", desk.live.name) == ours
    assert queries.find(desk.folder, other.name, desk.live.name).name == other.name


def test_a_changed_checksum_is_found_noted_and_refused(desk: Desk):
    one = desk.make()
    with one.path.open("r+b") as file:
        file.seek(one.known().size // 2)
        file.write(b"changed!")
    assert "checksum" in desk.refused("verify", one.name)
    assert "failed to verify" in desk.newest.problem
    assert "cannot be used" in desk.refused("restore", one.name, "--into", "elsewhere")
    assert "no good backup" in desk.refused("verify", "latest")


def test_a_lost_manifest_and_an_unknown_name_are_told(desk: Desk):
    one = desk.make()
    one.path.with_suffix(".json").unlink()
    assert "no manifest" in desk.refused("verify", one.name)
    assert "There is no backup nowhere" in desk.refused("verify", "nowhere")


def test_other_rows_than_were_counted_are_found(desk: Desk):
    one = desk.make()
    desk.rewrite(one, rows=one.known().rows | {"public.users": 99})
    assert "public.users has 7 rows restored, 99 when backed up" in desk.refused("verify")
    assert there(desk.live) == set()


def test_a_newer_version_s_backup_is_refused(desk: Desk, unmade: Address):
    desk.rewrite(desk.make(), schema="9999")
    for words in (["verify"], ["restore", "latest", "--into", unmade.name]):
        assert "newer version (schema 9999" in desk.refused(*words)
    assert not databases.exists(unmade)


def test_where_no_database_may_be_made_an_empty_one_will_do(
    desk: Desk, app: Flask, session: Session, empty: Address, monkeypatch: pytest.MonkeyPatch
):
    desk.make()
    url = address(desk.live, options="-c default_transaction_read_only=on")
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", url)
        assert "read-only" in desk.refused("verify")
        assert "read-only" in desk.refused("restore", "latest", "--into", "elsewhere")
    assert "is the live database" in desk.refused("verify", "--scratch-url", address(desk.live))
    session.execute(text("UPDATE users SET is_active = false WHERE role = 'admin'"))
    session.commit()
    desk.make()
    done = desk.run("verify", "--json", "--scratch-url", address(empty))
    assert done.exit_code == 1
    assert "somebody_administers" in json.loads(done.stdout)["findings"][0]
    assert desk.newest.problem == ""  # it is a faithful copy of what was there
    assert databases.is_empty(empty)
    with empty.connection() as connection:
        connection.execute("CREATE TABLE somebodys (id int)")
    assert "is not empty" in desk.refused("verify", "--scratch-url", address(empty))


def test_who_may_not_create_databases_is_told_what_to_do(desk: Desk, server_url: str):
    boss = Address.of(server_url)
    boss = (
        Address({**boss.settings, "user": "postgres"}) if "/wholesale-pg-" in server_url else boss
    )
    name = "wholesale_test_nobody"
    with databases.maintenance(boss) as admin:
        admin.execute(f"DROP ROLE IF EXISTS {name}")
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
        try:
            poor = Address({**boss.settings, "user": name, "password": "x"})
            with pytest.raises(restoring.BackupError, match="may not create.*scratch-url"):
                databases.create(databases.beside(poor, "never"))
        finally:
            admin.execute(f"DROP ROLE {name}")
