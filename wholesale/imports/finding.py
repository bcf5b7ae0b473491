"""Finds the records that rows stand for: by the record's key, or as people know them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Select, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from wholesale.catalog.models import PriceEntry
from wholesale.customers.models import Organization
from wholesale.imports.entries import Entry, Key
from wholesale.imports.mapping import Target
from wholesale.imports.records import Record

Found = Mapping[Any, Any]
Finder = Callable[[Session, Target, list[Entry]], None]


def set_keys(session: Session, target: Target, entries: list[Entry]) -> None:
    """Give each entry the keys by which it is told from the other rows of its file."""
    if target.finder == "customer":
        _set_customer_keys(session, entries)
        return
    for entry in entries:
        key = key_of(target.record, entry)
        # Of one order line each row may bring other sizes.
        sizes = entry.values.get("quantities")
        entry.keys = [key] if sizes is None else [(*key, *sorted(sizes))]
        entry.apart = [key]
    if target.finder == "contact":
        _add_likeness(session, entries)


def find(session: Session, target: Target, entries: list[Entry]) -> None:
    """Give each entry the ``id`` and the present values of the record that it stands for."""
    if entries:
        _FINDERS[target.finder](session, target, entries)


def key_of(record: Record, entry: Entry) -> Key:
    """Return what tells ``entry`` from the others, as the database compares it."""
    return _folded(record.key_columns, [entry.values.get(c.name) for c in record.key_columns])


def _folded(columns: "Iterable[Column[Any]]", values: Iterable[Any]) -> Key:
    return tuple(
        value.lower() if isinstance(column.type, CITEXT) and value else value
        for column, value in zip(columns, values, strict=True)
    )


def _rows(record: Record) -> Select[Any]:
    """Select all that an import may compare or put back, the primary key first."""
    kept = [column for column in record.table.c if column.computed is None]
    return select(record.id_column.label("primary_key"), *kept)


def _take(entry: Entry, row: Found) -> None:
    entry.id, entry.before = row["primary_key"], row


def _by_key(session: Session, target: Target, entries: list[Entry]) -> None:
    record = target.record
    keys = record.key_columns
    wanted = [tuple(entry.values[column.name] for column in keys) for entry in entries]
    query = _rows(record)
    if len(keys) == 1:
        query = query.where(keys[0].in_([key[0] for key in wanted]))
    else:
        query = query.where(tuple_(*keys).in_(wanted))
    found: dict[Key, list[Found]] = {}
    for row in session.execute(query).mappings():
        found.setdefault(_folded(keys, [row[c.name] for c in keys]), []).append(row)
    for entry in entries:
        rows = _of_address(found.get(key_of(record, entry), []), entry.values.get("email"))
        if len(rows) > 1:
            entry.blame(target, record.key[-1], "There are several records of this name.")
        elif rows:
            _take(entry, rows[0])


def _of_address(rows: list[Found], mail: str | None) -> list[Found]:
    """Of several people of one name return the one with the row's e-mail address."""
    if len(rows) < 2 or not mail:
        return rows
    return [row for row in rows if (row["email"] or "").lower() == mail.lower()] or rows


def _by_place(session: Session, target: Target, entries: list[Entry]) -> None:
    """Find prices by list, product, variant (which may be none) and quantity."""
    lists = {entry.values["price_list_id"] for entry in entries}
    products = {entry.values["product_id"] for entry in entries}
    query = _rows(target.record).where(
        PriceEntry.price_list_id.in_(lists), PriceEntry.product_id.in_(products)
    )
    keys = target.record.key_columns
    found = {
        tuple(row[column.name] for column in keys): row for row in session.execute(query).mappings()
    }
    for entry in entries:
        if row := found.get(key_of(target.record, entry)):
            _take(entry, row)


def _set_customer_keys(session: Session, entries: list[Entry]) -> None:
    """A customer's key is its number where the row has one, else its name and city, folded."""
    names = folded_names(session, [entry.values["name"] for entry in entries])
    for entry in entries:
        number, city = entry.values.get("reference"), entry.values.get("city") or ""
        name = names[entry.values["name"]]
        alike: list[Key] = [("place", name, city.lower())]
        entry.keys = [("number", number.lower()), *alike] if number else alike
        entry.apart = [("name", name)]


def _add_likeness(session: Session, entries: list[Entry]) -> None:
    """Rows of one customer with the same folded name or e-mail address look the same."""
    names = folded_names(session, [entry.values["name"] for entry in entries])
    for entry in entries:
        customer, mail = entry.values["organization_id"], entry.values.get("email")
        entry.keys.append(("alike", customer, names[entry.values["name"]]))
        if mail:  # of one name there may be two
            entry.keys[0] = (*entry.keys[0], mail.lower())
            entry.keys.append(("mail", customer, mail.lower()))


def folded_names(session: Session, names: list[str]) -> dict[str, str]:
    """Return each name as the database folds it for searching."""
    given = func.unnest(cast(names, ARRAY(Text))).column_valued("given")
    return {row[0]: row[1] for row in session.execute(select(given, func.search_key(given)))}


def standing() -> Any:
    """Return the condition that a customer was not merged into another one.

    It is written so that no index serves it: nearly all are standing, and the name tells more.
    """
    return func.coalesce(Organization.merged_into_id, 0) == 0


def _by_number_or_name(session: Session, target: Target, entries: list[Entry]) -> None:
    keys = {entry.keys[0] for entry in entries}
    numbers = [key[1] for key in keys if key[0] == "number"]
    names = [key[1] for key in keys if key[0] == "place"]
    folded = func.search_key(Organization.name)
    query = _rows(target.record).add_columns(folded.label("folded_name"))
    by_number = query.where(Organization.reference.in_(numbers))
    by_name = query.where(folded.in_(names))
    found: dict[Key, list[Found]] = {}
    for row in session.execute(by_number).mappings() if numbers else ():
        found[("number", row["reference"].lower())] = [row]
    for row in session.execute(by_name).mappings() if names else ():
        found.setdefault(("place", row["folded_name"]), []).append(row)
    for entry in entries:
        _take_customer(target, entry, found.get(entry.keys[0][:2], []))


def _take_customer(target: Target, entry: Entry, rows: list[Found]) -> None:
    """Take the record with the row's number, or the one of its name in its city, if it is one."""
    by_name = entry.keys[0][0] == "place"
    if by_name:
        rows = _in_city(rows, entry.keys[0][2])
    if len(rows) > 1:
        reason = f"{len(rows)} customers have this name. Add a column with the customer number."
        entry.blame(target, "name", reason)
    elif rows and rows[0]["merged_into_id"] is not None:
        entry.blame(target, "name", "This customer was merged into another one.")
    elif rows:
        _take(entry, rows[0])
        if by_name:  # the spelling and the number that it has stay
            entry.values = {k: v for k, v in entry.values.items() if k not in ("name", "reference")}


def _in_city(rows: list[Found], city: str) -> list[Found]:
    """Of customers of one name return those meant: of that city, else of none; those in use."""
    there = [row for row in rows if (row["city"] or "").lower() == city]
    near = there or [row for row in rows if not city or not row["city"]]
    return [row for row in near if row["archived_at"] is None] or near


_FINDERS: dict[str, Finder] = {
    "key": _by_key,
    "contact": _by_key,
    "price": _by_place,
    "customer": _by_number_or_name,
}
