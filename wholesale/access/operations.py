"""Admins edit the matrix: scopes of roles, exceptions for persons, roles of their own."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from wholesale.access.matrix import RESOURCES, Scope, scopes_of
from wholesale.access.models import Role, RolePermission, UserPermission
from wholesale.core.errors import DomainError, Invalid, NotVisible

KEPT_BY_ADMINS = {"users", "roles", "settings"}


def set_scope(session: Session, role: str, permission: str, scope: str) -> None:
    """Set how far a role's permission reaches, from its holders' next request on.

    Raises Invalid for what the matrix does not know, DomainError for a change that would
    leave administrators without the means to undo it.
    """
    resource, action = _known(permission, scope)
    _keep_admins(role, resource, scope)
    if session.get(Role, role) is None:
        raise NotVisible("There is no such role.")
    row = session.get(RolePermission, (role, resource, action))
    if row is None:
        row = RolePermission(role=role, resource=resource, action=action)
        session.add(row)
    row.scope = scope


def set_exception(session: Session, user_id: int, role: str, permission: str, scope: str) -> None:
    """Give one person of ``role`` another scope; an empty ``scope`` takes the exception away.

    Raises as ``set_scope`` does.
    """
    resource, action = _known(permission, scope or Scope.NONE)
    _keep_admins(role, resource, scope or Scope.ALL)
    row = session.get(UserPermission, (user_id, resource, action))
    if not scope:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = UserPermission(user_id=user_id, resource=resource, action=action)
        session.add(row)
    row.scope = scope


def create_role(session: Session, name: str, label: str) -> Role:
    """Add a role that may do nothing yet. Raises Invalid when the name is taken or unusable."""
    if not (name.isascii() and name.isidentifier() and name.islower()):
        raise Invalid("Choose another name.", name="Use lower-case letters, such as “coach”.")
    if session.get(Role, name) is not None:
        raise Invalid("Choose another name.", name="There is a role of this name.")
    role = Role(name=name, label=label or name.capitalize(), is_system=False)
    session.add(role)
    return role


def delete_role(session: Session, name: str) -> None:
    """Delete a role that nobody has. Raises DomainError for system roles and roles in use."""
    role = session.get(Role, name)
    if role is None:
        raise NotVisible("There is no such role.")
    if role.is_system:
        raise DomainError(f"{role.label} comes with the application and stays.")
    used = select(func.count()).select_from(text("users")).where(text("role = :role"))
    count = session.scalar(used, {"role": name})
    if count:
        raise DomainError(f"{count} people have this role. Give them another one first.")
    named = select(func.count()).select_from(text("invitations")).where(text("role = :role"))
    if session.scalar(named, {"role": name}):
        raise DomainError("Invitations name this role, so it stays for the record.")
    for row in session.scalars(select(RolePermission).where(RolePermission.role == name)):
        session.delete(row)
    session.delete(role)


def _keep_admins(role: str, resource: str, scope: str) -> None:
    if role == "admin" and resource in KEPT_BY_ADMINS and scope != Scope.ALL:
        raise DomainError("Administrators keep users, roles and settings.")


def _known(permission: str, scope: str) -> tuple[str, str]:
    resource, _, action = permission.partition(":")
    if action not in RESOURCES.get(resource, ()) or scope not in scopes_of(permission):
        raise Invalid("The matrix has no such permission or scope.")
    return resource, action
