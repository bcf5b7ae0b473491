"""Logs: one line each with the request id; errors on stderr, the rest on stdout."""

import logging
import re
import secrets
import sys
import threading
import time
from typing import Any

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.wrappers import Response

from wholesale.web.reports import REPORTER
from wholesale.web.scrubbing import made_safe
from wholesale.web.vitals import VITALS

LONGEST = 1000  # characters of a statement that are shown
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
access_log = structlog.get_logger("access")
database_log = structlog.get_logger("database")


class _OneLine(logging.StreamHandler):
    """A handler whose own trouble is one line, too."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        error = sys.exc_info()[1]
        sys.stderr.write(f"level=error logger=logs event={type(error).__name__} of={record.name}\n")


class _Stdout(_OneLine):
    """Writes lines below error to whatever stdout is at the moment."""

    stream = property(lambda self: sys.stdout, lambda self, value: None)

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno < logging.ERROR


class _Stderr(_OneLine):
    """Writes errors to whatever stderr is at the moment."""

    stream = property(lambda self: sys.stderr, lambda self, value: None)


def configure() -> None:
    """Send log lines below error to stdout and errors to stderr, each as one line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        REPORTER.hear,
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            made_safe,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False
            ),
        ],
        foreign_pre_chain=shared,
    )
    normal, failed = _Stdout(), _Stderr()
    failed.setLevel(logging.ERROR)
    for handler in (normal, failed):
        handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [normal, failed]
    root.setLevel(logging.INFO)
    for quiet in ("alembic", "waitress.queue", "werkzeug", "procrastinate"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    # Its lines show what was typed for the account, a password perhaps; ours come instead.
    logging.getLogger("flask-limiter").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def take_the_rest() -> None:
    """Make lines of what else a process would print: warnings, and what nobody has caught."""
    logging.captureWarnings(True)
    rest = logging.getLogger("process")

    def died(kind: type[BaseException], error: BaseException | None, stack: Any) -> None:
        if error is not None and not issubclass(kind, KeyboardInterrupt):
            rest.error("unexpected error", exc_info=(kind, error, stack))

    sys.excepthook = died
    threading.excepthook = lambda told: died(told.exc_type, told.exc_value, told.exc_traceback)


def all_to_stderr() -> None:
    """Send every line to stderr: what a command prints is its own, to be read by machines."""
    root = logging.getLogger()
    failed = root.handlers[-1]
    failed.setLevel(logging.NOTSET)
    root.handlers[:] = [failed]


def init_app(app: Flask) -> None:
    """Give every request an id, count its statements, and write its access line."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if ACCEPTED_ID.fullmatch(given) else secrets.token_hex(6)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint != "static":
            took = round((time.perf_counter() - g.started) * 1000, 1)
            VITALS.note(response.status_code, took)
            _tell(response.status_code, took)
        return response


def _tell(status: int, took: float) -> None:
    """Write the access line of a request, and another one when it was slow."""
    told: dict[str, Any] = {
        "method": request.method,
        "path": shown_path(),
        "route": request.endpoint,
    }
    told |= {"status": status, "ms": took, "statements": g.get("statements", 0)}
    told |= {"user": g.get("user_id"), "address": request.remote_addr}
    access_log.info("request", **told)
    if 0 < current_app.config["SLOW_REQUEST_MS"] < took:
        access_log.warning("Slow request", **told)


def shown_path() -> str:
    """Return the request's path for a log line: one line of it, and no one-time token."""
    if request.url_rule is not None and "token" in (request.view_args or {}):
        return request.url_rule.rule
    for rule in current_app.url_map.iter_rules() if request.url_rule is None else ():
        if "token" in rule.arguments and request.path.startswith(rule.rule.partition("<")[0]):
            return rule.rule  # no route was found, and yet it may hold a token
    return "".join(c if c.isprintable() else "?" for c in request.path)


def in_short(error: BaseException) -> str:
    """Return what an error says, the database's own words for its errors, as one short line."""
    return " ".join(str(getattr(error, "orig", None) or error).split())[:300]


@event.listens_for(Engine, "before_cursor_execute")
def _begin_statement(*_: Any) -> None:
    """Count the statements of the request, for its access line and the tests."""
    if g:
        g.statements = g.get("statements", 0) + 1
        g.statement_began = time.perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _end_statement(_: Any, __: Any, statement: str, *___: Any) -> None:
    """Name a statement of a request or a job that was slow; a command may take its time."""
    began = g.pop("statement_began", None) if g else None
    if began is None:
        return
    took = (time.perf_counter() - began) * 1000
    slow = 0 < current_app.config["SLOW_QUERY_MS"] < took
    if slow and structlog.contextvars.get_contextvars():
        words = " ".join(statement.split())[:LONGEST]
        database_log.warning("Slow query", ms=round(took, 1), statement=words)
