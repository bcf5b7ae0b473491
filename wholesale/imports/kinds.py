"""The kinds of files that can be imported: who may, what they need, and what they fill."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, may, scope_of
from wholesale.imports import columns
from wholesale.imports.columns import Column
from wholesale.imports.records import RECORDS, Record


@dataclass(frozen=True)
class Kind:
    """One kind of file."""

    name: str
    label: str
    permissions: tuple[str, ...]
    columns: tuple[Column, ...]
    # Of each of these at least one field must be filled.
    needs: tuple[tuple[str, ...], ...]
    words: str
    # The page that lists what was imported.
    endpoint: str

    def offered(self, actor: Actor) -> list[Column]:
        """Return the fields that ``actor`` may fill."""
        return [c for c in self.columns if c.permission is None or may(actor, c.permission)]

    def refused(self, actor: Actor, chosen: Mapping[str, str]) -> set[str]:
        """Return the columns of a file, by field in ``chosen``, that are not ``actor``'s to see."""
        offered = {column.name for column in self.offered(actor)}
        known = {column.name for column in self.columns}
        return {header for header, name in chosen.items() if name in known - offered}

    def column(self, name: str) -> Column:
        """Return the field ``name``."""
        return next(column for column in self.columns if column.name == name)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "organizations",
            "Customers",
            ("organizations:write",),
            columns.ORGANIZATIONS,
            (("name",),),
            "A row is a customer, told apart by its number, or by its name where it has none.",
            "customers.organizations",
        ),
        Kind(
            "contacts",
            "Contacts",
            ("contacts:write",),
            columns.CONTACTS,
            (("organization", "organization_number"), ("name", "last_name")),
            "A row is a person at a customer that is here already.",
            "customers.contacts",
        ),
        Kind(
            "products",
            "Products",
            ("catalog:write",),
            columns.PRODUCTS,
            (("sku",),),
            "A row is a style with its base price; its colours are variants.",
            "catalog.products",
        ),
        Kind(
            "variants",
            "Variants",
            ("catalog:write",),
            columns.VARIANTS,
            (("code",), ("product",)),
            "A row is a style in one colour and material.",
            "catalog.products",
        ),
        Kind(
            "prices",
            "Prices",
            ("prices:write",),
            columns.PRICES,
            (("price_list",), ("product", "variant"), ("price",)),
            "A row is a price of a price list that is here already, from a quantity on.",
            "catalog.price_list_index",
        ),
        Kind(
            "orders",
            "Orders",
            ("orders:create", "orders:update"),
            columns.ORDERS,
            (("code",), ("organization", "organization_number"), ("variant",)),
            "A row is a line of an order: a variant, with a column for each size, or with one size"
            " and its quantity. What is said of the order stands in its first row.",
            "orders.orders",
        ),
    )
}


def may_import(actor: Actor, kind: Kind) -> bool:
    """Tell whether ``actor`` may import files of ``kind`` at all."""
    return all(may(actor, permission) for permission in kind.permissions)


def kinds_of(actor: Actor) -> list[Kind]:
    """Return the kinds that ``actor`` may import."""
    return [kind for kind in KINDS.values() if may_import(actor, kind)]


def has_all(actor: Actor, permission: str) -> bool:
    """Tell whether ``actor``'s ``permission`` reaches everybody's records."""
    return scope_of(actor, permission) is Scope.ALL


def record_of(name: str) -> Record:
    """Return a record as the pages load it: customers by name where they have no number."""
    record = RECORDS[name]
    return replace(record, key=("name",)) if name == "organizations" else record
