"""What a server writes to its two outputs: whole lines, each in the right one, and no secret."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, text

from tests.cast import EMAILS, PASSWORD, Cast, add_cast
from tests.databases import own_database
from tests.processes import Answer, Person, Running, ask, enter, person, running, wait_for
from tests.standins.sendgrid import SendGrid
from wholesale import create_app
from wholesale.config import Settings
from wholesale.extensions import db

LINE = re.compile(r"timestamp=\S+Z level=(\w+) logger=\S+ event=.+")
SECRETS = {
    "SESSION_SECRET": "session-secret-canary",
    "SESSION_SECRET_FALLBACKS": "former-secret-canary",
    "SENDGRID_API_KEY": "SG.sendgrid-canary",
    "GOOGLE_API_KEY": "google-key-canary",
    "METRICS_TOKEN": "metrics-token-canary",
    "SENTRY_DSN": "http://sentry-canary@127.0.0.1:9/1",
}
NEW_PASSWORD = "brand new password canary 9"
TYPED = "password-in-the-wrong-field-canary"
SIGNATURE = "webhook-signature-canary"


@dataclass
class House:
    """A server that is driven, and what must be found nowhere."""

    server: Running
    app: Flask
    cast: Cast
    canaries: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return self.server.url

    def signed_in(self, who: str) -> Person:
        found = person(self.app, db.session, self.cast.users[who])
        self.canaries |= {found.cookie.partition("=")[2], found.csrf}
        return found


@pytest.fixture
def house(server_url: str, worker_id: str, tmp_path: Path) -> Iterator[House]:
    """A server whose every secret is a canary; its mail service refuses the key."""
    with own_database(server_url, f"logs_{worker_id}") as url, SendGrid().serving() as mails:
        address = make_url(url)
        # A server that asks for no password does not mind one.
        address = address if address.password else address.set(password="database-canary")
        database = address.render_as_string(hide_password=False)
        env = dict(os.environ) | SECRETS | {
            "DATABASE_URL": database,
            "SENDGRID_HOST": mails.url,
            "GEMINI_ENDPOINT": "http://127.0.0.1:9",
            "APP_ENV": "test",
            "INSTANCE_PATH": str(tmp_path / "instance"),
            "SLOW_QUERY_MS": "1",
        }  # fmt: skip
        with running(env, tmp_path) as server:
            app = create_app(
                Settings(
                    app_env="test",
                    database_url=database,
                    session_secret=SECRETS["SESSION_SECRET"],
                )
            )
            with app.app_context():
                found = House(server, app, add_cast(db.session))
                found.canaries |= {*SECRETS.values(), str(address.password), "$argon2"}
                found.canaries |= {PASSWORD, NEW_PASSWORD, TYPED, SIGNATURE}
                yield found
                db.session.remove()
                db.engine.dispose()


def test_each_line_goes_where_it_belongs_and_no_secret_is_in_any(house: House):
    sign_in_well_and_badly(house)
    reset_a_password(house)
    follow_links(house)
    forge_forms_and_tokens(house)
    break_queries(house)
    out, err = house.server.out.read_text(), house.server.err.read_text()
    the_four_strings_are_where_they_are_looked_for(out, err)
    every_line_is_whole(out, err)
    trail = "\n".join(db.session.scalars(text("SELECT audit_entries::text FROM audit_entries")))
    assert "signed in" in trail
    for canary in house.canaries:
        for place, told in (("stdout", out), ("stderr", err), ("the trail", trail)):
            assert canary not in told, f"{canary} in {place}"


def sign_in_well_and_badly(house: House) -> None:
    signed_in = enter(house.url, EMAILS["sales"], PASSWORD, "127.0.0.9")
    assert signed_in.status == 303
    house.canaries.add(signed_in.headers["Set-Cookie"].split(";")[0].partition("=")[2])
    tried = [enter(house.url, TYPED, NEW_PASSWORD).status for _ in range(6)]
    assert tried == [422] * 5 + [429]


def reset_a_password(house: House) -> None:
    """The service refuses the mail; the link in it is good all the same."""
    asked = send(house, "/forgot-password", {"email": EMAILS["ops"]})
    assert asked.status < 400
    body = "SELECT body FROM outbox_mails WHERE recipient = :address"
    told = db.session.scalar(text(body), {"address": EMAILS["ops"]})
    token = re.search(r"/reset-password/(\S+)", told or "")
    assert token is not None
    house.canaries.add(token[1])
    with odd_rule("users", "name <> 'Otto Ops'"):
        assert send(house, f"/reset-password/{token[1]}", {"password": NEW_PASSWORD}).status == 409
    assert send(house, f"/reset-password/{token[1]}", {"password": NEW_PASSWORD}).status == 303
    assert wait_for(lambda: "job failed" in house.server.out.read_text(), 20)


def follow_links(house: House) -> None:
    token = "one-time-link-canary-0123456789"
    house.canaries.add(token)
    paths = (
        f"/invitations/{token}",
        f"/reset-password/{token}",
        f"/l/{token}",
        f"/storage/{token}",
    )
    for path in (*paths, f"/l/{token}/pdf", f"/l/{token}/no/such/page"):
        assert ask(house.url, "GET", path).status in (400, 404, 410)
    with renamed("customer_links"):
        assert ask(house.url, "GET", f"/l/{token}").status in (404, 500)


def forge_forms_and_tokens(house: House) -> None:
    rep = house.signed_in("sales")
    forged = Person(rep.cookie, "forged-csrf-canary")
    house.canaries.add(forged.csrf)
    assert forged.post(house.url, "/orders/new", {"organization_id": 1}).status == 400
    hook = {"X-Twilio-Email-Event-Webhook-Signature": SIGNATURE}
    assert ask(house.url, "POST", "/webhooks/sendgrid", {}, hook).status == 400
    for token, status in ((SECRETS["METRICS_TOKEN"], 200), ("guessed-token-canary", 302)):
        house.canaries.add(token)
        header = {"Authorization": f"Bearer {token}"}
        assert ask(house.url, "GET", "/metrics", headers=header).status == status


def break_queries(house: House) -> None:
    rep = house.signed_in("sales")
    with renamed("leads"):
        assert rep.get(house.url, "/leads").status == 500
        assert rep.get(house.url, "/leads?q=canary-that-was-searched").status == 500
    house.canaries.add("canary-that-was-searched")


def send(house: House, path: str, form: dict[str, str]) -> Answer:
    """Open a visitor's page and send its form."""
    page = ask(house.url, "GET", path)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert token is not None, page.status
    cookie = page.headers["Set-Cookie"].split(";")[0]
    house.canaries |= {token[1], cookie.partition("=")[2]}
    return ask(house.url, "POST", path, {"csrf_token": token[1], **form}, {"Cookie": cookie})


