"""What a document says, as plain data: money and days as text, rows without units left out."""

from collections.abc import Sequence
from typing import Any

from wholesale.lines.grid import Section, sections
from wholesale.lines.models import Lined, LineItem

MONEY = (
    "subtotal",
    "discount_percent",
    "discount",
    "tax_percent",
    "tax",
    "freight",
    "total",
)


def body_of(document: Lined, lines: Sequence[LineItem], currency: str) -> dict[str, Any]:
    """Return what is common to every document; the same one gives the same data."""
    offered = [line for line in lines if line.qty_total]
    seller = document.salesperson
    return {
        "name": document.name,
        "customer": document.organization.name,
        "address": document.organization.address,
        "contact": document.contact.name if document.contact else "",
        "salesperson": seller.name if seller else "",
        "salesperson_email": seller.email if seller else "",
        "delivery": document.requested_delivery.isoformat() if document.requested_delivery else "",
        "ship_to": document.shipping_address,
        "notes": document.notes,
        "currency": currency,
        "styles": [_style(section) for section in sections(offered)],
        "units": document.units,
        **{name: str(getattr(document, name)) for name in MONEY},
    }


def _style(section: Section) -> dict[str, Any]:
    used = [size for size in section.sizes if section.column_units(size)]
    return {
        "sku": section.product.sku,
        "name": section.product.name,
        "sizes": used,
        "rows": [_row(line) for line in section.lines],
        "units": section.units,
        "amount": str(section.amount),
    }


def _row(line: LineItem) -> dict[str, Any]:
    filled = {size: units for size, units in line.quantities.items() if units}
    unit = line.unit_price
    return {
        "code": line.variant.code,
        "label": line.variant.label,
        "quantities": filled,
        "units": line.qty_total,
        "unit_price": str(unit),
        "dearer": {s: str(price) for s in filled if (price := line.size_price(s)) != unit},
        "discount_percent": str(line.discount_percent),
        "amount": str(line.line_total),
        "notes": line.notes,
    }
