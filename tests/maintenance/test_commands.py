"""``flask maintenance`` as an operator runs it, and what other commands then say."""

import json

import pytest

from tests.test_run import env, flask  # noqa: F401 - a fixture

Env = dict[str, str]


@pytest.fixture
def ready(env: Env) -> Env:  # noqa: F811
    """An environment whose database is migrated."""
    assert flask(env, "db", "upgrade").returncode == 0
    assert flask(env, "permissions", "seed").returncode == 0
    return env


def add_user(env: Env) -> tuple[int, str]:  # noqa: F811
    words = ("ana@house.example", "--name", "Ana", "--role", "sales", "--password", "long enough 1")
    done = flask(env, "users", "create", *words)
    return done.returncode, done.stderr


def test_on_refuses_commands_too_and_off_ends_it(ready: Env):
    on = flask(ready, "maintenance", "on", "--message", "Prices are mended", "--read-only")
    assert on.returncode == 0, on.stderr
    code, error = add_user(ready)
    assert code == 1
    assert "flask maintenance status" in error
    assert "Traceback" not in error
    status = json.loads(flask(ready, "maintenance", "status", "--json").stdout)
    assert (status["state"], status["read_only"]) == ("on", True)
    assert status["message"] == "Prices are mended"
    assert flask(ready, "db", "upgrade").returncode == 0  # a release may be the maintenance
    assert flask(ready, "permissions", "seed").returncode == 0
    assert "Off: everybody may write" in flask(ready, "maintenance", "off").stdout
    assert add_user(ready)[0] == 0


def test_a_window_is_scheduled_and_called_off(ready: Env):
    assert add_user(ready)[0] == 0
    when = ("2199-01-05 06:00", "2199-01-05T08:00+01:00")
    planned = flask(ready, "maintenance", "schedule", *when, "--message", "Upgrade")
    assert "from 2199-01-05 06:00 to 2199-01-05 07:00 UTC" in planned.stdout
    assert "1 mails" in planned.stdout
    assert "scheduled: from 2199-01-05" in flask(ready, "maintenance", "status").stdout
    refused = flask(ready, "maintenance", "schedule", *when, "--message", "Again")
    assert refused.returncode == 1
    assert "It overlaps with another window: Upgrade" in refused.stderr
    assert "Called off" in flask(ready, "maintenance", "off", "--scheduled").stdout
    assert "nothing is scheduled" in flask(ready, "maintenance", "status").stdout
