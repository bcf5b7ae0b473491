"""Reads a role's permissions, and narrows a query to the records a person may reach."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, false, literal, select, union_all
from sqlalchemy.orm import Session

from wholesale.access.matrix import Scope, scopes_of
from wholesale.access.models import Role, RolePermission, UserPermission

Grants = Mapping[str, Scope]


class Actor(Protocol):
    """The person who acts: all that scopes need to know of a user."""

    id: int

    @property
    def grants(self) -> Grants:
        """The person's permissions, ``resource:action`` → scope."""
        ...


def grants_of(session: Session, role: str, user_id: int) -> Grants:
    """Return a person's permissions as ``resource:action`` → scope.

    An exception made for the person stands above what the role says.
    """
    of_role = select(
        literal(0).label("rank"),
        RolePermission.resource,
        RolePermission.action,
        RolePermission.scope,
    ).where(RolePermission.role == role)
    of_person = select(
        literal(1), UserPermission.resource, UserPermission.action, UserPermission.scope
    ).where(UserPermission.user_id == user_id)
    rows = session.execute(union_all(of_role, of_person).order_by("rank"))
    return {f"{resource}:{action}": Scope(scope) for _, resource, action, scope in rows}


def roles(session: Session) -> list[Role]:
    """Return all roles: those of the application first, then an admin's own."""
    return list(
        session.scalars(select(Role).order_by(Role.is_system.desc(), Role.created_at, Role.name))
    )


def matrix_of_roles(session: Session) -> dict[tuple[str, str], str]:
    """Return ``(role, resource:action)`` → scope for every row there is."""
    rows = session.scalars(select(RolePermission))
    return {(row.role, f"{row.resource}:{row.action}"): row.scope for row in rows}


def exceptions_of(session: Session, user_id: int) -> dict[str, str]:
    """Return the exceptions made for one person, ``resource:action`` → scope."""
    rows = session.scalars(select(UserPermission).where(UserPermission.user_id == user_id))
    return {f"{row.resource}:{row.action}": row.scope for row in rows}


def may(actor: Actor, permission: str) -> bool:
    """Tell whether ``actor`` has ``permission`` (``resource:action``) on any record at all."""
    return scope_of(actor, permission) is not Scope.NONE


def scope_of(actor: Actor, permission: str) -> Scope:
    """Return how far ``actor``'s ``permission`` reaches; what is not granted is none.

    A scope that means nothing for the resource reaches nothing.
    """
    scope = actor.grants.get(permission, Scope.NONE)
    return scope if scope in scopes_of(permission) else Scope.NONE


def reaches(actor: Actor, permission: str, owner_id: int | None) -> bool:
    """Tell whether ``permission`` reaches a record of ``owner_id`` that ``actor`` may read."""
    scope = scope_of(actor, permission)
    return scope is Scope.ALL or (scope is Scope.OWN and owner_id == actor.id)


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
