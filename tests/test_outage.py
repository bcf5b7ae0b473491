"""PostgreSQL goes away under load and comes back: nothing hangs, is lost or is done twice."""

import json
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from tests.cast import add_cast
from tests.processes import SECRET, Answer, Person, Running, person, running, wait_for
from wholesale import create_app, postgres
from wholesale.access.seed import seed_permissions
from wholesale.audit.models import AuditEntry
from wholesale.config import ROOT, Settings
from wholesale.extensions import db
from wholesale.jobs import queries as jobs
from wholesale.jobs.models import JobStatus
from wholesale.jobs.queue import defer
from wholesale.orders.models import Order
from wholesale.serve import THREADS

PEOPLE = 12
LONGEST = 10  # seconds that a request may take, come what may
BACK = 15  # seconds after which all is as before once the database is there
PAGES = ("/orders", "/organizations", "/", "/search?q=wolv", "/products/JRS-1")
AWAY = {"status": "unavailable", "database": "disconnected"}


class Postgres:
    """A server of this test's own behind an address that stays, as a real one's does."""

    def __init__(self, folder: Path) -> None:
        self.data, self.door = folder / "data", folder / "door"
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://wholesale@/shop?host={self.door}&port=5432"

    def start(self) -> None:
        server = postgres.ensure_running(self.data, durable=True)
        self.door.unlink(missing_ok=True)
        self.door.symlink_to(server.socket_dir)
        server.create_database("shop")

    def stop(self) -> None:
        """The fast shutdown: whoever is connected is told, and cut off."""
        postgres.stop(self.data)

    def kill(self) -> None:
        """Kill every process of the server at once, as a machine that fails does."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: not _answers(self.door), 10)


def _answers(door: Path) -> bool:
    with suppress(psycopg.OperationalError):
        psycopg.connect(host=str(door), user="wholesale", dbname="shop").close()
        return True
    return False


@pytest.fixture
def house() -> Iterator[Postgres]:
    """The database, in a folder with a short name: a socket's path may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="outage-"))
    folder.chmod(0o755)
    own = Postgres(folder)
    yield own
    own.stop()
    shutil.rmtree(folder)


@pytest.fixture
def shop(house: Postgres) -> Iterator[Flask]:
    """The application in this process, to look at what the server has written."""
    settings = Settings(app_env="test", database_url=house.url, session_secret=SECRET)
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        seed_permissions(db.session)
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@dataclass
class Crowd:
    """People who read and write without a break; what they were told is kept."""

    url: str
    people: list[Person]
    customer: int
    answers: list[Answer] = field(default_factory=list)
    done: list[str] = field(default_factory=list)  # the keys of the writes said to be done
    refused: set[str] = field(default_factory=set)  # of those, which were refused at first
    cut: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Crowd":
        self.threads = [threading.Thread(target=self.work, args=(p,)) for p in self.people]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def work(self, who: Person) -> None:
        """Open a page and begin an order, in turns."""
        place = self.people.index(who)
        while not self.stopping.is_set():
            self.noted(who.get, PAGES[place % len(PAGES)])
            self.begin_order(who, str(uuid4()))
            place += 1

    def begin_order(self, who: Person, key: str) -> None:
        """Send a form, as it was, until it is done; somebody gives up after half a minute."""
        form = {"organization_id": self.customer, "key": key}
        for _ in range(300):
            answer = self.noted(who.post, "/orders/new", form)
            if answer and answer.status == 303:
                self.done.append(key)
                return
            self.refused.add(key)
            time.sleep(0.1)

    def noted(self, send: Callable[..., Answer], *words: object) -> Answer | None:
        try:
            answer = send(self.url, *words)
        except (OSError, HTTPException) as error:
            self.cut.append(repr(error))
            return None
        self.answers.append(answer)
        return answer


def ready(server: Running) -> Answer:
    return server.get("/api/ready")


