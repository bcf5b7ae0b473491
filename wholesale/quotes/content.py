"""What a quote says to its customer, as plain data: what is sent, hashed, printed and compared."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from wholesale.lines.grid import Section, sections
from wholesale.lines.models import LineItem
from wholesale.quotes.models import Quote


def content_of(quote: Quote, lines: Sequence[LineItem], currency: str) -> dict[str, Any]:
    """Return everything the customer is shown of ``quote``; money as text, days as ISO text.

    Rows without units are left out. The same quote gives the same content, so that its hash
    stands for it.
    """
    offered = [line for line in lines if line.qty_total]
    return {
        "code": quote.code,
        "revision": quote.revision,
        "name": quote.name,
        "customer": quote.organization.name,
        "address": quote.organization.address,
        "contact": quote.contact.name if quote.contact else "",
        "salesperson": quote.salesperson.name if quote.salesperson else "",
        "salesperson_email": quote.salesperson.email if quote.salesperson else "",
        "valid_until": quote.valid_until.isoformat() if quote.valid_until else "",
        "delivery": quote.requested_delivery.isoformat() if quote.requested_delivery else "",
        "ship_to": quote.shipping_address,
        "terms": quote.terms,
        "notes": quote.notes,
        "currency": currency,
        "styles": [_style(section) for section in sections(offered)],
        "units": quote.units,
        **{name: str(getattr(quote, name)) for name in MONEY},
    }


MONEY = (
    "subtotal",
    "discount_percent",
    "discount",
    "tax_percent",
    "tax",
    "freight",
    "total",
)


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
    return {
        "code": line.variant.code,
        "label": line.variant.label,
        "quantities": filled,
        "units": line.qty_total,
        "unit_price": str(line.unit_price),
        "dearer": {size: str(line.size_price(size)) for size in filled if size in line.surcharges},
        "discount_percent": str(line.discount_percent),
        "amount": str(line.line_total),
        "notes": line.notes,
    }


def content_hash(content: dict[str, Any]) -> str:
    """Return the SHA-256 of ``content``, however its keys are ordered, in 64 hex digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
