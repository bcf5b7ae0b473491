"""The test bench: one real PostgreSQL, a database per worker, emptied after each test."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.cast import Cast, add_cast
from tests.databases import own_database
from tests.drafts import draft, placed  # noqa: F401 - fixtures
from tests.rows import Snapshot, empty
from tests.visitor import Visitor
from wholesale import create_app, postgres
from wholesale.access.seed import seed_permissions
from wholesale.config import ROOT, Settings, _driver_url
from wholesale.extensions import db
from wholesale.jobs.models import JobStatus
from wholesale.jobs.queries import counts
from wholesale.jobs.worker import work as do_jobs
from wholesale.quotes import press

Work = Callable[[], int]


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL on which databases may be made: ``DATABASE_URL``'s, or the project's own."""
    given = _driver_url(os.environ.get("DATABASE_URL"))
    if given:
        yield given
        return
    server = postgres.ensure_running(ROOT / "instance" / "test-postgres", durable=False)
    yield server.url("postgres")
    postgres.stop_if_idle(server)


@pytest.fixture(scope="session")
def database_url(server_url: str, worker_id: str) -> Iterator[str]:
    """An empty database of this worker's own."""
    with own_database(server_url, worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def application(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database with permissions seeded."""
    settings = Settings(
        app_env="test",
        database_url=database_url,
        session_secret="a secret for tests only",
        instance_path=tmp_path_factory.mktemp("instance"),
        slow_request_ms=0,  # tests count lines, and this machine may be busy
        slow_query_ms=0,
    )
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        seed_permissions(db.session)
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def engine(application: Flask) -> Engine:
    """The application's own connection pool."""
    with application.app_context():
        return db.engine


@pytest.fixture
def app(application: Flask, engine: Engine) -> Iterator[Flask]:
    """The application on an empty database: what a test wrote is deleted after it."""
    yield application
    press.wait()
    empty(engine)


@pytest.fixture
def session(app: Flask, engine: Engine) -> Iterator[Session]:
    """A database session of the test's own; the application sees what it commits."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def work(app: Flask, session: Session) -> Callable[[], int]:
    """Return a call that does every job that is due, and returns how many were done."""

    def do() -> int:
        session.rollback()
        before = counts(session)[JobStatus.SUCCEEDED]
        session.rollback()
        with ThreadPoolExecutor() as beside:  # a browser's own loop may run in this thread
            beside.submit(do_jobs, app, wait=False, comes_by_itself=False).result()
        return counts(session)[JobStatus.SUCCEEDED] - before

    return do


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture(scope="session")
def cast_once(application: Flask, engine: Engine) -> tuple[Cast, Snapshot]:
    """The cast as it was written the first time."""
    with Session(engine) as session:
        cast = add_cast(session)
        snapshot = Snapshot(session.connection(), "cast")
        session.commit()
    empty(engine)
    return cast, snapshot


@pytest.fixture
def cast(cast_once: tuple[Cast, Snapshot], session: Session, engine: Engine) -> Cast:
    """People of each role, two customers and a jersey in three colours."""
    cast, snapshot = cast_once
    with engine.begin() as connection:
        snapshot.put_back(connection)
    return deepcopy(cast)


@pytest.fixture
def visit(app: Flask, session: Session, cast: Cast) -> Callable[[str], Visitor]:
    """Return a visitor signed in as one of the cast: ``visit("sales")``."""
    return lambda who: Visitor(app, session).signed_in(cast.users[who])


@pytest.fixture
def rep(visit: Callable[[str], Visitor]) -> Visitor:
    """The sales rep at a browser."""
    return visit("sales")


class Statements:
    """Counts the SQL statements run while it is open."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "Statements":
        event.listen(Engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.count += 1


@pytest.fixture
def statements() -> Statements:
    """A counter of SQL statements: ``with statements: …; statements.count``."""
    return Statements()
