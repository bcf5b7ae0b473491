"""Servers as real processes with their two outputs apart, and people at them over HTTP."""

import hashlib
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from tests.test_run import free_port
from wholesale.accounts.models import SignInSession
from wholesale.accounts.sessions import WORKDAY
from wholesale.config import ROOT
from wholesale.core.clock import now

SECRET = "a secret that the tests and their servers share"
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # as on a platform: ours come first
SERVE = [sys.executable, "-m", "wholesale"]


def procfile() -> dict[str, str]:
    """Return the lines of the Procfile by the names of their processes."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: line.strip() for name, _, line in (line.partition(":") for line in lines)}


@dataclass
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float


@dataclass
class Running:
    """A server process; ``out`` and ``err`` are the files that its outputs go to."""

    process: subprocess.Popen[str]
    url: str
    out: Path
    err: Path

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page as a visitor."""
        return ask(self.url, "GET", path, headers=headers)


@dataclass
class Person:
    """Somebody signed in at a browser without JavaScript."""

    cookie: str
    csrf: str

    def get(self, url: str, path: str) -> Answer:
        """Open a page of the server at ``url``."""
        return ask(url, "GET", path, headers={"Cookie": self.cookie})

    def post(self, url: str, path: str, data: Mapping[str, object]) -> Answer:
        """Send a form to the server at ``url``."""
        form = {"csrf_token": self.csrf, **data}
        return ask(url, "POST", path, form, {"Cookie": self.cookie})


def ask(
    url: str,
    method: str,
    path: str,
    form: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    patience: float = 60,
    source: str = "127.0.0.1",
) -> Answer:
    """Send one request over a connection of its own; redirects are not followed.

    ``source`` is the address of this machine that it comes from, for one of many clients.
    """
    began = time.monotonic()
    connection = HTTPConnection(urlsplit(url).netloc, timeout=patience, source_address=(source, 0))
    try:
        body = urlencode(form) if form is not None else None
        sent = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, sent | dict(headers or {}))
        answer = connection.getresponse()
        text = answer.read().decode()
        return Answer(answer.status, answer.headers, text, time.monotonic() - began)
    finally:
        connection.close()


def enter(
    url: str,
    email: str,
    password: str,
    source: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Open the sign-in page and send its form, as a browser does."""
    sent = dict(headers or {})
    page = ask(url, "GET", "/sign-in", headers=sent, source=source)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf_token": token[1], "email": email, "password": password}
    cookie = page.headers["Set-Cookie"].split(";")[0]
    return ask(url, "POST", "/sign-in", form, sent | {"Cookie": cookie}, source=source)


def person(app: Flask, session: Session, user_id: int) -> Person:
    """Sign ``user_id`` in, as a sign-in would have, at a server with the secret of ``app``."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_hex(20)
    data = {"_user_id": str(user_id), "_fresh": True, "csrf_token": csrf}
    session.add(
        SignInSession(
            token_hash=hashlib.sha256(token.encode()).digest(),
            user_id=user_id,
            data=data,
            created_at=now(),
            seen_at=now(),
            expires_at=now() + WORKDAY,
        )
    )
    session.commit()
    cookie = app.session_interface.signer.sign(token).decode()  # type: ignore[attr-defined]
    sealed = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(csrf)  # type: ignore[arg-type]
    return Person(f"wholesale={cookie}", str(sealed))


@contextmanager
def running(
    env: Mapping[str, str],
    folder: Path,
    command: str | Sequence[str] = SERVE,
    path: str = "/api/ready",
) -> Iterator[Running]:
    """Run a process until the block ends, once its ``path`` answers 200 or it has ended by itself.

    A ``command`` in words is run by a shell, as a platform does with the Procfile's lines.
    """
    port = free_port()
    out, err = folder / f"{port}.out", folder / f"{port}.err"
    with out.open("w") as to_out, err.open("w") as to_err:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"] if isinstance(command, str) else command,
            cwd=ROOT,
            env={**env, "PORT": str(port), "PATH": PATH},
            stdout=to_out,
            stderr=to_err,
            text=True,
        )
    found = Running(process, f"http://127.0.0.1:{port}", out, err)
    try:
        if path:
            wait_for(lambda: process.poll() is not None or _is_up(found.url, path), 60)
        yield found
    finally:
        process.kill()
        process.wait()


def wait_for(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until ``holds()``, at most ``seconds``; returns whether it does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.03)
    return False


def _is_up(url: str, path: str) -> bool:
    try:
        return ask(url, "GET", path, patience=5).status == 200
    except (OSError, HTTPException):
        return False
