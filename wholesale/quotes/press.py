"""Makes PDFs beside the requests: one thread of this process, one document at a time."""

import threading
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import Connection, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from wholesale.extensions import db
from wholesale.quotes.documents import pdf_from
from wholesale.quotes.models import QuoteDocument
from wholesale.read_only import let_write

log = structlog.get_logger("documents")
PRESS_LOCK = 0x9DF
Job = tuple[Flask, str, dict[str, Any]]
_jobs: dict[str, Job] = {}  # by hash, in their order; the first is being made
_guard = threading.Lock()
_thread: threading.Thread | None = None


def begin_pdf(app: Flask, content: dict[str, Any], content_hash: str) -> None:
    """Have the PDF of ``content`` made and kept; one that is being made is not begun again."""
    global _thread  # noqa: PLW0603 - there is one press
    with _guard:
        if content_hash in _jobs:
            return
        _jobs[content_hash] = (app, content_hash, content)
        if len(_jobs) == 1:
            # A daemon: a server that stops does not wait, the next request begins anew.
            _thread = threading.Thread(target=_work, args=(_jobs[content_hash],), daemon=True)
            _thread.start()


def wait() -> None:
    """Wait until all PDFs that were begun are made."""
    with _guard:
        thread = _thread
    if thread is not None:
        thread.join()


def _work(job: Job | None) -> None:
    while job is not None:
        try:
            _make(*job)
        except Exception as error:
            log.exception("PDF failed", content_hash=job[1], error=type(error).__name__)
        job = _next_after(job)


def _next_after(job: Job) -> Job | None:
    with _guard:
        _jobs.pop(job[1])
        return next(iter(_jobs.values()), None)


def _make(app: Flask, content_hash: str, content: dict[str, Any]) -> None:
    # What it writes is a copy of what is there: it is made while nobody may write, too.
    with app.app_context(), let_write(), db.engine.connect() as pooled:
        connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closing it ends the session, and the lock with it
        if _is_mine(connection, content_hash):
            made = {"content_hash": content_hash, "pdf": pdf_from(content)}
            connection.execute(insert(QuoteDocument).values(made).on_conflict_do_nothing())


def _is_mine(connection: Connection, content_hash: str) -> bool:
    """Tell whether the PDF is to be made here: no process has made it, none is at it."""
    key = int.from_bytes(bytes.fromhex(content_hash[:8]), signed=True)
    if not connection.scalar(select(func.pg_try_advisory_lock(PRESS_LOCK, key))):
        return False
    kept = select(exists().where(QuoteDocument.content_hash == content_hash))
    return not connection.scalar(kept)
