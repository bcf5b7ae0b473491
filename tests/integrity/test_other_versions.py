"""A database that another version wrote is not checked: one line, and exit code 2."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from wholesale.integrity.commands import integrity

VERSION = "UPDATE alembic_version SET version_num = :version"


@pytest.fixture
def version(session: Session) -> Iterator[str]:
    """The schema that the database has, and has again after the test."""
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    yield found
    session.execute(text(VERSION), {"version": found})
    session.commit()


@pytest.mark.parametrize(
    "schema, words", [("9999", "which a newer version wrote"), ("0001", "flask db upgrade first")]
)
def test_the_schema_is_looked_at_first(
    app: Flask, session: Session, version: str, schema: str, words: str
):
    session.execute(text(VERSION), {"version": schema})
    session.commit()
    done = app.test_cli_runner().invoke(integrity, ["check"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert f"schema {schema}" in done.stderr
    assert words in done.stderr


def test_a_database_without_a_schema_is_told(app: Flask, session: Session, version: str):
    session.execute(text("ALTER TABLE alembic_version RENAME TO somewhere_else"))
    session.commit()
    try:
        done = app.test_cli_runner().invoke(integrity, ["check"])
    finally:
        session.execute(text("ALTER TABLE somewhere_else RENAME TO alembic_version"))
        session.commit()
    assert done.exit_code == 2
    assert "nothing yet" in done.stderr
