"""People, for admins: roles, exceptions, disabling."""

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.access.matrix import RESOURCES, scopes_of
from wholesale.access.operations import set_exception
from wholesale.access.queries import exceptions_of, grants_of, roles
from wholesale.accounts import blueprint, operations, queries, sessions
from wholesale.accounts.forms import ExceptionForm, RoleChoiceForm, UserFilter
from wholesale.accounts.models import User
from wholesale.audit.queries import history
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.mail.queries import bounced
from wholesale.web.forms import named_choices
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import Answer, done, page

COLUMNS = {
    "Name": User.name,
    "E-mail": User.email,
    "Role": User.role,
    "Active": User.is_active,
    "Joined": User.created_at,
}


def _filter() -> UserFilter:
    form = UserFilter(request.args)
    form.role.choices = named_choices(roles(db.session), "Any role")
    return form


def _wanted(form: UserFilter) -> Select[Any]:
    return queries.listed_users(form.q.data or "", form.role.data or "")


@blueprint.get("/admin/users")
@require("users:read")
def user_list() -> Answer:
    """List people; the query string says which."""
    return list_answer("accounts/users.html", _filter(), _wanted, queries.USERS)


@blueprint.get("/admin/users.<any(csv, xlsx):kind>")
@require("users:read")
def user_file(kind: str) -> Answer:
    """Download what the list shows."""
    return list_file(kind, "users", COLUMNS, _filter(), _wanted, queries.USERS)


@blueprint.get("/admin/users/<key:key>")
@require("users:read")
def user(key: int) -> Answer:
    """Show one person: role, permissions, devices, history."""
    found = queries.user(db.session, key)
    form = RoleChoiceForm(obj=found)
    form.role.choices = named_choices(roles(db.session))
    return page(
        "accounts/user.html",
        person=found,
        bounced=bounced(db.session, [found.email]),
        form=form,
        scopes_of=scopes_of,
        permissions=[f"{r}:{action}" for r, actions in RESOURCES.items() for action in actions],
        grants=grants_of(db.session, found.role, found.id),
        exceptions=exceptions_of(db.session, found.id),
        sessions=queries.sessions_of(db.session, found.id),
        entries=history(db.session, ("users", [found.id])),
        hidden=(),
    )


@blueprint.post("/admin/users/<key:key>/role")
@require("users:write")
def user_role(key: int) -> Answer:
    """Give a person another role."""
    form = RoleChoiceForm()
    form.role.choices = named_choices(roles(db.session))
    if not form.validate_on_submit():
        raise Invalid("Choose a role from the list.")
    return _changed(key, lambda person: operations.change_role(db.session, person, form.role.data))


@blueprint.post("/admin/users/<key:key>/disable")
@require("users:write")
def user_disable(key: int) -> Answer:
    """Shut a person out at once."""
    if key == current_user.id:
        raise DomainError("You cannot disable yourself.")
    return _changed(key, lambda person: operations.disable(db.session, person))


@blueprint.post("/admin/users/<key:key>/enable")
@require("users:write")
def user_enable(key: int) -> Answer:
    """Let a person in again."""
    return _changed(key, lambda person: operations.enable(db.session, person))


@blueprint.post("/admin/users/<key:key>/sessions/end")
@require("users:write")
def user_sessions_end(key: int) -> Answer:
    """Sign a person out everywhere."""
    return _changed(key, lambda person: sessions.end_sessions(db.session, person.id))


@blueprint.post("/admin/users/<key:key>/exceptions")
@require("users:write")
def user_exception(key: int) -> Answer:
    """Give a person another scope than the role's, or take the exception away."""
    form = ExceptionForm()
    if not form.validate_on_submit():
        raise Invalid("The matrix has no such permission or scope.")
    permission, scope = form.permission.data or "", form.scope.data or ""
    return _changed(
        key, lambda person: set_exception(db.session, person.id, person.role, permission, scope)
    )


def _changed(key: int, change: Callable[[User], object]) -> Answer:
    change(queries.user(db.session, key))
    db.session.commit()
    flash("Saved.")
    return done(url_for("accounts.user", key=key))
