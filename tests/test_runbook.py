"""The operators' runbook is true: every command and every path in it is run, in its order."""

import re
import shlex
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import click
import pytest
import waitress
from flask import Flask
from sqlalchemy import create_engine, select, text

from tests.databases import own_database
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.accounts.models import User
from wholesale.commands import add_commands
from wholesale.config import ROOT, Settings
from wholesale.extensions import db
from wholesale.jobs.worker import WorkerThread
from wholesale.web import logs

RUNBOOK = ROOT / "docs" / "RUNBOOK.md"
ORIGINAL = (
    "Application start",
    "Database operations",
    "User management",
    "Monitoring and health",
    "Common problems",
    "Deployment",
    "Backup and recovery",
    "Emergencies",
)
# Run by tests of their own: they serve until they are stopped.
SERVES = {"make run": "tests/test_run.py", "flask run --debug": "tests/test_run.py"}
# Well, but for what a test's house lacks: SendGrid's key.
FAILS_HERE = {"flask mail test ana@company.com": "SENDGRID_API_KEY is not set"}
BOSS = ("users", "create", "boss@company.com", "--name", "Boss", "--role", "admin")
BOSS += ("--password", "a long sentence 9")
TOKEN = "a monitor's token"


@dataclass
class House:
    """A deployment of the test's own: the application, its address, and an administrator."""

    app: Flask
    url: str
    copy_url: str


@pytest.fixture(scope="module")
def house(
    server_url: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house on an empty database, served by waitress, and an empty database beside it."""
    folder = tmp_path_factory.mktemp("runbook")
    with (
        own_database(server_url, f"runbook_{worker_id}") as url,
        own_database(server_url, f"runbook_copy_{worker_id}") as copy_url,
    ):
        app = made(url, folder)
        for words in (("db", "upgrade"), ("permissions", "seed"), BOSS):
            assert run(app, *words).exit_code == 0
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
        Thread(target=server.run, daemon=True).start()
        worker = WorkerThread(app)
        worker.start()
        wait_for(app)
        yield House(app, f"http://127.0.0.1:{server.effective_port}", copy_url)
        worker.stop()
        server.close()
        with app.app_context():
            db.engine.dispose()
        drop(server_url, "wholesale_copy")
        logs.configure()


def wait_for(app: Flask) -> None:
    """Wait until a worker is up."""
    deadline = time.monotonic() + 10
    while "1 worker" not in run(app, "doctor").output and time.monotonic() < deadline:
        time.sleep(0.05)


def made(url: str, folder: Path) -> Flask:
    """Return the application on the database at ``url``, with its commands."""
    app = create_app(
        Settings(
            app_env="test",
            database_url=url,
            session_secret="s",
            metrics_token=TOKEN,
            instance_path=folder,
        )
    )
    logs.all_to_stderr()
    add_commands(app)
    return app


def drop(server_url: str, name: str) -> None:
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


def run(app: Flask, *words: str) -> click.testing.Result:
    """Run a command of ``flask`` in this process."""
    return app.test_cli_runner().invoke(args=list(words))


STEPS = re.compile(
    r"^```sh\n(?P<fence>.*?)^```|`(?P<verb>GET|POST) (?P<path>/[^`]*)`|`(?P<page>/[^`]+)`",
    re.M | re.S,
)


def steps(runbook: str) -> list[str]:
    """Return every command and path of the runbook, in its order."""
    found = []
    for step in STEPS.finditer(runbook):
        if step["fence"]:
            found += step["fence"].replace("\\\n", " ").strip().splitlines()
        else:
            found.append(f"{step['verb'] or 'GET'} {step['path'] or step['page']}")
    return found


def test_it_has_the_chapters_of_the_original():
    headings = re.findall(r"^## \d\. (.*)", RUNBOOK.read_text(), re.M)
    assert tuple(headings) == ORIGINAL


def test_every_command_and_path_works(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    found = steps(RUNBOOK.read_text())
    assert len(found) > 60
    failed = {}
    for step in found:
        if step not in SERVES and (problem := tried(house, step, tmp_path)):
            failed[step] = problem
    assert failed == {}


def tried(house: House, step: str, folder: Path) -> str:
    """Do one step and return what went wrong; nothing when all is well."""
    if step.startswith(("GET ", "POST ")):
        return asked(house, *step.split())
    filled = step.replace("$URL", house.url).replace("$COPY_URL", house.copy_url)
    words = shlex.split(filled.replace("$METRICS_TOKEN", TOKEN))
    if words[0] == "curl":
        return fetched(words)
    app = house.app
    if words[0].startswith("DATABASE_URL="):
        app = made(words.pop(0).partition("=")[2], folder)
        assert run(app, "db", "upgrade").exit_code == 0
    assert words[0] == "flask", step
    words, kept = (words[:-2], words[-1]) if ">" in words else (words, None)
    done = run(app, *words[1:])
    if kept:
        (folder / kept).write_text(done.stdout)
    if step in FAILS_HERE:
        return "" if FAILS_HERE[step] in done.output else done.output
    return (
        ""
        if done.exit_code == 0
        else f"exit {done.exit_code}: {done.output[-800:]} {done.exception!r}"
    )


def asked(house: House, verb: str, path: str) -> str:
    """Ask for a path as an administrator."""
    with house.app.app_context():
        boss = db.session.scalars(select(User).where(User.email == "boss@company.com")).one()
        visitor = Visitor(house.app, db.session).signed_in(boss.id)
    answer = visitor.get(path) if verb == "GET" else visitor.post(path)
    return "" if answer.status_code in (200, 302) else f"{answer.status_code}: {answer.text}"


def fetched(words: list[str]) -> str:
    """Do what ``curl -fsS [-H HEADER] URL`` does."""
    request = urllib.request.Request(words[-1])
    if "-H" in words:
        request.add_header(*words[words.index("-H") + 1].split(": "))
    with urllib.request.urlopen(request, timeout=10) as answer:
        return "" if answer.status == 200 else str(answer.status)


def test_what_it_names_in_passing_exists(house: House):
    named = set(re.findall(r"`flask ([^`]+)`", RUNBOOK.read_text()))
    assert len(named) > 8
    for words in map(shlex.split, named):
        assert command(house.app, words), words


def command(app: Flask, words: list[str]) -> click.Command:
    """Return the command that the words name, whose options it has. Raises when there is none."""
    found: click.Command = app.cli
    context = click.Context(found)
    while isinstance(found, click.Group):
        following = found.get_command(context, words.pop(0))
        assert following is not None
        found = following
        if not words:
            break
    known = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    return found


def test_every_variable_it_names_is_explained():
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w+)?`", RUNBOOK.read_text()))
    cells = re.findall(r"^\| (`[A-Z_`, ]+`) \|", (ROOT / "README.md").read_text(), re.M)
    explained = set(re.findall(r"[A-Z_]+", " ".join(cells)))
    assert named
    assert named <= explained
