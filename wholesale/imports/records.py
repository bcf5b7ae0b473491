"""The records an import can load: their key, their fields, and which record a field names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table

from wholesale.accounts.models import SalespersonProfile, User
from wholesale.catalog.models import (
    Category,
    PriceEntry,
    PriceList,
    Product,
    SizeRun,
    Variant,
)
from wholesale.core.models import Base
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order, OrderLine

ARCHIVED = "archived_at"


@dataclass(frozen=True)
class Reference:
    """A field that names another record: by its alias in the import, or by its key."""

    record: str
    column: str


@dataclass(frozen=True)
class Record:
    """One kind of record. ``key`` are the fields that tell a row from its siblings."""

    name: str
    model: type[Base]
    key: tuple[str, ...]
    fields: tuple[str, ...]
    references: Mapping[str, Reference] = field(default_factory=dict)
    # Fields that need no value, since a new record gets one from elsewhere.
    may_be_empty: tuple[str, ...] = ()
    # What every new one gets; never taken from a file.
    fixed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table behind the record."""
        return self.model.__table__  # type: ignore[return-value]

    @property
    def id_column(self) -> "Column[Any]":
        """The primary key."""
        (column,) = self.table.primary_key.columns
        return column

    @property
    def key_columns(self) -> list["Column[Any]"]:
        """The columns of the key."""
        return [self.column(name) for name in self.key]

    def column(self, name: str) -> "Column[Any]":
        """Return the column that the field ``name`` fills."""
        if name == "archived":
            return self.table.c[ARCHIVED]
        reference = self.references.get(name)
        return self.table.c[reference.column if reference else name]

    def is_required(self, name: str) -> bool:
        """Tell whether a new record must have the field ``name``."""
        column = self.column(name)
        if name in self.may_be_empty:
            return False
        return name in self.key or not (column.nullable or column.server_default)


_ADDRESS = ("street", "city", "region", "postal_code", "country", "phone")
_TERMS = ("discount_percent", "credit_limit", "payment_terms", "tax_exempt")

RECORDS = {
    record.name: record
    for record in (
        # A person's role and password are never taken from a file.
        Record(
            "salespeople",
            User,
            key=("reference",),
            fields=("reference", "email", "name", "phone", "time_zone"),
            fixed={"role": "sales"},
        ),
        Record(
            "profiles",
            SalespersonProfile,
            key=("salesperson",),
            fields=("salesperson", "territory", "monthly_quota", "commission_rate"),
            references={"salesperson": Reference("salespeople", "user_id")},
        ),
        Record(
            "organizations",
            Organization,
            key=("reference",),
            fields=("reference", "name", "client_type", "tier", "territory", "salesperson")
            + (*_ADDRESS, *_TERMS, "archived"),
            references={"salesperson": Reference("salespeople", "salesperson_id")},
        ),
        Record(
            "contacts",
            Contact,
            key=("organization", "name"),
            fields=("organization", "name", "title", "email", "phone", "is_primary", "archived"),
            references={"organization": Reference("organizations", "organization_id")},
        ),
        Record("categories", Category, key=("name",), fields=("name", "description")),
        Record("size_runs", SizeRun, key=("name",), fields=("name", "sizes")),
        Record(
            "products",
            Product,
            key=("sku",),
            fields=("sku", "name", "description", "category", "size_run", "base_price")
            + ("surcharges", "min_quantity", "order_multiple", "lead_time_days", "decoration")
            + ("archived",),
            references={
                "category": Reference("categories", "category_id"),
                "size_run": Reference("size_runs", "size_run_id"),
            },
        ),
        Record(
            "variants",
            Variant,
            key=("code",),
            fields=("code", "product", "colour", "material", "price", "cost", "archived"),
            references={"product": Reference("products", "product_id")},
        ),
        Record(
            "price_lists",
            PriceList,
            key=("name",),
            fields=("name", "tier", "organization", "percent_off", "valid_from", "valid_to")
            + ("archived",),
            references={"organization": Reference("organizations", "organization_id")},
        ),
        Record(
            "prices",
            PriceEntry,
            key=("price_list", "product", "variant", "min_quantity"),
            fields=("price_list", "product", "variant", "min_quantity", "price"),
            may_be_empty=("variant", "min_quantity", "product"),
            references={
                "price_list": Reference("price_lists", "price_list_id"),
                "product": Reference("products", "product_id"),
                "variant": Reference("variants", "variant_id"),
            },
        ),
        Record(
            "orders",
            Order,
            key=("code",),
            fields=("code", "name", "organization", "contact", "salesperson", "status")
            + ("priority", "placed_at", "requested_delivery", "shipping_address", "notes")
            + ("freight",),
            references={
                "organization": Reference("organizations", "organization_id"),
                "contact": Reference("contacts", "contact_id"),
                "salesperson": Reference("salespeople", "salesperson_id"),
            },
        ),
        Record(
            "order_lines",
            OrderLine,
            key=("order", "variant"),
            fields=("order", "variant", "quantities", "unit_price", "discount_percent", "notes"),
            may_be_empty=("unit_price",),
            references={
                "order": Reference("orders", "order_id"),
                "variant": Reference("variants", "variant_id"),
            },
        ),
    )
}
