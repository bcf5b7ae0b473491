"""Turns the columns that somebody chose for a kind of file into the targets of the import."""

import re
from collections.abc import Mapping

from wholesale.core.text import clean_line
from wholesale.imports.columns import BY_HEADER
from wholesale.imports.kinds import Kind, record_of
from wholesale.imports.mapping import Field, Target
from wholesale.imports.mapping_file import usual
from wholesale.imports.records import Record

Chosen = Mapping[str, str]  # column of the file → field

_BEFORE_SIZE = re.compile(r"(surcharge|upcharge|quantity|qty|units|size)[ :_-]+", re.IGNORECASE)
_FINDERS = {"organizations": "customer", "contacts": "contact", "prices": "price"}
# Fields of the page → field of the record.
_HEAD = {
    name: name
    for name in ("code", "salesperson", "priority", "placed_at", "requested_delivery")
    + ("shipping_address", "freight")
} | {"order_name": "name", "order_notes": "notes"}
_LINE = {
    "code": "order",
    "variant": "variant",
    "unit_price": "unit_price",
    "discount_percent": "discount_percent",
    "line_notes": "notes",
}


def targets_of(kind: Kind, chosen: Chosen, file: str) -> list[Target]:
    """Return what the rows of ``file`` fill, in the order of loading."""
    if kind.name == "orders":
        return [_order(kind, chosen, file), _order_line(kind, chosen, file)]
    record = record_of(kind.name)
    fields = _fields(kind, record, {c.name: c.name for c in kind.columns}, chosen)
    fields += _special(kind, chosen)
    finder = _FINDERS.get(kind.name, "key")
    return [Target(record, file, None, tuple(fields), None, finder=finder)]


def size_of(header: str) -> str:
    """Return the size that a header names: ``2XL`` of “Surcharge 2XL”."""
    return clean_line(_BEFORE_SIZE.sub("", header, count=1))


def by_header(kind: Kind, chosen: Chosen) -> dict[str, str]:
    """Return size → column for the columns whose header names a size."""
    wanted = BY_HEADER.get(kind.name)
    return {size_of(header): header for header, name in chosen.items() if name == wanted}


def _fields(kind: Kind, record: Record, names: dict[str, str], chosen: Chosen) -> list[Field]:
    fields = []
    for header, name in chosen.items():
        if names.get(name) in record.fields and name != "organization":
            convert = kind.column(name).convert or usual(record, names[name], "column")
            fields.append(Field(names[name], convert, either=(header,)))
    return fields


def _special(kind: Kind, chosen: Chosen) -> list[Field]:
    """Return the fields that are made of several columns."""
    columns = {name: header for header, name in chosen.items()}
    fields = []
    customer = [columns[n] for n in ("organization_number", "organization") if n in columns]
    if customer:
        fields.append(Field("organization", either=tuple(customer)))
    parts = [columns[name] for name in ("first_name", "last_name") if name in columns]
    if parts and "name" not in columns:
        fields.append(Field("name", joined=tuple(parts)))
    if kind.name == "products" and (sizes := by_header(kind, chosen)):
        fields.append(Field("surcharges", "surcharges", sizes=sizes))
    return fields


def _order(kind: Kind, chosen: Chosen, file: str) -> Target:
    record = record_of("orders")
    fields = _fields(kind, record, _HEAD, chosen) + _special(kind, chosen)
    return Target(record, file, None, tuple(fields), None)


def _order_line(kind: Kind, chosen: Chosen, file: str) -> Target:
    record = record_of("order_lines")
    fields = _fields(kind, record, _LINE, chosen)
    columns = {name: header for header, name in chosen.items()}
    if sizes := by_header(kind, chosen):
        fields.append(Field("quantities", sizes=sizes))
    elif "size" in columns and "quantity" in columns:
        fields.append(Field("quantities", pair=(columns["size"], columns["quantity"])))
    return Target(record, file, None, tuple(fields), None)
