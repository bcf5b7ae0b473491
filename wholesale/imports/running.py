"""Runs in the background: a thread of this process, seen from all of them by a lock it holds."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from flask import Flask
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.actor import Acting, acting, set_acting
from wholesale.audit.recording import note
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.imports.kinds import KINDS, may_import
from wholesale.imports.models import RUNNING, Import, ImportStatus
from wholesale.imports.operations import IMPORT_LOCK
from wholesale.imports.report import ImportRefused
from wholesale.imports.runs import run, take_time
from wholesale.imports.undo import undo

log = structlog.get_logger("imports")
RUN_LOCK = 0x1178
MOST_AT_ONCE = 2
SECONDS_BETWEEN = 0.3
_ALIVE = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE l.locktype = 'advisory' AND l.classid = :lock AND l.objid = :key AND l.objsubid = 2"
    " AND l.granted AND d.datname = current_database())"
)
_threads: list[threading.Thread] = []


class Claim:
    """The right to run one import, held by a connection of its own until that closes."""

    def __init__(self, connection: Connection, key: int) -> None:
        self._connection, self.key = connection, key
        self._told = 0.0

    def start(self, app: Flask, acting: Acting) -> None:
        """Begin the run that the import's status asks for; the claim ends with it."""
        _threads[:] = [thread for thread in _threads if thread.is_alive()]
        thread = threading.Thread(target=_work, args=(app, self, acting), daemon=True)
        _threads.append(thread)
        thread.start()

    def release(self) -> None:
        """Let another one run it: at once, not when the server has noticed the hanging up."""
        with suppress(SQLAlchemyError):
            self._connection.execute(select(func.pg_advisory_unlock_all()))
        self._connection.close()

    def be_alone(self) -> None:
        """Wait until no other import runs, on this connection, which is none of the pool's."""
        self._connection.execute(text("SET statement_timeout = 0"))
        self._connection.execute(text("SET lock_timeout = 0"))
        self._connection.execute(select(func.pg_advisory_lock(IMPORT_LOCK)))
        self._connection.execute(text("RESET statement_timeout"))
        self._connection.execute(text("RESET lock_timeout"))

    @property
    def stage(self) -> ImportStatus:
        """What the import is about to do."""
        query = select(Import.status).where(Import.id == self.key)
        return ImportStatus(self._connection.execute(query).scalar_one())

    def tell(self, fraction: float, rows: int) -> None:
        """Say how far the run is, at most a few times a second."""
        if time.monotonic() - self._told > SECONDS_BETWEEN:
            self._told = time.monotonic()
            self.set(progress=min(100, int(fraction * 100)), rows_done=rows)

    def set(self, **values: object) -> None:
        """Write to the import at once, whatever becomes of the run."""
        statement = update(Import).where(Import.id == self.key).values(**values)
        self._connection.execute(statement)


def claim(key: int) -> Claim | None:
    """Return the right to run the import, or None while another run of it is alive."""
    connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()  # closing it ends the session, and the lock with it
    if connection.scalar(select(func.pg_try_advisory_lock(RUN_LOCK, key))):
        return Claim(connection, key)
    connection.close()
    return None


def is_alive(session: Session, key: int) -> bool:
    """Tell whether any process runs the import at the moment."""
    return bool(session.scalar(_ALIVE, {"lock": RUN_LOCK, "key": key}))


def refuse_too_many(session: Session, imported: Import) -> None:
    """Raise DomainError when the person's other imports keep the server busy enough."""
    others = select(Import.id).where(
        Import.user_id == imported.user_id, Import.id != imported.id, Import.status.in_(RUNNING)
    )
    if sum(is_alive(session, key) for key in session.scalars(others).all()) >= MOST_AT_ONCE:
        raise DomainError("Two imports are running already. Wait until one of them has ended.")


def wait() -> None:
    """Wait until the runs of this process have ended."""
    for thread in list(_threads):
        thread.join()


def _work(app: Flask, claim: Claim, acting: Acting) -> None:
    try:
        with app.app_context():
            set_acting(acting)
            _guarded(claim)
    finally:
        claim.release()


def _guarded(claim: Claim) -> None:
    """Run, and say in words why a run failed; a killed one leaves only its status behind."""
    # What was to be undone stands as before when that fails.
    failed = ImportStatus.FAILED
    try:
        if claim.stage is ImportStatus.UNDOING:
            failed = ImportStatus.LOADED
        claim.be_alone()
        with Session(db.engine, expire_on_commit=False) as session, session.begin():
            take_time(session)
            imported = session.get_one(Import, claim.key)
            _RUNS[imported.stage](session, imported, claim)
    except ImportRefused as refusal:
        reasons = "\n".join(str(problem) for problem in refusal.problems)
        claim.set(status=failed, message=reasons)
    except DomainError as refusal:
        claim.set(status=failed, message=refusal.message)
    except Exception as error:
        log.exception("import failed", key=claim.key, error=type(error).__name__)
        message = "Something went wrong, and nothing was written. Try again."
        claim.set(status=failed, message=message)


def _actor(session: Session, imported: Import) -> User:
    """Return who imports, with the permissions of now. Raises DomainError when they are gone."""
    return _allowed(session.get_one(User, imported.user_id), imported)


def _allowed(actor: User, imported: Import) -> User:
    if not actor.is_active or not may_import(actor, KINDS[imported.kind]):
        raise DomainError("The permission to import this is gone.")
    return actor


def _check(session: Session, imported: Import, claim: Claim) -> None:
    run(session, imported, _actor(session, imported), claim.tell, keep=False)
    imported.status, imported.message = ImportStatus.CHECKED, ""


def _load(session: Session, imported: Import, claim: Claim) -> None:
    kept = run(session, imported, _actor(session, imported), claim.tell, keep=True)
    if not kept:
        imported.status = ImportStatus.CHECKED
        imported.message = "Nothing was imported: rows are wrong, and all or nothing was chosen."
        return
    imported.status, imported.message = ImportStatus.LOADED, ""
    imported.loaded_at = datetime.now(UTC)
    told = {"kind": imported.kind, "file": imported.filename, **imported.counts}
    note(session, "imported", "imports", imported.id, **told)


def _undo(session: Session, imported: Import, _: Claim) -> None:
    """Undo by the rights of who asks for it: perhaps another one than who imported."""
    who = session.get_one(User, acting().user_id or imported.user_id)
    undo(session, imported.id, _allowed(who, imported))
    imported.status, imported.message = ImportStatus.UNDONE, ""
    note(session, "undid", "imports", imported.id, kind=imported.kind, file=imported.filename)


_RUNS: dict[ImportStatus, Callable[[Session, Import, Claim], None]] = {
    ImportStatus.CHECKING: _check,
    ImportStatus.LOADING: _load,
    ImportStatus.UNDOING: _undo,
}
