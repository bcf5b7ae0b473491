"""The drill of a security incident, with real processes: an account was taken over.

The steps are those of the runbook: shut the account out, end sessions, rotate the secret,
review what was done, say what was exposed.
"""

import json
import re
import signal
import subprocess
from typing import Any

import requests
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.cast import EMAILS, PASSWORD, Cast, add_cast
from tests.test_run import env, flask, serving  # noqa: F401 - env is a fixture
from wholesale import create_app
from wholesale.audit.actor import NOBODY, set_acting
from wholesale.config import Settings
from wholesale.core.clock import now
from wholesale.incident.commands import audit
from wholesale.orders.models import Order

CODES = ("O-2026-00007", "O-2026-00008")
STAMP = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, url: str, who: str) -> None:
        self.url, self.who = url, who
        self.browser = requests.Session()

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self.browser.get(f"{self.url}{path}", timeout=10)

    def post(self, path: str, page: str, fields: dict[str, str]) -> requests.Response:
        """Send a form of ``page``."""
        token = STAMP.search(self.get(page).text)
        sent = fields | {"csrf_token": token[1] if token else ""}
        return self.browser.post(f"{self.url}{path}", data=sent, timeout=10)

    def sign_in(self) -> bool:
        """Sign in; tells whether that worked."""
        self.post("/sign-in", "/sign-in", {"email": EMAILS[self.who], "password": PASSWORD})
        return self.is_in()

    def is_in(self) -> bool:
        """Tell whether pages open."""
        return "/sign-in" not in self.get("/orders").url


def _house(url: str) -> Cast:
    """Write people, customers, and an order of the rep for each customer."""
    set_acting(NOBODY)  # whoever an earlier test of this process was
    engine = create_engine(url)
    with Session(engine) as session:
        cast = add_cast(session)
        for code, customer in zip(CODES, (cast.organization, cast.other_organization), strict=True):
            order = Order(code=code, placed_at=now(), organization_id=customer)
            order.salesperson_id = cast.users["sales"]
            session.add(order)
        session.commit()
    engine.dispose()
    return cast


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def _told(url: str, *words: str) -> Any:
    """Return what a command of ``flask audit`` prints, as its operator would read it."""
    app = create_app(Settings(app_env="test", database_url=url, session_secret="reports"))
    told = app.test_cli_runner().invoke(audit, words)
    assert told.exit_code == 0, told.output
    return json.loads(told.output) if "--json" in words else told.output


def test_a_stolen_account_is_shut_out_and_what_it_saw_is_named(env: dict[str, str]):  # noqa: F811
    first = env | {"DEMO": "0", "SESSION_SECRET": "the first secret"}
    with serving(first, subprocess.DEVNULL) as (process, url):
        cast = _house(env["DATABASE_URL"])
        thief, colleague = Person(url, "sales"), Person(url, "ops")
        assert thief.sign_in()
        assert colleague.sign_in()
        _steal(thief, cast)
        assert colleague.get(f"/orders/{CODES[1]}").status_code == 200

        assert flask(env, "users", "disable", EMAILS["sales"], "--yes").returncode == 0
        assert not thief.is_in()
        assert not thief.sign_in()  # the password is right, and it does not help
        assert colleague.is_in()
        _stop(process)  # what was read and not yet written is written now

    driver = env["DATABASE_URL"]
    _soft_rotation(driver, colleague)
    second = env | {"DEMO": "0", "SESSION_SECRET": "the second secret"}
    with serving(second, subprocess.DEVNULL) as (_, url):
        colleague.url = url
        assert not colleague.is_in()  # a rotated secret signs everybody out
        assert colleague.sign_in()
        assert flask(env, "sessions", "revoke", "--all", "--yes").returncode == 0
        assert not colleague.is_in()

    _named_exactly(driver)
    assert "The trail is whole" in _told(driver, "verify")


def _steal(thief: Person, cast: Cast) -> None:
    """Read an order and a contact, take the customers along, change the order."""
    assert thief.get(f"/orders/{CODES[0]}").status_code == 200
    assert "Coach Carter" in thief.get(f"/contacts/{cast.contact}/edit").text
    assert "Bärenfels" in thief.get("/organizations.csv").content.decode()
    page, form = f"/orders/{CODES[0]}", {"name": "Taken over", "priority": "high"}
    assert thief.post(f"{page}/details", page, form).status_code == 200


def _soft_rotation(driver: str, colleague: Person) -> None:
    """With the former secret among SESSION_SECRET_FALLBACKS nobody is signed out."""
    cookie = colleague.browser.cookies["wholesale"]
    for fallbacks, status in ((("the first secret",), 200), ((), 302)):
        settings = Settings(
            app_env="test",
            database_url=driver,
            session_secret="the second secret",
            session_secret_fallbacks=fallbacks,
        )
        browser = create_app(settings).test_client()
        browser.set_cookie("wholesale", cookie)
        assert browser.get("/orders").status_code == status


def _named_exactly(driver: str) -> None:
    """The report names what was read and written, and nothing that was not."""
    log = _told(driver, "log", "--user", EMAILS["sales"], "--json")
    assert [entry["action"] for entry in log] == ["updated", "signed in"]
    assert log[0]["after"] == {"name": "Taken over", "priority": "high"}
    told = _told(driver, "exposure", "--user", EMAILS["sales"], "--records", "--json")
    assert told["active"] is False
    records = {(r["kind"], r["record"]): r for r in told["records"]}
    assert records.keys() == {("orders", CODES[0]), ("contacts", "Coach Carter")}
    order = records["orders", CODES[0]]
    assert (order["actions"], order["writes"], order["from"]) == ("updated", 1, "127.0.0.1")
    assert records["contacts", "Coach Carter"]["writes"] == 0
    assert told["customers"] == ["Wolverton Wrestling Club"]
    exports = [one for one in told["lists"] if one["way"] == "export"]
    assert [(one["kind"], one["rows"]) for one in exports] == [("organizations", 2)]
    actions = [one["action"] for one in told["sign_ins"]]
    assert actions == ["signed in", "sign-in refused"]
