"""What ``docs/DEPLOYMENT.md`` and ``.replit`` name is there; migrations do not wait for long."""

import re
import time
import tomllib
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate import upgrade
from flask_migrate.cli import db as migrations
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.databases import own_database
from tests.processes import procfile
from wholesale import create_app
from wholesale.commands import GROUPS
from wholesale.config import ROOT, Settings
from wholesale.extensions import db
from wholesale.system.details import details, prometheus

GUIDE = (ROOT / "docs" / "DEPLOYMENT.md").read_text()
# As in "flask db upgrade -x lock_timeout=60s": words, until something is no word.
COMMAND = re.compile(r"flask ((?:--app cli )?[a-z]+(?: [a-z-]+)*)((?: -[a-z-]+)*)")


def test_every_command_of_the_guide_is_one():
    groups = {command.name or "": command for command in (*GROUPS, migrations)}
    named = set(COMMAND.findall(GUIDE))
    assert len(named) > 5
    for words, options in named:
        first, *rest = words.removeprefix("--app cli ").split()
        command = groups[first]
        if rest:
            assert isinstance(command, click.Group), words
            command = command.commands[rest[0]]
        known = {name for parameter in command.params for name in parameter.opts}
        assert set(options.split()) <= known, words


def test_every_variable_file_and_metric_of_the_guide_is_there(app: Flask):
    readme = (ROOT / "README.md").read_text()
    for name in set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", GUIDE)):
        assert f"`{name}`" in readme, name
    for path in set(re.findall(r"`((?:tests|docs)/[\w./]+)`", GUIDE)):
        assert Path(ROOT / path).exists(), path
    with app.app_context():
        told = prometheus(details(db.session))
    for metric in set(re.findall(r"`(wholesale_[a-z_]+)", GUIDE)):
        assert f" {metric} " in told, metric


def test_replit_runs_what_the_procfile_says():
    settings = tomllib.loads((ROOT / ".replit").read_text())
    lines = procfile()
    shell, option, line = settings["deployment"]["run"]
    assert (shell, option) == ("sh", "-c")
    assert line == f"PATH=.venv/bin:$PATH; {lines['release']} && exec {lines['web']}"
    assert settings["deployment"]["build"][-1] == "make .venv/runtime"
    assert settings["ports"] == [{"localPort": Settings().port, "externalPort": 80}]
    assert "| `release` | `" + lines["release"] in GUIDE
    assert "| `web` | `" + lines["web"] in GUIDE
    assert "| `worker` | `" + lines["worker"] in GUIDE


def test_a_migration_does_not_queue_up_behind_somebody_who_holds_a_table(
    server_url: str, worker_id: str
):
    with own_database(server_url, f"locked_{worker_id}") as url:
        app = create_app(Settings(app_env="test", database_url=url, session_secret="s"))
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        with engine.begin() as connection, app.app_context():
            connection.execute(text("LOCK TABLE alembic_version"))
            began = time.monotonic()
            with pytest.raises(OperationalError, match="lock timeout"):
                upgrade(directory=str(ROOT / "migrations"), x_arg="lock_timeout=200ms")
            assert time.monotonic() - began < 5
            db.engine.dispose()
        engine.dispose()
