"""``flask maintenance`` as an operator runs it, and what other commands then say."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.databases import own_database
from wholesale import create_app
from wholesale.commands import add_commands
from wholesale.config import Settings
from wholesale.extensions import db
from wholesale.read_only import is_refusal
from wholesale.web import logs

Run = Callable[..., Result]
ANA = ("users", "create", "ana@house.example", "--name", "Ana", "--role", "sales")
ANA += ("--password", "long enough 1")


@pytest.fixture
def run(server_url: str, worker_id: str, tmp_path: Path) -> Iterator[Run]:
    """Return a call of ``flask`` on a migrated database of the test's own."""
    with own_database(server_url, f"maintenance_{worker_id}") as url:
        values = {"app_env": "test", "session_secret": "s", "instance_path": tmp_path}
        app = create_app(Settings(database_url=url, **values))  # type: ignore[arg-type]
        logs.all_to_stderr()
        add_commands(app)

        def call(*words: str) -> Result:
            return app.test_cli_runner().invoke(args=list(words))

        assert call("db", "upgrade").exit_code == 0
        assert call("permissions", "seed").exit_code == 0
        yield call
        with app.app_context():
            db.engine.dispose()
        logs.configure()


def test_on_refuses_commands_too_and_off_ends_it(run: Run):
    on = run("maintenance", "on", "--message", "Prices are mended", "--read-only")
    assert on.exit_code == 0, on.output
    refused = run(*ANA)
    assert refused.exit_code == 1
    assert is_refusal(refused.exception)  # in one line: tests/test_startup.py
    status = json.loads(run("maintenance", "status", "--json").stdout)
    assert (status["state"], status["read_only"]) == ("on", True)
    assert status["message"] == "Prices are mended"
    assert run("db", "upgrade").exit_code == 0  # a release may be the maintenance
    assert run("permissions", "seed").exit_code == 0
    assert "Off: everybody may write" in run("maintenance", "off").stdout
    assert run(*ANA).exit_code == 0


def test_a_window_is_scheduled_and_called_off(run: Run):
    assert run(*ANA).exit_code == 0
    when = ("2199-01-05 06:00", "2199-01-05T08:00+01:00")
    planned = run("maintenance", "schedule", *when, "--message", "Upgrade")
    assert "from 2199-01-05 06:00 to 2199-01-05 07:00 UTC" in planned.stdout
    assert "1 mails" in planned.stdout
    assert "scheduled: from 2199-01-05" in run("maintenance", "status").stdout
    refused = run("maintenance", "schedule", *when, "--message", "Again")
    assert refused.exit_code == 1
    assert "It overlaps with another window: Upgrade" in refused.stderr
    assert "Called off" in run("maintenance", "off", "--scheduled").stdout
    assert "nothing is scheduled" in run("maintenance", "status").stdout
