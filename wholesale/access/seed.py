"""Seeds roles, resources and permissions; never undoes what an admin has edited."""

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.access.matrix import MATRIX, RESOURCES, ROLES, Scope
from wholesale.access.models import Resource, Role, RolePermission

SEED_LOCK = 0x5EED


def seed_permissions(session: Session) -> int:
    """Insert what is missing of the seeded matrix and return how many permissions that were.

    Several processes may start at once: an advisory lock lets one through at a time,
    and rows that exist, edited or not, are left as they are.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEED_LOCK})
    roles = [{"name": n, "label": label, "is_system": True} for n, label in ROLES.items()]
    session.execute(insert(Role).values(roles).on_conflict_do_nothing())
    resources = [{"name": name} for name in RESOURCES]
    session.execute(insert(Resource).values(resources).on_conflict_do_nothing())
    if not (missing := _missing(session)):
        return 0
    added = session.scalars(
        insert(RolePermission)
        .values(missing)
        .on_conflict_do_nothing()
        .returning(RolePermission.action)
    )
    return len(added.all())


def _missing(session: Session) -> list[dict[str, str]]:
    """Return the rows of the seeded matrix that are not there; as a rule there are none."""
    key = (RolePermission.role, RolePermission.resource, RolePermission.action)
    there = {tuple(row) for row in session.execute(select(*key))}
    return [row for row in _rows() if (row["role"], row["resource"], row["action"]) not in there]


def _rows() -> list[dict[str, str]]:
    return [
        {
            "role": role,
            "resource": resource,
            "action": action,
            "scope": MATRIX[role].get(f"{resource}:{action}", Scope.NONE),
        }
        for role in ROLES
        for resource, actions in RESOURCES.items()
        for action in actions
    ]
