"""The seeded permission matrix of ``domain.md``: role × resource × action → scope."""

from enum import StrEnum


class Scope(StrEnum):
    """How many of a resource's records a permission reaches, from none to all."""

    NONE = "none"
    ASSIGNED = "assigned"
    OWN = "own"
    ALL = "all"


ROLES = {
    "admin": "Administrator",
    "sales": "Sales",
    "designer": "Designer",
    "ops": "Operations",
    "manufacturer": "Manufacturer",
    "finance": "Finance",
}

READ_WRITE = ("read", "write")
RESOURCES: dict[str, tuple[str, ...]] = {
    "organizations": READ_WRITE,
    "contacts": READ_WRITE,
    "leads": READ_WRITE,
    "catalog": READ_WRITE,
    "prices": READ_WRITE,
    "costs": ("read",),
    "quotes": READ_WRITE,
    # Revert: one step back. Override: pass an open gate with a reason. Approve: apply a change.
    "orders": ("read", "create", "update", "delete", "revert", "override", "approve"),
    "designs": READ_WRITE,
    "production": READ_WRITE,
    "invoices": READ_WRITE,
    "commissions": READ_WRITE,
    "tasks": READ_WRITE,
    # At all; which files, the record says that they are kept with.
    "files": READ_WRITE,
    "users": READ_WRITE,
    "roles": READ_WRITE,
    "invitations": READ_WRITE,
    "audit": ("read",),
    "settings": READ_WRITE,
}

# Records that belong to somebody; of the others a permission reaches all or none.
SCOPED = {
    "organizations",
    "contacts",
    "leads",
    "quotes",
    "orders",
    "designs",
    "production",
    "invoices",
    "commissions",
    "tasks",
}


def scopes_of(permission: str) -> list[Scope]:
    """Return the scopes that mean something for ``permission`` (``resource:action``)."""
    scoped = permission.partition(":")[0] in SCOPED
    return list(Scope) if scoped else [Scope.NONE, Scope.ALL]


_ALL, _OWN, _ASSIGNED = Scope.ALL, Scope.OWN, Scope.ASSIGNED


def _granted(**resources: dict[str, Scope]) -> dict[str, Scope]:
    return {f"{r}:{action}": scope for r, row in resources.items() for action, scope in row.items()}


def _read(scope: Scope = _ALL) -> dict[str, Scope]:
    return {"read": scope}


def _write(read: Scope = _ALL, write: Scope = _ALL) -> dict[str, Scope]:
    return {"read": read, "write": write}


# What a role is not granted here it may not do. Tasks: "own" includes those assigned to one.
MATRIX: dict[str, dict[str, Scope]] = {
    "admin": {f"{r}:{action}": _ALL for r, actions in RESOURCES.items() for action in actions},
    "sales": _granted(
        organizations=_write(_ALL, _OWN),
        contacts=_write(_ALL, _OWN),
        leads=_write(_OWN, _OWN),
        catalog=_read(),
        prices=_read(),
        quotes=_write(_OWN, _OWN),
        orders={"read": _OWN, "create": _ALL, "update": _OWN},
        designs=_write(_ALL, _OWN),
        production=_read(_OWN),
        invoices=_read(_OWN),
        commissions=_read(_OWN),
        tasks=_write(_OWN, _OWN),
        files=_write(),
    ),
    "designer": _granted(
        organizations=_read(),
        contacts=_read(),
        catalog=_read(),
        orders=_read(),
        designs=_write(_ALL, _ASSIGNED),
        tasks=_write(_OWN, _OWN),
        files=_read(),
    ),
    "ops": _granted(
        organizations=_write(),
        contacts=_write(),
        leads=_read(),
        catalog=_write(),
        prices=_write(),
        costs=_read(),
        quotes=_read(),
        orders=dict.fromkeys(("read", "create", "update", "revert", "approve"), _ALL),
        designs=_write(),
        production=_write(),
        tasks=_write(),
        files=_write(),
    ),
    "manufacturer": _granted(
        catalog=_read(),
        orders=_read(_ASSIGNED),
        production=_write(_ASSIGNED, _ASSIGNED),
        tasks=_write(_OWN, _OWN),
        files=_read(),
    ),
    "finance": _granted(
        organizations=_read(),
        contacts=_read(),
        catalog=_read(),
        prices=_read(),
        costs=_read(),
        quotes=_read(),
        orders=_read(),
        invoices=_write(),
        commissions=_write(),
        tasks=_write(_OWN, _OWN),
        files=_read(),
    ),
}
