"""The gate before every request: a view says what it needs, and a view that does not is refused."""

import hmac
from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wholesale.access.matrix import RESOURCES
from wholesale.access.queries import may
from wholesale.access.seed import seed_permissions
from wholesale.audit.actor import Acting, set_acting
from wholesale.core.errors import NotPermitted
from wholesale.extensions import db
from wholesale.read_only import is_refusal, let_write
from wholesale.web.security import client_address

View = Callable[..., Any]
PUBLIC = "public"
SIGNED_IN = "signed-in"


def require(permission: str) -> Callable[[View], View]:
    """Stamp a view with the permission (``resource:action``) it needs.

    Raises ValueError at import when the matrix knows no such permission.
    """
    resource, _, action = permission.partition(":")
    if action not in RESOURCES.get(resource, ()):
        raise ValueError(f"unknown permission {permission!r}")
    return _stamp(permission)


def public(view: View) -> View:
    """Stamp a view that anyone may see."""
    return _stamp(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Stamp a view that every signed-in person may see."""
    return _stamp(SIGNED_IN)(view)


def or_token(view: View) -> View:
    """Let a machine see a view, too: one that brings ``METRICS_TOKEN`` as its bearer token."""
    view.takes_token = True  # type: ignore[attr-defined]
    return view


def _stamp(permission: str) -> Callable[[View], View]:
    def stamp(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return stamp


def init_app(app: Flask) -> None:
    """Set the gate before every request of ``app``."""
    public(app.view_functions["static"])
    app.before_request(guard)


def refuse_unstamped(app: Flask) -> None:
    """Stop the start when a view does not say what it needs. Raises RuntimeError."""
    bare = sorted(name for name, view in app.view_functions.items() if not _permission(view))
    if bare:
        raise RuntimeError(f"views without a permission stamp: {', '.join(bare)}")


def guard() -> Any:
    """Let the request through when its view's permission allows it."""
    _say_who_acts()
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    permission = _permission(view)
    if permission == PUBLIC or (getattr(view, "takes_token", False) and _has_token()):
        return None
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if permission is None:
        abort(500)
    if not current_app.extensions.get("seeded"):
        _seed_once()
    if permission != SIGNED_IN and not may(current_user, permission):
        raise NotPermitted()
    return None


def _has_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _seed_once() -> None:
    """Add what is missing of the seeded matrix when a process meets its first request."""
    try:
        with let_write(), Session(db.engine) as own, own.begin():
            seed_permissions(own)
    except DBAPIError as error:
        if not is_refusal(error):
            raise
        return  # a database that takes no writes at all can be read
    current_app.extensions["seeded"] = True


def _say_who_acts() -> None:
    """Tell the trail who is behind the changes of this request."""
    known = current_user.is_authenticated
    g.user_id = current_user.id if known else None
    set_acting(
        Acting(
            name=f"{current_user.name} <{current_user.email}>" if known else "visitor",
            user_id=g.user_id,
            address=client_address(),
            request_id=g.request_id,
        )
    )


def _permission(view: View) -> str | None:
    return getattr(view, "permission", None)
