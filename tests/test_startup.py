"""What a start or a command lacks is said in one line, without a stack and without secrets."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from tests.processes import PATH, procfile
from tests.standins.postgres import greeting
from wholesale import startup
from wholesale.config import ROOT, ConfigurationError, Settings
from wholesale.web.commands import fail_in_one_line

REFUSAL = 'password authentication failed for user "shop"'


def settings(url: str, folder: Path) -> Settings:
    return Settings(database_url=url, session_secret="s", instance_path=folder)


def refusal(url: str, folder: Path) -> str:
    """Return why a process with these settings does not start."""
    with pytest.raises(ConfigurationError) as error:
        startup.check(settings(url, folder))
    assert "canary" not in str(error.value)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_postgresql_that_is_too_old_is_refused(tmp_path: Path):
    with greeting(version="12.22") as url:
        assert refusal(url, tmp_path) == "PostgreSQL 12 is too old; it takes 15 or newer."


def test_a_wrong_password_is_told_in_the_servers_words(tmp_path: Path):
    with greeting(refusal=REFUSAL) as url:
        words = refusal(url, tmp_path)
    assert words.startswith("the database of DATABASE_URL cannot be reached")
    assert REFUSAL in words


def test_a_folder_that_cannot_be_written_is_named(server_url: str):
    assert "/dev/null/instance cannot be written (Not a directory). Set INSTANCE_PATH." in refusal(
        server_url, Path("/dev/null/instance")
    )


@pytest.mark.parametrize("url", ["u:ca#nary@h:canary/d", "u:x@canary@h/d", "u:pw@h:canary/d"])
def test_an_address_that_cannot_be_read_is_refused_without_showing_it(url: str, tmp_path: Path):
    env = {"DATABASE_URL": f"postgresql://{url}", "INSTANCE_PATH": str(tmp_path)}
    with pytest.raises(ConfigurationError, match="DATABASE_URL cannot be read") as error:
        Settings.from_env(env)
    assert "canary" not in str(error.value)


def test_all_is_well_with_a_database_and_a_folder(server_url: str, tmp_path: Path):
    startup.check(settings(server_url, tmp_path / "new" / "instance"))


def ran(command: str, url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a platform does, through a shell."""
    known = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder), "PORT": "1"}
    return subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=dict(os.environ) | known | {"PATH": PATH},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_way_in_says_so_in_one_line_when_the_database_refuses(tmp_path: Path):
    lines = procfile()
    commands = [lines["web"], lines["release"], "python -m wholesale"]
    with greeting(refusal=REFUSAL) as url, ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda command: ran(command, url, tmp_path), commands))
    for one in done:
        assert one.returncode == 1, one.args
        assert one.stdout == ""
        assert one.stderr.count("\n") == 1, one.stderr
        assert REFUSAL in one.stderr
        assert "canary" not in one.stderr


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT * FROM no_such_table", "lacks what this version needs: flask db upgrade."),
        ("CREATE TABLE closed (x int)", "takes no writes now: see flask maintenance status."),
        ("SELECT 1 / 0", "The database failed: division by zero"),
    ],
)
def test_a_command_that_the_database_fails_says_why_in_one_line(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    statement: str, words: str,
):  # fmt: skip
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    fail_in_one_line()
    with pytest.raises(DBAPIError) as error, engine.connect() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text(statement))
    sys.excepthook(error.type, error.value, error.tb)
    told = capsys.readouterr().err
    assert told.startswith("Error: ")
    assert told.count("\n") == 1
    assert words in told
