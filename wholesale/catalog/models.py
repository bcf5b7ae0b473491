"""Categories, size runs, products and variants."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from wholesale.audit.recording import Audited
from wholesale.core.models import Archivable, Base, Keyed, Timestamped, Versioned

APPAREL_RUN = ("YXS", "YS", "YM", "YL", "XS", "S", "M", "L", "XL", "2XL", "3XL", "4XL")


class Category(Audited, Keyed, Timestamped, Base):
    """A shelf of the catalog."""

    __tablename__ = "categories"

    name: Mapped[str] = mapped_column(CITEXT, unique=True)
    description: Mapped[str | None]


class SizeRun(Audited, Keyed, Timestamped, Base):
    """The sizes a product comes in, in their order."""

    __tablename__ = "size_runs"
    __table_args__ = (CheckConstraint("cardinality(sizes) BETWEEN 1 AND 40", name="sizes"),)

    name: Mapped[str] = mapped_column(CITEXT, unique=True)
    sizes: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Product(Audited, Keyed, Timestamped, Versioned, Archivable, Base):
    """A style. Its price is the base price; some sizes carry a surcharge."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("length(btrim(sku::text)) > 0", name="sku"),
        CheckConstraint("length(btrim(name)) > 0", name="name"),
        CheckConstraint("surcharges_fit(surcharges)", name="surcharges"),
        CheckConstraint("base_price > 0", name="base_price"),
        CheckConstraint("min_quantity > 0", name="min_quantity"),
        CheckConstraint("lead_time_days >= 0", name="lead_time"),
        Index("ix_products_name", "name", "id"),
        Index(
            "ix_products_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    sku: Mapped[str] = mapped_column(CITEXT, unique=True)
    name: Mapped[str]
    description: Mapped[str | None]
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    size_run_id: Mapped[int] = mapped_column(ForeignKey("size_runs.id"), index=True)
    base_price: Mapped[Decimal]
    surcharges: Mapped[dict[str, str]] = mapped_column(server_default="{}")
    min_quantity: Mapped[int] = mapped_column(server_default="1")
    lead_time_days: Mapped[int] = mapped_column(server_default="14")
    decoration: Mapped[str | None]
    search: Mapped[str] = mapped_column(
        Computed("search_key(sku::text || ' ' || name)", persisted=True)
    )
    category: Mapped[Category] = relationship()
    size_run: Mapped[SizeRun] = relationship()
    variants: Mapped[list["Variant"]] = relationship(
        back_populates="product", order_by="Variant.position, Variant.id"
    )

    def size_surcharges(self) -> dict[str, str]:
        """Return every size of the run with its surcharge as text, in the run's order."""
        return {size: self.surcharges.get(size, "0.00") for size in self.size_run.sizes}


class Variant(Audited, Keyed, Timestamped, Versioned, Archivable, Base):
    """A style in one colour and material: what a line of an order sells."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("length(btrim(code::text)) > 0", name="code"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("cost >= 0", name="cost"),
        UniqueConstraint("id", "product_id"),  # a line's product is its variant's
        Index("ix_variants_product_id", "product_id", "position"),
    )

    code: Mapped[str] = mapped_column(CITEXT, unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    colour: Mapped[str | None]
    material: Mapped[str | None]
    price: Mapped[Decimal | None]
    cost: Mapped[Decimal | None]
    position: Mapped[int] = mapped_column(server_default="0")
    product: Mapped[Product] = relationship(back_populates="variants")

    @property
    def label(self) -> str:
        """What tells this variant from its siblings."""
        return " · ".join(part for part in (self.colour, self.material) if part) or "Standard"

    @property
    def unit_price(self) -> Decimal:
        """The list price: the variant's own, or its product's."""
        return self.price if self.price is not None else self.product.base_price
