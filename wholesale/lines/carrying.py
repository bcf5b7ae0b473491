"""What a line copies from the catalog, and what is carried from one document into another."""

from typing import Any

from wholesale.catalog.models import Product, Variant
from wholesale.catalog.pricing import Basis, price

# What a row says, and what a document says besides its rows: what is carried into another one.
LINE_COLUMNS = (
    "variant_id",
    "product_id",
    "position",
    "sizes",
    "surcharges",
    "quantities",
    "unit_price",
    "pricing",
    "is_price_manual",
    "discount_percent",
    "notes",
)
AMOUNTS = ("discount_percent", "discount_amount", "tax_percent", "freight")
AGREED = ("shipping_address", "notes", *AMOUNTS)
TERMS = ("requested_delivery", *AGREED)
# What goes along into a copy at today's prices; the day of delivery does not.
COPIED = ("name", "contact_id", *AGREED)


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


def copy_columns(source: Any, target: Any, names: tuple[str, ...]) -> None:
    """Give ``target`` what ``source`` says under ``names``."""
    for name in names:
        setattr(target, name, getattr(source, name))
