"""Migrations agree with the models, and each goes down and up again."""

from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from tests.databases import own_database
from wholesale import create_app
from wholesale.access.seed import seed_permissions
from wholesale.config import ROOT, Settings
from wholesale.extensions import db

FOLDER = str(ROOT / "migrations")


@pytest.fixture
def own_app(server_url: str, worker_id: str):
    """An application on an empty database that no other test uses."""
    with own_database(server_url, f"migrations_{worker_id}") as url:
        app = create_app(Settings(app_env="test", database_url=url, session_secret="s"))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def test_models_and_migrations_agree(application: Flask, engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, db.metadata) == []


CATALOG = {
    "constraints": """
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
        AND contype NOT IN ('n', 't') AND conrelid::regclass::text <> 'alembic_version'""",
    "indexes": """
        SELECT indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'""",
    "columns": """
        SELECT concat_ws(' ', table_name, column_name, data_type, numeric_precision, numeric_scale,
            is_nullable, column_default, generation_expression, is_identity)
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'alembic_version'""",
}


def catalog(engine: Engine) -> dict[str, set[str]]:
    """Return what the database itself says of its tables."""
    with engine.connect() as connection:
        return {name: set(connection.scalars(text(query))) for name, query in CATALOG.items()}


def test_checks_indexes_and_columns_are_those_of_the_models(own_app: Flask, engine: Engine):
    for version in ("0001_the_house", "0003_selling"):
        functions = import_module(f"migrations.versions.{version}").FUNCTIONS
        with db.engine.begin() as connection:
            connection.exec_driver_sql(functions.replace("%", "%%"))
    db.create_all()
    made, migrated = catalog(db.engine), catalog(engine)
    for name in CATALOG:
        assert made[name] == migrated[name], name


def test_every_migration_goes_down_and_up_again(own_app: Flask):
    upgrade(FOLDER)
    seed_permissions(db.session)
    db.session.execute(text("SELECT next_document_number('O', 2026)"))
    db.session.commit()
    downgrade(FOLDER, revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    with db.engine.connect() as connection:
        functions = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        assert connection.execute(text(functions)).all() == []
        assert connection.execute(text("SELECT sequencename FROM pg_sequences")).all() == []
    upgrade(FOLDER)
    assert "orders" in inspect(db.engine).get_table_names()
