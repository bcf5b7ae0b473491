"""``make run`` and the command line as an operator sees them: real processes."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import Result

from tests.databases import own_database
from wholesale import create_app
from wholesale.commands import add_commands
from wholesale.config import ROOT, Settings
from wholesale.extensions import db


@pytest.fixture
def env(server_url: str, worker_id: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment with an empty database of its own and an instance folder with a space."""
    with own_database(server_url, f"run_{worker_id}") as url:
        known = {k: v for k, v in os.environ.items() if not k.startswith(("FLASK", "APP_"))}
        yield known | {"DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path / "in stance")}


def free_port() -> int:
    """Return a port that nobody uses, from below those that the system gives to clients."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("", port))
            return port


@contextmanager
def serving(
    env: dict[str, str], out: int = subprocess.PIPE
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the server until the block ends; gives the process and its address.

    What it prints goes to ``out``: a pipe that nobody reads holds up a long run.
    """
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "wholesale"],
        cwd=ROOT,
        env=env | {"PORT": str(port)},
        stdout=out,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(f"{url}/api/ready", timeout=2)
                break
            except OSError:
                time.sleep(0.05)
        yield process, url
    finally:
        process.kill()
        process.wait()


def test_an_empty_database_is_migrated_filled_and_served(env: dict[str, str]):
    with serving(env) as (process, url):
        page = urllib.request.urlopen(f"{url}/sign-in").read().decode()
        assert "Sign in" in page
        process.send_signal(signal.SIGTERM)
        out = process.communicate(timeout=10)[0]
    assert url.rsplit(":", 1)[1] in out
    assert "sales@demo.example" in out
    assert "wholesale-demo" in out
    assert process.returncode == 0
    assert not (Path(env["INSTANCE_PATH"]) / "postgres").exists()  # DATABASE_URL alone is used


def test_a_second_start_is_quick_even_after_a_kill(env: dict[str, str]):
    quiet = env | {"DEMO": "0"}
    with serving(quiet) as (process, _):
        process.send_signal(signal.SIGKILL)
    start = time.monotonic()
    with serving(quiet) as (process, url):
        assert process.poll() is None
        assert urllib.request.urlopen(f"{url}/api/health").status == 200
    assert time.monotonic() - start < 15


def test_production_without_its_variables_refuses_and_names_both(env: dict[str, str]):
    bare = {k: v for k, v in env.items() if k not in ("DATABASE_URL", "SESSION_SECRET")}
    done = subprocess.run(
        [sys.executable, "-m", "wholesale"],
        cwd=ROOT,
        env=bare | {"APP_ENV": "production"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "DATABASE_URL" in done.stderr
    assert "SESSION_SECRET" in done.stderr


def flask(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a ``flask`` command in the repository."""
    command = [sys.executable, "-m", "flask", "--app", "cli", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


@pytest.fixture
def here(env: dict[str, str]) -> Iterator[Callable[..., Result]]:
    """Return a call of a ``flask`` command in this process, which starts none."""
    app = create_app(Settings.from_env(env))
    add_commands(app)
    runner = app.test_cli_runner()
    yield lambda *words: runner.invoke(args=words)
    with app.app_context():
        db.engine.dispose()


def test_the_commands_do_their_work_and_say_so(
    env: dict[str, str], here: Callable[..., Result], tmp_path: Path
):
    assert flask(env, "db", "upgrade").returncode == 0
    assert "permissions added" in here("permissions", "seed").stdout
    worked = flask(env, "jobs", "work", "--once")
    assert worked.returncode == 0
    assert "0 waiting, 0 running" in worked.stdout
    assert "job done" in worked.stdout  # what comes by itself was due
    assert here("jobs", "list").exit_code == 0
    told = flask(env, "doctor", "--json")
    assert [json.loads(line)["name"] for line in told.stdout.splitlines()][0] == "Database"
    assert told.returncode == 1  # no worker is up
    assert here("jobs", "retry", "1").exit_code == 1
    assert "4,000 orders" in flask(env, "demo", "load").stdout
    again = here("demo", "load")
    assert again.exit_code == 1
    assert "nothing was loaded" in again.stderr
    assert here("data", "load-northwind", "/nowhere").exit_code == 2
    assert "rows of" in here("data", "export", str(tmp_path / "all.zip")).stdout


def test_behind_a_trusted_proxy_the_clients_own_address_counts(env: dict[str, str]):
    with serving(env | {"DEMO": "0", "TRUSTED_PROXIES": "1"}) as (process, url):
        headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        urllib.request.urlopen(urllib.request.Request(f"{url}/sign-in", headers=headers))
        process.send_signal(signal.SIGTERM)
        out = process.communicate(timeout=10)[0]
    assert "address=203.0.113.9" in out


def test_with_reloading_it_serves_what_is_there(env: dict[str, str]):
    assert flask(env, "db", "upgrade").returncode == 0
    port = free_port()
    command = [sys.executable, "-m", "flask", "run", "--debug", "--port", str(port)]
    out = subprocess.DEVNULL
    known = env | {"FLASK_APP": "cli"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=known, stdout=out, stderr=out, start_new_session=True
    )
    try:
        deadline, status = time.monotonic() + 30, 0
        while status != 200 and time.monotonic() < deadline and process.poll() is None:
            try:
                status = urllib.request.urlopen(f"http://127.0.0.1:{port}/api/ready").status
            except OSError:
                time.sleep(0.1)
        assert status == 200
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the one that reloads has the other as its child
        process.wait()
