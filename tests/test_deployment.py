"""The lines of the Procfile as a platform runs them: several processes are one application."""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from tests.cast import EMAILS, PASSWORD, Cast, add_cast
from tests.databases import own_database
from tests.processes import SECRET, Running, ask, enter, person, procfile, running, wait_for
from tests.standins.proxy import proxied
from wholesale import create_app
from wholesale.config import Settings
from wholesale.extensions import db
from wholesale.jobs import queries as jobs
from wholesale.jobs.queue import defer
from wholesale.jobs.tasks import take_up_again
from wholesale.orders.models import Order

LINES = procfile()
LEAST = 10  # seconds within which a process that was told to stop has ended, with nothing to do


@dataclass
class House:
    """Two web processes behind a proxy, on one database."""

    env: dict[str, str]
    folder: Path
    app: Flask
    cast: Cast
    webs: list[Running]
    url: str


@pytest.fixture
def house(server_url: str, worker_id: str, tmp_path: Path) -> Iterator[House]:
    """The house, begun as a first deployment does it: the release comes last."""
    with own_database(server_url, f"deploy_{worker_id}") as database, ExitStack() as stack:
        env = dict(os.environ) | {
            "DATABASE_URL": database,
            "SESSION_SECRET": SECRET,
            "APP_ENV": "test",
            "TRUSTED_PROXIES": "1",
            "DEMO": "0",
            "INSTANCE_PATH": str(tmp_path / "instance"),
        }
        first = stack.enter_context(running(env, tmp_path, LINES["web"], "/api/health"))
        assert ask(first.url, "GET", "/api/ready").status == 503
        assert "migrations wait: run flask db upgrade" in first.err.read_text()
        with running(env, tmp_path, f"sh -c '{LINES['release']}'") as release:
            assert release.process.wait(60) == 0
        assert wait_for(lambda: ask(first.url, "GET", "/api/ready").status == 200, 5)
        second = stack.enter_context(running(env, tmp_path))  # as ``python -m wholesale``
        app = create_app(Settings(app_env="test", database_url=database, session_secret=SECRET))
        stack.enter_context(app.app_context())
        cast = add_cast(db.session)
        url = stack.enter_context(proxied(first.url, second.url))
        yield House(env, tmp_path, app, cast, [first, second], url)
        db.session.remove()
        db.engine.dispose()


def test_two_processes_behind_a_proxy_are_one_application(house: House):
    sessions_are_shared(house)
    an_edit_of_the_permissions_holds_everywhere_at_once(house)
    tries_are_counted_together_by_the_clients_own_address(house)
    a_job_is_done_once(house)
    a_process_that_is_told_to_stop_finishes_what_is_under_way(house)
    the_worker_line_hands_back_what_it_cannot_finish(house)


def sessions_are_shared(house: House) -> None:
    signed_in = enter(house.url, EMAILS["sales"], PASSWORD)
    assert signed_in.status == 303
    cookie = {"Cookie": signed_in.headers["Set-Cookie"].split(";")[0]}
    for web in house.webs:
        assert ask(web.url, "GET", "/orders", headers=cookie).status == 200


def an_edit_of_the_permissions_holds_everywhere_at_once(house: House) -> None:
    one, other = house.webs
    admin, rep = (
        person(house.app, db.session, house.cast.users[who]) for who in ("admin", "sales")
    )
    for scope, status in (("none", 403), ("own", 200)):
        form = {"permission": "quotes:read", "scope": scope}
        assert admin.post(one.url, "/admin/permissions/sales", form).status < 400
        assert rep.get(other.url, "/quotes").status == status


def tries_are_counted_together_by_the_clients_own_address(house: House) -> None:
    forged = {"X-Forwarded-For": "203.0.113.7"}
    tried = [
        enter(house.url, f"guess{number}@house.example", "wrong", "127.0.0.5", forged).status
        for number in range(6)
    ]
    assert tried == [422] * 5 + [429]
    assert enter(house.url, EMAILS["ops"], "wrong", "127.0.0.6").status == 422
    for web in house.webs:
        told = web.out.read_text()
        assert "address=127.0.0.5" in told
        assert "address=203.0.113.7" not in told


def a_job_is_done_once(house: House) -> None:
    keys = [defer(db.session, "jobs.clean_up") for _ in range(8)]
    db.session.commit()
    assert wait_for(lambda: all(status(key) == "succeeded" for key in keys), 15)
    told = "".join(web.out.read_text() for web in house.webs)
    for key in keys:
        assert len(re.findall(rf'event="job done".* job={key}\b', told)) == 1


def a_process_that_is_told_to_stop_finishes_what_is_under_way(house: House) -> None:
    """One after the other; the proxy's clients notice nothing of the first."""
    first, last = house.webs
    stop_under_load(house, first)
    assert ask(house.url, "GET", "/sign-in").status == 200
    stop_under_load(house, last)
    assert db.session.query(Order).count() == 2


def stop_under_load(house: House, web: Running) -> None:
    """Tell a process to stop while a form and a job wait; both are done, and it ends well."""
    rep = person(house.app, db.session, house.cast.users["sales"])
    form = {"organization_id": house.cast.organization, "key": str(uuid4())}
    with ThreadPoolExecutor() as pool, held("orders", "rate_counts"):
        key = defer(db.session, "jobs.clean_up")
        db.session.commit()
        assert wait_for(lambda: status(key) == "doing", 8)
        slow = pool.submit(rep.post, web.url, "/orders/new", form)
        assert wait_for(lambda: is_waited_for("orders"), 5)
        web.process.send_signal(signal.SIGTERM)
        assert wait_for(lambda: is_closed(web), 5), "new connections are refused"
        assert web.process.poll() is None
        assert not slow.done()
    assert slow.result().status == 303
    assert web.process.wait(LEAST) == 0
    assert wait_for(lambda: status(key) == "succeeded", 5)


def the_worker_line_hands_back_what_it_cannot_finish(house: House) -> None:
    env = house.env | {"STOP_SECONDS": "1"}
    with running(env, house.folder, LINES["worker"], path="") as worker:
        with held("rate_counts"):
            key = defer(db.session, "jobs.clean_up")
            db.session.commit()
            assert wait_for(lambda: status(key) == "doing", 20)
            worker.process.send_signal(signal.SIGTERM)
            assert worker.process.wait(LEAST) == 0
        assert "is handed back" in worker.out.read_text()
    assert status(key) == "doing"
    assert take_up_again(db.session) == 1
    db.session.commit()
    assert status(key) == "todo"


def status(key: int) -> str:
    """Return how a job stands."""
    db.session.rollback()
    found = jobs.job(db.session, key)
    assert found is not None
    return found.status


@contextmanager
def held(*tables: str) -> Iterator[None]:
    """Hold tables, so that whoever writes to them is under way for as long."""
    with db.engine.begin() as connection:
        for table in tables:
            connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield


def is_waited_for(table: str) -> bool:
    """Tell whether somebody waits for a table."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass(:table)"
    db.session.rollback()
    return bool(db.session.scalar(text(query), {"table": table}))


def is_closed(web: Running) -> bool:
    """Tell whether new connections are refused."""
    try:
        ask(web.url, "GET", "/api/health", patience=2)
    except ConnectionRefusedError:
        return True
    except OSError:
        pass
    return False
