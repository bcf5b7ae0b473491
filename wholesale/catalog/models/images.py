"""Images of products: re-encoded when they come in, and read only where one is served."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.catalog.models.products import Product, Variant
from wholesale.core.models import Base, Keyed, Timestamped


class ProductImage(Keyed, Timestamped, Base):
    """A picture of a product or of one variant; the first by position is the primary one.

    The bytes are deferred: a list never loads them.
    """

    __tablename__ = "product_images"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="pixels"),
        CheckConstraint("bytes = octet_length(content)", name="bytes"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        ForeignKeyConstraint(["variant_id", "product_id"], ["variants.id", "variants.product_id"]),
        UniqueConstraint("product_id", "sha256"),
        Index("ix_product_images_product_id", "product_id", "position"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    variant_id: Mapped[int | None] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(server_default="0")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    byte_count: Mapped[int] = mapped_column("bytes")
    sha256: Mapped[str]
    alt_text: Mapped[str] = mapped_column(server_default="")
    product: Mapped[Product] = relationship(back_populates="images", overlaps="variant")
    variant: Mapped[Variant | None] = relationship(overlaps="images,product")

    @property
    def shown_text(self) -> str:
        """What stands for the picture where it cannot be seen."""
        return self.alt_text or f"Picture of {self.product.name}"
