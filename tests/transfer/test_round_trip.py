"""What is exported comes back row for row, as it stood at one moment."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.transfer.conftest import everything, members, run
from wholesale.audit.queries import first_break, head
from wholesale.core.codes import next_code
from wholesale.extensions import db
from wholesale.transfer.container import written
from wholesale.transfer.export import SNAPSHOT, export
from wholesale.transfer.left_out import LEFT_OUT, LEFT_OUT_ANONYMIZED, QUEUE, travelling


def test_every_row_comes_back_as_it_was(
    dump: Path, engine: Engine, target_app: Flask, target: Engine
):
    result = run(target_app, "import", dump)
    assert result.exit_code == 0, result.output
    before, after = everything(engine, *LEFT_OUT), everything(target, *LEFT_OUT)
    for name in before.keys() | after.keys():
        if name != "(sequences)":
            assert after[name] == before[name], name
    unlike = set(before["(sequences)"]) ^ set(after["(sequences)"])
    tables = {name.rsplit("_id_seq")[0] for name, _ in unlike if not name.startswith(QUEUE)}
    assert tables <= LEFT_OUT.keys()
    assert all(before[name] for name in travelling(is_anonymized=False)), "a table was empty"


def test_the_trail_its_protection_and_the_counting_go_on(
    dump: Path, engine: Engine, target_app: Flask, target: Engine
):
    assert run(target_app, "import", dump).exit_code == 0
    with Session(engine) as here, Session(target) as there:
        assert first_break(there) is None
        assert head(there) == head(here)
        with pytest.raises(DBAPIError, match="append-only|permission denied"):
            there.execute(text("DELETE FROM audit_entries"))
        there.rollback()
        assert next_code(there, "Q") == next_code(here, "Q")


def test_people_write_during_an_export_and_it_shows_one_moment(
    app: Flask, filled: Session, engine: Engine, tmp_path: Path
):
    seen = []

    def somebody_writes(_: int) -> None:
        if not seen:
            seen.append("x")
            filled.execute(text("INSERT INTO categories (name) VALUES ('A later one')"))
            filled.execute(text("UPDATE orders SET name = 'Renamed meanwhile'"))
            filled.commit()

    path = tmp_path / "moment.zip"
    with (
        app.app_context(),
        db.engine.connect().execution_options(**SNAPSHOT) as connection,
        written(path) as writer,
    ):
        export(connection, writer, is_anonymized=False, tell=somebody_writes)
    assert seen
    text_of = b"".join(members(path).values())
    assert b"A later one" not in text_of
    assert b"Renamed meanwhile" not in text_of
    assert filled.scalar(text("SELECT count(*) FROM orders WHERE name LIKE 'Renamed%'"))


def test_the_same_data_makes_the_same_lines(app: Flask, dump: Path, tmp_path: Path):
    again = tmp_path / "again.zip"
    assert run(app, "export", again).exit_code == 0
    first, second = members(dump), members(again)
    assert first.pop("manifest.json") != second.pop("manifest.json")  # it names its moment
    for name in ("audit_entries", "audit_chain"):  # the trail has the export before this one
        assert second.pop(f"{name}.ndjson").startswith(first.pop(f"{name}.ndjson"))
    assert first == second


def test_each_table_travels_or_is_on_the_list_with_a_reason(engine: Engine, dump: Path):
    known = set(inspect(engine).get_table_names()) - {"alembic_version"}
    assert known == set(db.metadata.tables)
    manifest = json.loads(members(dump)["manifest.json"])
    travelled = {table["name"] for table in manifest["tables"]}
    assert travelled | LEFT_OUT.keys() == known
    assert not travelled & LEFT_OUT.keys()
    assert manifest["left_out"] == LEFT_OUT
    assert LEFT_OUT_ANONYMIZED.keys() <= travelled
    assert all((LEFT_OUT | LEFT_OUT_ANONYMIZED).values())


def test_no_column_can_hold_both_kinds_of_nothing():
    """NULL and the null of JSON look alike in a line: a column may take one of them only."""
    for table in db.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSONB) and column.nullable:
                assert column.type.none_as_null, f"{table.name}.{column.name}"


def test_a_dump_can_be_proved_without_a_database(app: Flask, dump: Path):
    result = run(app, "verify", dump)
    assert result.exit_code == 0
    assert "The dump is whole" in result.stdout
    told = json.loads(run(app, "verify", dump, "--json").stdout)
    assert told == json.loads(members(dump)["manifest.json"])
    assert (dump.stat().st_mode & 0o777) == 0o600