def job_is_done(shop: Flask) -> bool:
    """Ask for a job, and tell whether it is done soon."""
    key = defer(db.session, "jobs.clean_up")
    db.session.commit()

    def is_done() -> bool:
        db.session.rollback()
        found = jobs.job(db.session, key)
        return found is not None and found.status == "succeeded"

    return wait_for(is_done, BACK)


def let_go() -> None:
    """Close what this process holds itself."""
    db.session.remove()
    db.engine.dispose()


def test_the_database_is_shut_down_and_killed_under_load_and_comes_back(
    house: Postgres, shop: Flask, tmp_path: Path
):
    cast = add_cast(db.session)
    env = dict(os.environ) | {"DATABASE_URL": house.url, "SESSION_SECRET": SECRET, "DEMO": "0"}
    people = [person(shop, db.session, cast.users["sales"]) for _ in range(PEOPLE)]
    with running(env | {"INSTANCE_PATH": str(tmp_path / "instance")}, tmp_path) as server:
        crowd = Crowd(server.url, people, cast.organization)
        with crowd:
            for end in (house.stop, house.kill):
                time.sleep(0.5)
                let_go()
                end()
                away(server)
                house.start()
                assert wait_for(lambda: ready(server).status == 200, BACK)
                assert json.loads(ready(server).text) == {"status": "ok", "database": "connected"}
                assert job_is_done(shop), "the worker did not come back"
        pages_say_that_it_is_away_in_a_friendly_way_and_how_long_to_wait(crowd)
        nothing_else_goes_wrong(crowd)
        nobody_waits_long(crowd)
        what_was_said_to_be_done_is_there_once_however_often_it_was_sent(crowd)
        every_thread_of_the_server_answers_afterwards(crowd)
        no_job_is_left_with_a_worker_that_is_no_more()
        assert server.process.poll() is None, "it was the same process all the time"


def away(server: Running) -> None:
    """Look at the health checks for as long as the database is away."""
    for _ in range(3):
        answer = ready(server)
        assert (answer.status, json.loads(answer.text)) == (503, AWAY)
        assert server.get("/api/health").status == 200
        time.sleep(0.2)


def pages_say_that_it_is_away_in_a_friendly_way_and_how_long_to_wait(crowd: Crowd) -> None:
    refusals = [answer for answer in crowd.answers if answer.status == 503]
    assert len(refusals) > PEOPLE
    for answer in refusals:
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["X-Request-ID"] in answer.text
        assert "Briefly unavailable" in answer.text


def nothing_else_goes_wrong(crowd: Crowd) -> None:
    assert {answer.status for answer in crowd.answers} == {200, 303, 503}
    assert all(answer.headers["X-Request-ID"] for answer in crowd.answers)
    assert crowd.cut == []


def nobody_waits_long(crowd: Crowd) -> None:
    assert max(answer.seconds for answer in crowd.answers) < LONGEST


def what_was_said_to_be_done_is_there_once_however_often_it_was_sent(crowd: Crowd) -> None:
    db.session.rollback()
    kept = [str(key) for key in db.session.scalars(select(Order.entry_key))]
    assert crowd.refused & set(crowd.done), "some writes were refused at first"
    assert sorted(kept) == sorted(crowd.done)
    made = select(func.count()).where(AuditEntry.entity == "orders", AuditEntry.action == "created")
    assert db.session.scalar(made) == len(kept), "the trail tells of each once"


def every_thread_of_the_server_answers_afterwards(crowd: Crowd) -> None:
    with ThreadPoolExecutor(2 * THREADS) as pool:
        asked = [pool.submit(crowd.people[0].get, crowd.url, "/orders") for _ in range(40)]
    assert {answer.result().status for answer in asked} == {200}


def no_job_is_left_with_a_worker_that_is_no_more() -> None:
    def none_is_left() -> bool:
        db.session.rollback()
        found = jobs.counts(db.session)
        return not found[JobStatus.DOING] and not found[JobStatus.FAILED]

    assert wait_for(none_is_left, BACK)
