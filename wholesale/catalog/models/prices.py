"""Price lists: what a tier or one organization pays, from which quantity, and when."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.audit.recording import Audited
from wholesale.catalog.models.products import Product, Variant
from wholesale.core.models import Archivable, Base, Keyed, Timestamped, Versioned, one_of
from wholesale.customers.models import Organization, Tier


class PriceList(Audited, Keyed, Timestamped, Versioned, Archivable, Base):
    """Prices of a tier or of one organization, good between two days, both included."""

    __tablename__ = "price_lists"
    __table_args__ = (
        CheckConstraint("length(btrim(name)) > 0", name="name"),
        CheckConstraint(one_of("tier", Tier), name="tier"),
        CheckConstraint("(tier IS NULL) <> (organization_id IS NULL)", name="owner"),
        CheckConstraint("valid_from <= valid_to", name="validity"),
        CheckConstraint("percent_off >= 0 AND percent_off < 100", name="percent_off"),
        Index("uq_price_lists_name", "name", unique=True),
        Index("ix_price_lists_tier", "tier"),
    )

    name: Mapped[str]
    tier: Mapped[str | None]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    # Off the list price of everything the list has no price of its own for.
    percent_off: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="0")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    organization: Mapped[Organization | None] = relationship()

    @property
    def owner_label(self) -> str:
        """Whom the list is for, in words."""
        return self.organization.name if self.organization else f"{Tier(str(self.tier)).label} tier"

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the list is in use and ``day`` lies within its days."""
        begun = self.valid_from is None or self.valid_from <= day
        return not self.is_archived and begun and (self.valid_to is None or day <= self.valid_to)


class PriceEntry(Audited, Keyed, Timestamped, Base):
    """One price of a list: of a product or one variant, from a quantity on."""

    __tablename__ = "price_entries"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("min_quantity > 0", name="min_quantity"),
        ForeignKeyConstraint(["variant_id", "product_id"], ["variants.id", "variants.product_id"]),
        Index(
            "uq_price_entries_place",
            "price_list_id",
            "product_id",
            "variant_id",
            "min_quantity",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    variant_id: Mapped[int | None] = mapped_column(index=True)
    min_quantity: Mapped[int] = mapped_column(server_default="1")
    price: Mapped[Decimal]
    price_list: Mapped[PriceList] = relationship()
    product: Mapped[Product] = relationship(overlaps="variant")
    variant: Mapped[Variant | None] = relationship(overlaps="product")
