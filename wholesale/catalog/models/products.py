"""Categories, size runs with their prepacks, products and variants."""

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from wholesale.audit.recording import Audited
from wholesale.core.models import (
    Archivable,
    Base,
    Entered,
    Keyed,
    Timestamped,
    Versioned,
    one_of,
)

if TYPE_CHECKING:
    from wholesale.catalog.models.images import ProductImage

APPAREL_RUN = ("YXS", "YS", "YM", "YL", "XS", "S", "M", "L", "XL", "2XL", "3XL", "4XL")


class Decoration(StrEnum):
    """How art gets onto a product."""

    SUBLIMATION = "sublimation"
    SCREEN_PRINT = "screen_print"
    EMBROIDERY = "embroidery"
    DTG = "dtg"
    HEAT_TRANSFER = "heat_transfer"
    CUT_SEW = "cut_sew"

    @property
    def label(self) -> str:
        """The words on screen."""
        special = {Decoration.DTG: "Direct to garment", Decoration.CUT_SEW: "Cut and sew"}
        return special.get(self, self.value.replace("_", " ").capitalize())


class Category(Audited, Keyed, Timestamped, Versioned, Entered, Base):
    """A shelf of the catalog, or one within it: the tree has two levels.

    The database holds the two levels by itself: a parent has to be a top category, and one
    with children cannot get a parent, so a circle cannot come about either.
    """

    __tablename__ = "categories"
    __table_args__ = (
        CheckConstraint("length(btrim(name::text)) > 0", name="name"),
        UniqueConstraint("id", "is_top"),
        ForeignKeyConstraint(
            ["parent_id", "parent_is_top"], ["categories.id", "categories.is_top"]
        ),
    )

    name: Mapped[str] = mapped_column(CITEXT, unique=True)
    description: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(index=True)
    is_top: Mapped[bool] = mapped_column(Computed("parent_id IS NULL", persisted=True))
    parent_is_top: Mapped[bool | None] = mapped_column(
        Computed("CASE WHEN parent_id IS NOT NULL THEN true END", persisted=True)
    )
    parent: Mapped["Category | None"] = relationship(
        primaryjoin="foreign(Category.parent_id) == remote(Category.id)"
    )

    @property
    def label(self) -> str:
        """The name, after that of the shelf it lies in: "Uniforms › Jerseys"."""
        return f"{self.parent.name} › {self.name}" if self.parent else self.name


class SizeRun(Audited, Keyed, Timestamped, Versioned, Entered, Base):
    """The sizes a product comes in, in their order."""

    __tablename__ = "size_runs"
    __table_args__ = (
        CheckConstraint("length(btrim(name::text)) > 0", name="name"),
        CheckConstraint("cardinality(sizes) BETWEEN 1 AND 40", name="sizes"),
    )

    name: Mapped[str] = mapped_column(CITEXT, unique=True)
    sizes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    prepacks: Mapped[list["Prepack"]] = relationship(
        back_populates="size_run", order_by="Prepack.name", cascade="all, delete-orphan"
    )


class Prepack(Audited, Keyed, Timestamped, Entered, Base):
    """A named ratio over the sizes of a run, such as 1-2-2-1 over S M L XL."""

    __tablename__ = "prepacks"
    __table_args__ = (
        CheckConstraint("length(btrim(name::text)) > 0", name="name"),
        CheckConstraint("ratio_fits(ratio)", name="ratio"),
        UniqueConstraint("size_run_id", "name"),
    )

    size_run_id: Mapped[int] = mapped_column(ForeignKey("size_runs.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(CITEXT)
    # Size → its part. The database refuses a size that the run does not have.
    ratio: Mapped[dict[str, int]]
    size_run: Mapped[SizeRun] = relationship(back_populates="prepacks")

    @property
    def units(self) -> int:
        """Units in one pack."""
        return sum(self.ratio.values())

    @property
    def parts(self) -> str:
        """The ratio in words, in the run's order: "S 1, M 2, L 2, XL 1"."""
        sizes = [size for size in self.size_run.sizes if size in self.ratio]
        return ", ".join(f"{size} {self.ratio[size]}" for size in sizes)


class Product(Audited, Keyed, Timestamped, Versioned, Archivable, Entered, Base):
    """A style. Its price is the base price; some sizes carry a surcharge."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("length(btrim(sku::text)) > 0", name="sku"),
        CheckConstraint("length(btrim(name)) > 0", name="name"),
        CheckConstraint("surcharges_fit(surcharges)", name="surcharges"),
        CheckConstraint("base_price > 0", name="base_price"),
        CheckConstraint("min_quantity > 0", name="min_quantity"),
        CheckConstraint("order_multiple > 0", name="order_multiple"),
        CheckConstraint(one_of("decoration", Decoration), name="decoration"),
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
    # Units of the style are ordered in multiples of this.
    order_multiple: Mapped[int] = mapped_column(server_default="1")
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
    images: Mapped[list["ProductImage"]] = relationship(
        back_populates="product",
        order_by="ProductImage.position, ProductImage.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def decoration_label(self) -> str:
        """How it is decorated, in words; empty when it is not."""
        return Decoration(self.decoration).label if self.decoration else ""

    @property
    def surcharge_words(self) -> str:
        """The sizes that cost more, in the run's order: "2XL +2.00, 3XL +3.00"."""
        dearer = [size for size in self.size_run.sizes if size in self.surcharges]
        return ", ".join(f"{size} +{self.surcharges[size]}" for size in dearer)

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
        Index(
            "ix_variants_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    code: Mapped[str] = mapped_column(CITEXT, unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    colour: Mapped[str | None]
    material: Mapped[str | None]
    price: Mapped[Decimal | None]
    cost: Mapped[Decimal | None]
    position: Mapped[int] = mapped_column(server_default="0")
    search: Mapped[str] = mapped_column(
        Computed(
            "search_key(code::text || ' ' || coalesce(colour, '')"
            " || ' ' || coalesce(material, ''))",
            persisted=True,
        )
    )
    product: Mapped[Product] = relationship(back_populates="variants")

    @property
    def label(self) -> str:
        """What tells this variant from its siblings."""
        return " · ".join(part for part in (self.colour, self.material) if part) or "Standard"

    @property
    def unit_price(self) -> Decimal:
        """The list price: the variant's own, or its product's."""
        return self.price if self.price is not None else self.product.base_price
