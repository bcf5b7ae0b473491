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
    "catalog": READ_WRITE,
    "costs": ("read",),
    "orders": ("read", "create", "update", "delete"),
    "users": READ_WRITE,
    "settings": READ_WRITE,
}

_ALL, _OWN, _ASSIGNED = Scope.ALL, Scope.OWN, Scope.ASSIGNED

# What a role is not granted here it may not do.
MATRIX: dict[str, dict[str, Scope]] = {
    "admin": {f"{r}:{action}": _ALL for r, actions in RESOURCES.items() for action in actions},
    "sales": {
        "organizations:read": _ALL,
        "organizations:write": _OWN,
        "contacts:read": _ALL,
        "contacts:write": _OWN,
        "catalog:read": _ALL,
        "orders:read": _OWN,
        "orders:create": _ALL,
        "orders:update": _OWN,
    },
    "designer": {
        "organizations:read": _ALL,
        "contacts:read": _ALL,
        "catalog:read": _ALL,
        "orders:read": _ALL,
    },
    "ops": {
        "organizations:read": _ALL,
        "organizations:write": _ALL,
        "contacts:read": _ALL,
        "contacts:write": _ALL,
        "catalog:read": _ALL,
        "catalog:write": _ALL,
        "costs:read": _ALL,
        "orders:read": _ALL,
        "orders:create": _ALL,
        "orders:update": _ALL,
    },
    "manufacturer": {"catalog:read": _ALL, "orders:read": _ASSIGNED},
    "finance": {
        "organizations:read": _ALL,
        "contacts:read": _ALL,
        "catalog:read": _ALL,
        "costs:read": _ALL,
        "orders:read": _ALL,
    },
}
