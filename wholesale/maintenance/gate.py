"""Refuses writes while maintenance is on, and tells every page of it."""

from typing import Any

from flask import Flask, g, request
from flask_login import current_user

from wholesale.access.queries import may
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.maintenance.state import Known, Window, known
from wholesale.read_only import watch

SAFE = ("GET", "HEAD", "OPTIONS")
# An administrator has to come in, and anybody may leave.
STAYS_OPEN = ("accounts.sign_in", "accounts.sign_out")
SWITCH = ("maintenance.switch_off", "maintenance.call_off")
PERMISSION = "settings:write"


class UnderMaintenance(DomainError):
    """Nothing can be written for the time being."""

    status = 503
    code = "maintenance"

    def __init__(self, window: Window) -> None:
        super().__init__(f"Maintenance: {window.sentence}")


def init_app(app: Flask) -> None:
    """Watch the connections of ``app``, refuse writes, and give templates the window to show."""
    app.extensions["maintenance"] = state = Known()
    with app.app_context():
        watch(db.engine, state.is_read_only)
    app.before_request(refuse_writes)

    @app.context_processor
    def window() -> dict[str, Any]:
        return {"maintenance": state.shown}


def refuse_writes() -> None:
    """Let reads and administrators pass; in read-only mode administrators read, too.

    Raises UnderMaintenance.
    """
    window = known().active
    if window is None or request.method in SAFE or request.endpoint is None:
        return
    if _stays_open():
        g.lets_write = True
        db.session.rollback()  # what follows takes its connection anew
        return
    if window.is_read_only or not _is_administrator():
        raise UnderMaintenance(window)


def _stays_open() -> bool:
    if request.endpoint in STAYS_OPEN:
        return True
    return request.endpoint in SWITCH and _is_administrator()


def _is_administrator() -> bool:
    return bool(current_user.is_authenticated and may(current_user, PERMISSION))
