"""Makes entries, values by column, of the rows of a file, and links them to other records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.imports.convert import CONVERTERS, whole
from wholesale.imports.mapping import Field, Target
from wholesale.imports.reader import Row
from wholesale.imports.records import RECORDS, Reference
from wholesale.imports.report import Problem


@dataclass
class Entry:
    """One row that is to be loaded."""

    line: int
    alias: str | None
    # Column → value. A reference holds text until it is linked.
    values: dict[str, Any]
    # What only a new record gets, such as a price copied from the catalog.
    fresh: dict[str, Any] = field(default_factory=dict)
    # Its primary key, once it is written.
    id: int = 0


class Links:
    """Finds the records that rows name: rows of this import by alias, others by their key."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, dict[str, int]] = {}

    def note(self, record: str, name: str, key: int) -> None:
        """Remember that ``name`` means the record with the primary key ``key``."""
        self._known.setdefault(record, {})[name.lower()] = key

    def ids(self, record: str) -> list[int]:
        """Return the primary keys of all rows of ``record`` with an alias, in their order."""
        return list(self._known.get(record, {}).values())

    def find(self, record: str, names: Iterable[str]) -> Mapping[str, int]:
        """Return a mapping of lower-case names to primary keys that has all it could find."""
        known = self._known.setdefault(record, {})
        unknown = {name for name in names if name.lower() not in known}
        keys = RECORDS[record].key_columns
        if unknown and len(keys) == 1:
            query = select(keys[0], RECORDS[record].id_column).where(keys[0].in_(unknown))
            return known | {name.lower(): key for name, key in self._session.execute(query)}
        return known


def entries_of(target: Target, rows: Iterable[Row], problems: list[Problem]) -> list[Entry]:
    """Return an entry for each row; rows that cannot be converted add to ``problems``."""
    entries = []
    for row in rows:
        if row.fault:
            problems.append(Problem(target.file, row.line, None, row.fault))
        else:
            values = _values(target, row, problems)
            entries.append(Entry(row.line, target.alias_of(row.cells), values))
    return entries


def _values(target: Target, row: Row, problems: list[Problem]) -> dict[str, Any]:
    values = {}
    for given in target.fields:
        column = target.record.column(given.name)
        try:
            value = _value(given, row.cells)
            if value is None and target.record.is_required(given.name):
                raise ValueError("It is empty.")
        except ValueError as error:
            source = given.columns[0] if given.columns else given.name
            problems.append(Problem(target.file, row.line, source, str(error)))
        else:
            if value is not None or column.nullable:
                values[column.name] = value
    return values


def _value(given: Field, cells: Mapping[str, str]) -> Any:
    if given.sizes is not None:
        units = {size: whole(cells[name].strip() or "0") for size, name in given.sizes.items()}
        return {size: count for size, count in units.items() if count}
    text = given.text(cells).strip()
    value = CONVERTERS[given.convert](text) if text else None
    if given.name == "archived":
        return now() if value else None
    return None if value in ("", []) else value


def link(target: Target, entries: list[Entry], links: Links, problems: list[Problem]) -> None:
    """Put primary keys in the place of the names of other records."""
    for given in target.fields:
        reference = target.record.references.get(given.name)
        if reference:
            _link_column(target, given, reference, entries, links, problems)


def _link_column(
    target: Target,
    given: Field,
    reference: Reference,
    entries: list[Entry],
    links: Links,
    problems: list[Problem],
) -> None:
    named = [entry for entry in entries if entry.values.get(reference.column)]
    found = links.find(reference.record, {entry.values[reference.column] for entry in named})
    kind = reference.record.replace("_", " ")
    for entry in named:
        name = entry.values[reference.column]
        entry.values[reference.column] = found.get(name.lower())
        if name.lower() not in found:
            source = given.columns[0] if given.columns else given.name
            reason = f"There is no “{name}” among the {kind}."
            problems.append(Problem(target.file, entry.line, source, reason))
