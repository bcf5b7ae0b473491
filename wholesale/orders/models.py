"""Orders and their line items; units and money are computed by the database."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.pricing import Basis, price, size_price
from wholesale.core.models import Base, Keyed, Timestamped, Versioned, one_of
from wholesale.customers.models import Contact, Organization
from wholesale.orders.workflow import OPEN_FOR_ENTRY, OrderStatus, Priority

DRAFT = "draft-"
_PLACED = text("code IS NOT NULL")


def _placed_index(*columns: str) -> Index:
    return Index(f"ix_orders_{columns[0]}", *columns, postgresql_where=_PLACED)


class Order(Audited, Keyed, Timestamped, Versioned, Base):
    """A sale. Until it is placed it is its author's draft and has no code."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(one_of("status", OrderStatus), name="status"),
        CheckConstraint(one_of("priority", Priority), name="priority"),
        CheckConstraint("(code IS NULL) = (placed_at IS NULL)", name="placed"),
        CheckConstraint("code NOT LIKE 'draft-%'", name="code"),
        CheckConstraint("code IS NOT NULL OR status = 'new'", name="draft_is_new"),
        CheckConstraint("subtotal >= 0 AND units >= 0 AND freight >= 0", name="amounts"),
        CheckConstraint("char_length(name) <= 200", name="name"),
        ForeignKeyConstraint(
            ["contact_id", "organization_id"],
            ["contacts.id", "contacts.organization_id"],
            deferrable=True,  # merging two customers moves contacts and orders one after the other
            initially="IMMEDIATE",
        ),
        _placed_index("placed_at", "id"),
        _placed_index("status", "placed_at", "id"),
        _placed_index("salesperson_id", "placed_at", "id"),
        _placed_index("organization_id", "placed_at", "id"),
        _placed_index("total", "id"),
        _placed_index("delivery_rank", "id"),
        Index("ix_orders_customer", "organization_id"),  # drafts too: merging, deleting
        Index("ix_orders_drafts", "created_by_id", postgresql_where=text("code IS NULL")),
        Index(
            "ix_orders_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    contact_id: Mapped[int | None] = mapped_column(index=True)
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # One key per opened form: a second click or a repeated request finds the first one's draft.
    entry_key: Mapped[UUID | None] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default=OrderStatus.NEW)
    priority: Mapped[str] = mapped_column(server_default=Priority.NORMAL)
    placed_at: Mapped[datetime | None]
    requested_delivery: Mapped[date | None]
    needs_no_design: Mapped[bool] = mapped_column(server_default="false")
    # Confirmed as they stand: a later edit of a quantity takes it back.
    sizes_confirmed_at: Mapped[datetime | None]
    # The delivery day for sorting: orders without one come last.
    delivery_rank: Mapped[date] = mapped_column(
        Computed("coalesce(requested_delivery, DATE '9999-12-31')", persisted=True)
    )
    shipping_address: Mapped[str] = mapped_column(server_default="")
    notes: Mapped[str] = mapped_column(server_default="")
    units: Mapped[int] = mapped_column(server_default="0")
    subtotal: Mapped[Decimal] = mapped_column(Numeric(14, 2), server_default="0")
    freight: Mapped[Decimal] = mapped_column(server_default="0")
    total: Mapped[Decimal] = mapped_column(
        Numeric(14, 2), Computed("subtotal + freight", persisted=True)
    )
    # Counts changes of the lines, which do not touch ``version``: the header's own.
    lines_version: Mapped[int] = mapped_column(server_default="0")
    # Kept by a trigger: code, name and the organization's name, folded for searching.
    search: Mapped[str] = mapped_column(server_default="", server_onupdate=FetchedValue())

    organization: Mapped[Organization] = relationship()
    contact: Mapped[Contact | None] = relationship(overlaps="organization")
    salesperson: Mapped[User | None] = relationship(foreign_keys=[salesperson_id])
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order",
        order_by="OrderLine.position, OrderLine.id",
        cascade="all, delete-orphan",
    )

    @property
    def ref(self) -> str:
        """What stands for the order in addresses: its code, or its draft number."""
        return self.code or f"{DRAFT}{self.id}"

    @property
    def is_draft(self) -> bool:
        """Whether the order is still being entered and has no code."""
        return self.code is None

    @property
    def is_open_for_entry(self) -> bool:
        """Whether quantities and prices may still be typed into the order."""
        return self.status in OPEN_FOR_ENTRY

    @property
    def stage(self) -> OrderStatus:
        """The status with its label and tone."""
        return OrderStatus(self.status)


class OrderLine(Audited, Keyed, Timestamped, Base):
    """One variant in its sizes. Prices and surcharges are copied when the line is made."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "variant_id"),
        ForeignKeyConstraint(["variant_id", "product_id"], ["variants.id", "variants.product_id"]),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount"),
        CheckConstraint("quantities_fit(quantities, sizes)", name="quantities"),
        CheckConstraint("surcharges_fit(surcharges)", name="surcharges"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int] = mapped_column(server_default="0")
    sizes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    surcharges: Mapped[dict[str, str]] = mapped_column(server_default="{}")
    quantities: Mapped[dict[str, int]] = mapped_column(server_default="{}")
    unit_price: Mapped[Decimal]
    # What the price engine knew when the line was made; empty for a price from elsewhere.
    pricing: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # Typed by somebody: no quantity and no price list changes it any more.
    is_price_manual: Mapped[bool] = mapped_column(server_default="false")
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="0")
    notes: Mapped[str] = mapped_column(server_default="")
    qty_total: Mapped[int] = mapped_column(Computed("units_of(quantities)", persisted=True))
    line_total: Mapped[Decimal] = mapped_column(
        Computed(
            "line_amount(quantities, surcharges, unit_price, discount_percent)", persisted=True
        )
    )
    order: Mapped[Order] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship(overlaps="product")
    product: Mapped[Product] = relationship(overlaps="variant")

    @property
    def basis(self) -> Basis | None:
        """What the price depends on, as it was when the line was made; None when unknown."""
        return Basis.from_json(self.pricing) if self.pricing else None

    @property
    def price_source(self) -> str:
        """Where the price comes from, in a word or two."""
        if self.is_price_manual or not self.pricing:
            return "by hand" if self.is_price_manual else "as entered"
        at_list_price = self.unit_price == Decimal(self.pricing["list_price"])
        return "list price" if at_list_price else self.pricing["source"]

    def quantity(self, size: str) -> int:
        """Units of ``size``; zero where none were entered."""
        return self.quantities.get(size, 0)

    def size_price(self, size: str) -> Decimal:
        """The price of one unit in ``size``: unit price and surcharge."""
        return size_price(self.unit_price, size, self.surcharges)

    def cell_amount(self, size: str) -> Decimal:
        """The money in one cell, before the line's discount."""
        return self.size_price(size) * self.quantity(size)


def snapshot(product: Product, variant: Variant, basis: Basis | None = None) -> dict[str, Any]:
    """Return what a line copies from the catalog and, with a ``basis``, from price lists.

    A line copied without one keeps the list price, whatever its quantity.
    """
    return {
        "variant_id": variant.id,
        "product_id": product.id,
        "sizes": list(product.size_run.sizes),
        "surcharges": product.size_surcharges(),
        "unit_price": price(basis, 0).unit if basis else variant.unit_price,
        "pricing": basis.as_json() if basis else {},
    }
