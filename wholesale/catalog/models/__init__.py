"""What we sell and at what price: products with their sizes, images, and price lists."""

from wholesale.catalog.models.images import ProductImage
from wholesale.catalog.models.prices import PriceEntry, PriceList
from wholesale.catalog.models.products import (
    APPAREL_RUN,
    Category,
    Decoration,
    Prepack,
    Product,
    SizeRun,
    Variant,
)

__all__ = [
    "APPAREL_RUN",
    "Category",
    "Decoration",
    "Prepack",
    "PriceEntry",
    "PriceList",
    "Product",
    "ProductImage",
    "SizeRun",
    "Variant",
]
