"""Logs: one line each with the request id; errors on stderr, the rest on stdout."""

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.wrappers import Response

from wholesale.web.vitals import VITALS

ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
access_log = structlog.get_logger("access")


class _Stdout(logging.StreamHandler):
    """Writes lines below error to whatever stdout is at the moment."""

    stream = property(lambda self: sys.stdout, lambda self, value: None)

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno < logging.ERROR


class _Stderr(logging.StreamHandler):
    """Writes errors to whatever stderr is at the moment."""

    stream = property(lambda self: sys.stderr, lambda self, value: None)


def configure() -> None:
    """Send log lines below error to stdout and errors to stderr, each as one line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
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
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


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
            access_log.info(
                "request",
                method=request.method,
                path=shown_path(),
                route=request.endpoint,
                status=response.status_code,
                ms=took,
                statements=g.get("statements", 0),
                user=g.get("user_id"),
                address=request.remote_addr,
            )
        return response


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
def _count_statement(*_: Any) -> None:
    """Count the statements of the request, for its access line and the tests."""
    if g:
        g.statements = g.get("statements", 0) + 1
