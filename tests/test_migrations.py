"""Migrations agree with the models, and each goes down and up again."""

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