@contextmanager
def renamed(table: str) -> Iterator[None]:
    """Take a table away for a while."""
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    yield
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE away RENAME TO {table}"))


@contextmanager
def odd_rule(table: str, rule: str) -> Iterator[None]:
    """Add a rule that what is written breaks: PostgreSQL then shows the whole row."""
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT odd CHECK ({rule}) NOT VALID"))
    yield
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT odd"))


def the_four_strings_are_where_they_are_looked_for(out: str, err: str) -> None:
    for words in ("[LocalAuth] Login attempt", "[CSRF] Token validation", "Rate limit exceeded"):
        assert words in out
        assert words not in err
    assert "Query Failed" in err
    assert "Query Failed" not in out
    assert "Slow query" in out


def every_line_is_whole(out: str, err: str) -> None:
    for told, levels in ((out, {"debug", "info", "warning"}), (err, {"error", "critical"})):
        for line in told.splitlines():
            found = LINE.fullmatch(line)
            assert found, line
            assert found[1] in levels
    failed = [line for line in err.splitlines() if "Query Failed" in line]
    assert all("request_id=" in line for line in failed)
    access = [line for line in out.splitlines() if "logger=access" in line]
    for part in ("request_id=", "user=", "route=", "status=", "ms=", "statements="):
        assert all(part in line for line in access)
