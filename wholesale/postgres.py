"""A private PostgreSQL for development and tests: one server per data directory, found or started.

Who holds what, all by flock, so that the kernel lets go whatever way a process ends:
`<data>.lock` while starting or stopping, `<data>.users` (shared) by each process that uses the
server, and PG_VERSION inside the data directory by the server itself for as long as it lives.
"""

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from wholesale import postgres_launch as launch
from wholesale.postgres_launch import PORT, SUPERUSER, EmbeddedPostgresError, binary

__all__ = ["EmbeddedPostgresError", "Server", "binary", "ensure_running", "stop", "stop_if_idle"]

OWNER = "wholesale"
PATIENCE = 60  # seconds; recovery after a power cut takes its time

_users: dict[Path, int] = {}


@dataclass(frozen=True)
class Server:
    """A running server; `started_here` is False when it was already there."""

    data_dir: Path
    socket_dir: Path
    started_here: bool

    def url(self, database: str, *, driver: str = "postgresql+psycopg") -> str:
        """Return the address of `database` for SQLAlchemy; `driver="postgresql"` for libpq."""
        host = quote(str(self.socket_dir))
        return f"{driver}://{OWNER}@/{quote(database)}?host={host}&port={PORT}"

    def create_database(self, name: str) -> None:
        """Create the database `name` unless it is there; safe when several processes ask."""
        with _connect(self.socket_dir, OWNER) as connection:
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(query, [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def ensure_running(data_dir: Path, *, durable: bool = True) -> Server:
    """Start the server of `data_dir`, or join the one that runs, and return it.

    Sets the data directory up first when it is missing. `durable=False` trades safety in a
    power cut for speed and is meant for tests; it changes nothing in a server that runs already.
    Raises EmbeddedPostgresError, with the end of the server's log, when that fails.
    """
    data_dir = Path(os.path.abspath(data_dir))
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with _exclusive(data_dir) as lock:
            _join_users(data_dir)
            socket_dir = _await_server(data_dir)
            if socket_dir:
                return Server(data_dir, socket_dir, started_here=False)
            return Server(data_dir, _start(data_dir, durable, lock), started_here=True)
    except PermissionError as error:
        place = error.filename or data_dir
        raise EmbeddedPostgresError(f"{place} is closed to this user; who made it?") from error


def stop(server: Server | Path) -> None:
    """Stop the server, given itself or its data directory; harmless when none runs.

    Whoever is connected is cut off. Raises EmbeddedPostgresError when it does not end.
    """
    data_dir = server.data_dir if isinstance(server, Server) else Path(os.path.abspath(server))
    with _exclusive(data_dir):
        _shut_down(data_dir)
        _leave_users(data_dir)


def stop_if_idle(server: Server) -> bool:
    """Stop the server unless another process or any connection uses it; return whether it did.

    To be called at exit, after this process has closed its own connections.
    """
    with _exclusive(server.data_dir):
        idle = _is_last_user(server.data_dir) and _goes_quiet(server.socket_dir)
        if idle:
            _shut_down(server.data_dir)
        _leave_users(server.data_dir)
        return idle


@contextmanager
def _exclusive(data_dir: Path) -> Iterator[int]:
    lock = _open_lock(launch.sibling(data_dir, ".lock"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _join_users(data_dir: Path) -> None:
    if data_dir not in _users:
        _users[data_dir] = _open_lock(launch.sibling(data_dir, ".users"))
    fcntl.flock(_users[data_dir], fcntl.LOCK_SH)


def _leave_users(data_dir: Path) -> None:
    if data_dir in _users:
        os.close(_users.pop(data_dir))


def _is_last_user(data_dir: Path) -> bool:
    _join_users(data_dir)
    return _try_lock(_users[data_dir], fcntl.LOCK_EX)


def _try_lock(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(data_dir: Path, durable: bool, lock: int) -> Path:
    account = launch.account_for(data_dir)
    if not (data_dir / "PG_VERSION").exists():
        launch.initialise(data_dir, account, durable, lock)
    elif data_dir.stat().st_uid != account.uid:
        launch.hand_over(data_dir, account)  # root copied it
    socket_dir = launch.socket_dir_for(data_dir, account)
    # Nobody holds PG_VERSION, so whatever process the file names, it is not this server.
    (data_dir / "postmaster.pid").unlink(missing_ok=True)
    log, size = launch.open_log(data_dir)
    launch.spawn(data_dir, socket_dir, account, durable, log)
    if _await_server(data_dir) is None:
        shutil.rmtree(socket_dir, ignore_errors=True)
        tail = log.read_bytes()[size:].decode(errors="replace").splitlines()[-20:]
        raise EmbeddedPostgresError("\n".join(["PostgreSQL did not start:", *tail]))
    return socket_dir


def _await_server(data_dir: Path) -> Path | None:
    """Return the socket directory once the server answers, or None when no server lives."""
    deadline = time.monotonic() + PATIENCE
    while _lives(data_dir):
        record = launch.read_record(data_dir)
        if len(record) > 7 and record[7].strip() == "ready":
            socket_dir = Path(record[4])
            if _answers(socket_dir):
                return socket_dir
            if not socket_dir.exists():  # somebody tidied the temporary folder
                _shut_down(data_dir)
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"PostgreSQL in {data_dir} runs but does not answer")
        time.sleep(0.005)
    return None


def _lives(data_dir: Path) -> bool:
    try:
        mark = os.open(data_dir / "PG_VERSION", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(mark, fcntl.LOCK_SH)
    finally:
        os.close(mark)


def _answers(socket_dir: Path) -> bool:
    try:
        with _connect(socket_dir, SUPERUSER) as connection:
            query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
            if not connection.execute(query, [OWNER]).fetchone():
                role = sql.Identifier(OWNER)
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
    except psycopg.OperationalError:
        return False
    return True


def _connect(socket_dir: Path, user: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_dir),
        port=PORT,
        user=user,
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def _goes_quiet(socket_dir: Path) -> bool:
    """Return whether no connection but ours is left; one just closed takes a moment to go."""
    query = """SELECT count(*) FROM pg_stat_activity
               WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
    with suppress(psycopg.OperationalError), _connect(socket_dir, SUPERUSER) as connection:
        for _ in range(20):
            if connection.execute(query).fetchone() == (0,):
                return True
            time.sleep(0.02)
    return False


def _shut_down(data_dir: Path) -> None:
    record = launch.read_record(data_dir)
    if record and _lives(data_dir):
        with suppress(OSError):
            # PG_VERSION shows that a server lives; a file from another machine may misname it.
            if Path(f"/proc/{record[0]}/comm").read_text().strip() == "postgres":
                os.kill(int(record[0]), signal.SIGINT)  # PostgreSQL's fast shutdown
    deadline = time.monotonic() + PATIENCE
    while _lives(data_dir):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"PostgreSQL in {data_dir} does not stop")
        time.sleep(0.005)
    if len(record) > 4 and Path(record[4]).name.startswith(launch.SOCKET_PREFIX):
        shutil.rmtree(record[4], ignore_errors=True)
