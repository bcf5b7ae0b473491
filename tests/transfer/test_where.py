"""Where a dump may go, and what the disk, the database and other operators say to it."""

import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, inspect, text

from tests.databases import own_database
from tests.test_run import free_port
from tests.transfer.conftest import everything, forged, members, run
from tests.transfer.test_bad_dumps import refused
from wholesale import create_app
from wholesale.config import ROOT, Settings
from wholesale.extensions import db
from wholesale.maintenance.operations import switch_on
from wholesale.transfer.container import written
from wholesale.transfer.emptiness import IMPORTING

SECRET = "a secret for tests only"


def settings(url: str, tmp_path: Path, app_env: str = "test") -> Settings:
    """Return settings for a database."""
    return Settings(
        app_env=app_env, database_url=url, session_secret=SECRET, instance_path=tmp_path / "i"
    )


def address(engine: Engine) -> str:
    """Return the address of a database."""
    return engine.url.render_as_string(hide_password=False)


def test_a_full_disk_leaves_the_older_dump_and_no_half_one(made: Path, app: Flask):
    before = made.read_bytes()
    part = made.with_name("made.zip.part")
    part.symlink_to("/dev/full")
    result = run(app, "export", made, "--yes")
    assert result.exit_code == 1
    assert result.stderr == f"Error: {made} could not be written: No space left on device.\n"
    assert made.read_bytes() == before
    assert not part.exists()
    assert not part.is_symlink()


def test_an_export_asks_before_it_replaces_an_older_one(made: Path, app: Flask):
    before = made.read_bytes()
    assert run(app, "export", made, answer="n\n").exit_code == 1
    assert made.read_bytes() == before
    assert run(app, "export", made.parent / "no" / "folder.zip").exit_code == 1


def test_of_two_exports_into_one_file_the_second_is_told(app: Flask, tmp_path: Path):
    path = tmp_path / "one.zip"
    with written(path):
        second = run(app, "export", path)
        assert second.exit_code == 1
        assert "Another export into" in second.stderr
    assert path.exists()


def test_data_is_lost_only_when_that_is_asked_for_and_answered(
    made: Path, target_app: Flask, target: Engine
):
    with target.begin() as connection:
        connection.execute(text("INSERT INTO categories (name) VALUES ('Mine')"))
    before = everything(target)
    refused(target_app, made, "not empty: categories hold data")
    asked = run(target_app, "import", made, "--replace", answer="n\n")
    assert asked.exit_code == 1
    assert str(target.url.database) in asked.output
    assert everything(target) == before
    done = run(target_app, "import", made, "--replace", "--yes")
    assert done.exit_code == 0, done.output
    assert "Mine" not in str(everything(target)["categories"])
    again = run(target_app, "import", made, "--replace", "--yes")  # over a trail that is kept
    assert again.exit_code == 0, again.output


def test_production_takes_a_dump_only_when_told_and_never_over_its_data(
    made: Path, target: Engine, tmp_path: Path
):
    production = create_app(settings(address(target), tmp_path, "production"))
    before = everything(target)
    plain = run(production, "import", made)
    assert plain.exit_code == 1
    assert "--into-production" in plain.stderr
    never = run(production, "import", made, "--into-production", "--replace", "--yes")
    assert never.exit_code == 1
    assert "restore a backup" in never.stderr
    assert everything(target) == before
    told = run(production, "import", made, "--into-production")
    assert told.exit_code == 0, told.output
    with production.app_context():
        db.engine.dispose()


def test_a_new_database_in_maintenance_is_as_good_as_empty(
    made: Path, target_app: Flask, target: Engine
):
    with target_app.app_context():
        switch_on(db.session, "We move", read_only=False)
        db.session.commit()
    told = run(target_app, "import", made)
    assert told.exit_code == 0, told.output
    with target.connect() as connection:
        assert connection.scalars(text("SELECT message FROM maintenance_windows")).all() == [
            "We move"
        ]
    refused(target_app, made, "The database is not empty")


