"""Reads a role's permissions, and narrows a query to the records a person may reach."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import Session

from wholesale.access.matrix import Scope
from wholesale.access.models import RolePermission

Grants = Mapping[str, Scope]


class Actor(Protocol):
    """The person who acts: all that scopes need to know of a user."""

    id: int

    @property
    def grants(self) -> Grants:
        """The person's permissions, ``resource:action`` → scope."""
        ...


def grants_of_role(session: Session, role: str) -> Grants:
    """Return the permissions of ``role`` as ``resource:action`` → scope."""
    rows = session.execute(
        select(RolePermission.resource, RolePermission.action, RolePermission.scope).where(
            RolePermission.role == role
        )
    )
    return {f"{resource}:{action}": Scope(scope) for resource, action, scope in rows}


def may(actor: Actor, permission: str) -> bool:
    """Tell whether ``actor`` has ``permission`` (``resource:action``) on any record at all."""
    return scope_of(actor, permission) is not Scope.NONE


def scope_of(actor: Actor, permission: str) -> Scope:
    """Return how far ``actor``'s ``permission`` reaches; what is not granted is none."""
    return actor.grants.get(permission, Scope.NONE)


def narrowed(
    query: Select[Any],
    actor: Actor,
    permission: str,
    *,
    own: ColumnElement[bool],
    assigned: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """Return ``query`` limited to the records that ``permission`` reaches for ``actor``.

    ``own`` and ``assigned`` are the conditions under which a record is the actor's.
    """
    scope = scope_of(actor, permission)
    if scope is Scope.ALL:
        return query
    if scope is Scope.OWN:
        return query.where(own)
    if scope is Scope.ASSIGNED and assigned is not None:
        return query.where(assigned)
    return query.where(false())
