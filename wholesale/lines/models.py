"""What every document with line items has: rows in sizes, sums, a discount, freight and tax."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
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
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.types import Text

from wholesale.accounts.models import User
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.pricing import Basis, size_price
from wholesale.core.errors import DomainError
from wholesale.core.models import Keyed, Timestamped, Versioned
from wholesale.core.stages import Stage
from wholesale.customers.models import Contact, Organization

# Document discount, then tax on what is left, each rounded as it is printed (``domain.md``, Money).
DISCOUNT = "least(subtotal, round(subtotal * discount_percent / 100, 2) + discount_amount)"
TAX = f"round((subtotal - {DISCOUNT}) * tax_percent / 100, 2)"


class LineItem(Keyed, Timestamped):
    """One variant in its sizes. Prices and surcharges are copied when the line is made.

    A class of it names its document's key ``document_id``.
    """

    __tablename__: Any

    document_id: Mapped[int]
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

    @declared_attr
    def variant(cls) -> Mapped[Variant]:  # noqa: N805
        """What is sold."""
        return relationship(Variant, overlaps="product")

    @declared_attr
    def product(cls) -> Mapped[Product]:  # noqa: N805
        """The style of what is sold."""
        return relationship(Product, overlaps="variant")

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


def line_rules(document: str) -> tuple[Any, ...]:
    """Return the constraints of a table of lines; ``document`` is the column of its document."""
    return (
        UniqueConstraint(document, "variant_id"),
        ForeignKeyConstraint(["variant_id", "product_id"], ["variants.id", "variants.product_id"]),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount"),
        CheckConstraint("quantities_fit(quantities, sizes)", name="quantities"),
        CheckConstraint("surcharges_fit(surcharges)", name="surcharges"),
    )


class Searched:
    """A document that is found by its code, its name and its customer's name."""

    # Kept by a trigger, folded for searching.
    search: Mapped[str] = mapped_column(server_default="", server_onupdate=FetchedValue())


def search_index(table: str) -> Index:
    """Return the index of a table of searched documents."""
    ops = {"search": "gin_trgm_ops"}
    return Index(f"ix_{table}_search", "search", postgresql_using="gin", postgresql_ops=ops)


class Lined(Versioned, Timestamped, Keyed):
    """A document with line items: whom it is for, its sums, and whether one may type."""

    __tablename__: Any
    noun: ClassVar[str]

    name: Mapped[str] = mapped_column(server_default="")
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    contact_id: Mapped[int | None] = mapped_column(index=True)
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # One key per opened form: a second click or a repeated request finds what the first began.
    entry_key: Mapped[UUID | None] = mapped_column(unique=True)
    requested_delivery: Mapped[date | None]
    shipping_address: Mapped[str] = mapped_column(server_default="")
    notes: Mapped[str] = mapped_column(server_default="")

    units: Mapped[int] = mapped_column(server_default="0")
    subtotal: Mapped[Decimal] = mapped_column(Numeric(14, 2), server_default="0")
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="0")
    discount_amount: Mapped[Decimal] = mapped_column(server_default="0")
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="0")
    freight: Mapped[Decimal] = mapped_column(server_default="0")
    discount: Mapped[Decimal] = mapped_column(Numeric(14, 2), Computed(DISCOUNT, persisted=True))
    tax: Mapped[Decimal] = mapped_column(Numeric(14, 2), Computed(TAX, persisted=True))
    total: Mapped[Decimal] = mapped_column(
        Numeric(14, 2), Computed(f"subtotal - {DISCOUNT} + {TAX} + freight", persisted=True)
    )
    # Counts changes of the lines, which do not touch ``version``: the header's own.
    lines_version: Mapped[int] = mapped_column(server_default="0")
    # Where the lines were copied from, and what is different by now; empty for typed ones.
    copied: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

    @declared_attr
    def organization(cls) -> Mapped[Organization]:  # noqa: N805
        """The customer."""
        return relationship(Organization)

    @declared_attr
    def contact(cls) -> Mapped[Contact | None]:  # noqa: N805
        """Whom to talk to about it."""
        return relationship(Contact, overlaps="organization")

    @declared_attr
    def salesperson(cls) -> Mapped[User | None]:  # noqa: N805
        """Who sells it."""
        return relationship(User, foreign_keys=[cls.salesperson_id])  # type: ignore[list-item]

    @classmethod
    def line_class(cls) -> type[LineItem]:
        """Return the class of the document's lines."""
        raise NotImplementedError

    @property
    def ref(self) -> str:
        """What stands for the document in addresses."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """What the document is called on screen."""
        raise NotImplementedError

    @property
    def stage(self) -> Stage:
        """The status with its label and tone."""
        raise NotImplementedError

    @property
    def is_open_for_entry(self) -> bool:
        """Whether quantities and prices may still be typed into the document."""
        raise NotImplementedError

    @property
    def state(self) -> str:
        """What a form carries of the document it was shown beside: any change makes another."""
        return f"{self.stage.value}.{self.version}.{self.lines_version}"

    def refuse_closed(self) -> None:
        """Raise DomainError when the document's lines may no longer be typed into."""
        if not self.is_open_for_entry:
            raise DomainError(f"The {self.noun} is {self.stage.label.lower()}: its lines stand.")

    def quantities_changed(self) -> None:
        """Take back what was said of the quantities as they stood."""


def document_rules() -> tuple[Any, ...]:
    """Return the constraints of a table of documents: name, contact, money."""
    return (
        CheckConstraint("char_length(name) <= 200", name="name"),
        ForeignKeyConstraint(
            ["contact_id", "organization_id"],
            ["contacts.id", "contacts.organization_id"],
            deferrable=True,  # merging two customers moves contacts and documents one by one
            initially="IMMEDIATE",
        ),
        CheckConstraint("subtotal >= 0 AND units >= 0 AND freight >= 0", name="amounts"),
        CheckConstraint(
            "discount_percent BETWEEN 0 AND 100 AND discount_amount >= 0"
            " AND (discount_percent = 0 OR discount_amount = 0)",
            name="discount",
        ),
        CheckConstraint("tax_percent BETWEEN 0 AND 100", name="tax"),
    )