def test_of_two_operators_the_second_is_told(made: Path, target_app: Flask, target: Engine):
    with target.begin() as first:
        first.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORTING})
        refused(target_app, made, "Another import into this database is under way")
    assert run(target_app, "import", made).exit_code == 0


def test_a_database_that_may_only_be_read_is_exported_but_takes_nothing(
    made: Path, target_app: Flask, target: Engine
):
    name = target.url.database
    switch = f"ALTER DATABASE {name} SET default_transaction_read_only = "
    with target.begin() as connection:
        connection.execute(text(switch + "on"))
    target.dispose()
    try:
        refused(target_app, made, "The database may only be read")
        assert run(target_app, "export", made.with_name("read.zip")).exit_code == 0
    finally:
        with target.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(text(switch + "off"))
        target.dispose()


@pytest.mark.parametrize("command", ["import", "export"])
def test_an_address_where_nobody_answers_is_one_line(command: str, made: Path, tmp_path: Path):
    url = f"postgresql+psycopg://nobody:{SECRET.replace(' ', '-')}@127.0.0.1:{free_port()}/none"
    result = run(create_app(settings(url, tmp_path)), command, made, *["--yes"])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "refused" in result.stderr
    assert "secret" not in result.stderr


def test_a_database_of_something_else_is_left_alone(server_url: str, made: Path, tmp_path: Path):
    with own_database(server_url, "foreign") as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE poems (line text)"))
        app = create_app(settings(url, tmp_path))
        refused(app, made, "is DATABASE_URL right?")
        exported = run(app, "export", tmp_path / "poems.zip")
        assert exported.exit_code == 1
        assert "is DATABASE_URL right?" in exported.stderr
        assert inspect(engine).get_table_names() == ["poems"]
        _leave(app, engine)


def test_an_older_dump_is_brought_forward_and_a_bare_database_gets_its_tables(
    server_url: str, made: Path, tmp_path: Path, engine: Engine
):
    with own_database(server_url, "older") as url:
        app = create_app(settings(url, tmp_path))
        bare = create_engine(url)
        with app.app_context():
            upgrade(str(ROOT / "migrations"), revision="0010")
        columns = {
            table: {
                column["name"]
                for column in inspect(bare).get_columns(table)
                if "computed" not in column
            }
            for table in inspect(bare).get_table_names()
        }

        def as_it_was(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
            manifest["schema_revision"] = "0010"
            manifest["tables"] = [t for t in manifest["tables"] if t["name"] in columns]
            kept = {t["name"] for t in manifest["tables"]}
            for table in manifest["tables"]:
                table["columns"] = sorted(columns[table["name"]])
            for name in [name for name in content if name.partition(".")[0] not in kept]:
                del content[name]
            manifest["positions"] = [
                p for p in manifest["positions"] if p["table"] in kept or p["table"] is None
            ]

        older = forged(made, as_it_was)
        assert "stored_files.ndjson" not in members(older)
        with bare.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("DROP SCHEMA procrastinate CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        for _ in ("into a bare database", "over one of the newest schema"):
            result = run(app, "import", older, "--replace", "--yes")
            assert result.exit_code == 0, result.output
            there, here = everything(bare), everything(engine)
            assert len(there["orders"]) == 2
            assert there["stored_files"] == []
            for name in (
                "(constraints)",
                "(indexes)",
                "(columns)",
                "(triggers)",
                "(rights)",
                "alembic_version",
            ):
                assert there[name] == here[name], name
        _leave(app, bare)


def _leave(app: Flask, engine: Engine) -> None:
    engine.dispose()
    with app.app_context():
        db.engine.dispose()


def test_whoever_may_read_the_database_alone_may_read_the_dump(made: Path, app: Flask):
    path = made.with_name("again.zip")
    assert run(app, "export", path).exit_code == 0
    assert os.stat(path).st_mode & 0o077 == 0
