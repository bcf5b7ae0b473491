"""What differs between two contents of a document, in words for the people on both sides."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LABELS = {
    "name": "Name",
    "customer": "Customer",
    "address": "Address",
    "contact": "Contact",
    "salesperson": "Salesperson",
    "valid_until": "Valid until",
    "delivery": "Delivery",
    "ship_to": "Ship to",
    "terms": "Terms",
    "notes": "Notes",
}
SUMS = {
    "units": "Units",
    "subtotal": "Subtotal",
    "discount": "Discount",
    "tax": "Tax",
    "freight": "Freight",
    "total": "Total",
}
ROW = {"unit_price": "price", "discount_percent": "discount %", "notes": "notes"}


@dataclass(frozen=True)
class Change:
    """One thing that differs; an empty text stands for nothing."""

    label: str
    before: str
    after: str


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return what differs from ``before`` to ``after``: details, then rows, then sums."""
    return [
        *_fields(before, after, LABELS),
        *_rows(before, after),
        *_fields(before, after, SUMS),
    ]


def _fields(before: dict[str, Any], after: dict[str, Any], labels: dict[str, str]) -> list[Change]:
    return [
        Change(label, _shown(before.get(name)), _shown(after.get(name)))
        for name, label in labels.items()
        if before.get(name) != after.get(name)
    ]


def _rows(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    old, new = _by_variant(before), _by_variant(after)
    found = []
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        if was and now:
            found += _row(was, now)
        elif was:
            found.append(Change(was["label"], _units(was), ""))
        elif now:
            found.append(Change(now["label"], "", _units(now)))
    return found


def _by_variant(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        row["code"]: row | {"label": f"{style['name']}, {row['label']}"}
        for style in content["styles"]
        for row in style["rows"]
    }


def _row(was: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    sizes = dict.fromkeys([*was["quantities"], *now["quantities"]])
    found = [
        Change(f"{now['label']} {size}", _shown(one), _shown(other))
        for size in sizes
        if (one := was["quantities"].get(size)) != (other := now["quantities"].get(size))
    ]
    found += [
        Change(f"{now['label']}, {label}", _shown(was[name]), _shown(now[name]))
        for name, label in ROW.items()
        if was[name] != now[name]
    ]
    if was["unit_price"] == now["unit_price"]:
        found += [
            Change(f"{now['label']} {size}, price", one, other)
            for size in was["quantities"].keys() & now["quantities"].keys()
            if (one := _price(was, size)) != (other := _price(now, size))
        ]
    return found


def _units(row: dict[str, Any]) -> str:
    cells = ", ".join(f"{size} {units}" for size, units in row["quantities"].items())
    return f"{cells} at {Decimal(row['unit_price']):,.2f}"


def _price(row: dict[str, Any], size: str) -> str:
    """Return what one unit of a size costs, its up-charge included."""
    return str(row["dearer"].get(size, row["unit_price"]))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
