"""Every refusal and failure as a page, as a toast for htmx, or as JSON for machines."""

import json
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from flask import Flask, flash, g, jsonify, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.read_only import is_refusal
from wholesale.web.again import kept
from wholesale.web.limits import seconds_to_wait
from wholesale.web.logs import in_short, shown_path
from wholesale.web.pages import toasts, wants_fragment

log = structlog.get_logger("errors")

# status → (title, what is safe and what to do)
WORDS = {
    400: ("That request could not be read", "Nothing was changed. Go back and try again."),
    401: ("Please sign in", "Your session has ended. Sign in and you come back to this page."),
    403: ("Not permitted", "Nothing was changed. Ask an administrator if you need this."),
    404: ("Not found", "There is nothing at this address that you may see."),
    405: ("Not possible here", "This address does not take that kind of request."),
    409: ("Not saved", "Something changed meanwhile or a rule stands against it."),
    413: ("Too large", "Nothing was saved. Send less at once."),
    422: ("Please check what you entered", "Nothing was changed."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("Something went wrong", "Nothing was saved. Try again; if it stays, report the number."),
    503: ("Briefly unavailable", "Nothing was lost. Try again in a moment."),
}
CSRF = "csrf"
RETRY_AFTER = "5"


def init_app(app: Flask) -> None:
    """Register the answers to all errors on ``app``."""
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(IntegrityError, _contradiction)
    app.register_error_handler(SQLAlchemyError, _database_error)
    app.register_error_handler(psycopg.OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def error_answer(status: int, message: str = "", code: str = "") -> Response:
    """Answer with ``status`` in the form the client reads: page, toast or JSON."""
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        body = {"error": code or _code(title), "message": message or title}
        answer = make_response(jsonify(body | {"request_id": g.request_id}), status)
    elif wants_fragment():
        flash(f"{title}. {message or advice} ({g.request_id})", "bad")
        answer = make_response(toasts(), status)
        answer.headers["HX-Reswap"] = "none"
        answer.headers["HX-Push-Url"] = "false"
    else:
        words = {"status": status, "title": title, "message": message, "advice": advice}
        words["kept"] = (
            kept(may_send=status == 503) if status in (401, 503) or code == CSRF else None
        )
        answer = make_response(render_template("shell/error.html", **words), status)
    if status in (429, 503):
        answer.headers.setdefault("Retry-After", RETRY_AFTER)
    return answer


def _http_error(error: HTTPException) -> Any:
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # raised outside the view: while its answer was sent, say
        return (_database_error if isinstance(cause, SQLAlchemyError) else _unexpected)(cause)
    if error.code is None or error.code < 400:
        return error
    if error.code == 429:
        log.warning("Rate limit exceeded", limit=str(error.description), path=shown_path())
        error.retry_after = seconds_to_wait()  # type: ignore[attr-defined]
    answer = error_answer(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _csrf_failed(error: CSRFError) -> Response:
    log.warning("[CSRF] Token validation failed", reason=error.description)
    if wants_fragment() and current_user.is_authenticated:
        # Signed in anew in another tab: the page takes the new token and tries again.
        answer = make_response("", 400)
        answer.headers["HX-Reswap"] = "none"
        answer.headers["HX-Trigger"] = json.dumps(
            {"signed-in": {"csrf": generate_csrf(), "user": current_user.id}}
        )
        return answer
    return error_answer(400, "The page was open too long. Reload it and try again.", CSRF)


def _domain_error(error: DomainError) -> Response:
    db.session.rollback()
    return error_answer(error.status, error.message, error.code)


def _stale(error: StaleDataError) -> Response:
    db.session.rollback()
    return error_answer(409, "Somebody saved this record after you opened it.", "stale")


def _unreadable(error: DataError) -> Response:
    """A value that the database cannot hold: a NUL byte, a number or day out of its range."""
    db.session.rollback()
    log.warning("unreadable value", reason=str(error.orig).splitlines()[0][:200])
    return error_answer(400, "A value is too large or has characters that cannot be kept.")


def _contradiction(error: IntegrityError) -> Response:
    """A rule of the database refused the change, though ours had let it through."""
    db.session.rollback()
    log.error("Query Failed", error=type(error).__name__, exc_info=error)
    return error_answer(409, "It contradicts another record.", "contradiction")


def _database_error(error: SQLAlchemyError | psycopg.OperationalError) -> Response:
    """The database failed or is away; bare, when it could not be asked whether one may write."""
    _let_go()
    if is_refusal(error):
        return error_answer(503, "The data cannot be changed for the time being.", "maintenance")
    away = isinstance(error, OperationalError | TimeoutError | psycopg.OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
    # Where it is away, a thousand equal stacks would hide the reason.
    told = {"reason": in_short(error)} if away else {"exc_info": error}
    log.error("Query Failed", error=type(error).__name__, **told)
    return error_answer(503 if away else 500, code="database")


def _unexpected(error: Exception) -> Response:
    _let_go()
    log.error("unexpected error", error=type(error).__name__, exc_info=error)
    return error_answer(500)


def _let_go() -> None:
    """End the transaction without touching the database again for what was loaded."""
    g.is_broken = True
    db.session.expunge_all()
    with suppress(SQLAlchemyError):
        db.session.rollback()


def _code(title: str) -> str:
    return title.lower().replace(" ", "_")
