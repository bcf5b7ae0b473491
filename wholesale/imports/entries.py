"""Makes entries, values by column, of the rows of a file, and links them to other records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.core.money import parse_amount
from wholesale.core.stages import Stage
from wholesale.core.text import clean_line
from wholesale.imports.convert import CONVERTERS, whole
from wholesale.imports.mapping import Field, Target
from wholesale.imports.reader import Row
from wholesale.imports.records import RECORDS, Reference
from wholesale.imports.report import Problem

Key = tuple[Any, ...]


class Outcome(Stage):
    """What becomes of a row."""

    CREATE = "create", "New", "good"
    UPDATE = "update", "Changed", "info"
    UNCHANGED = "unchanged", "Unchanged", "neutral"
    DUPLICATE = "duplicate", "Duplicate", "progress"
    ERROR = "error", "Error", "bad"


@dataclass
class Entry:
    """One row that is to be loaded."""

    row: Row
    alias: str | None = None
    # Column → value. A reference holds text until it is linked.
    values: dict[str, Any] = field(default_factory=dict)
    # What only a new record gets, such as a price copied from the catalog.
    fresh: dict[str, Any] = field(default_factory=dict)
    # Its primary key, once it is found or written.
    id: int = 0
    # The record that exists already, column → value.
    before: Mapping[str, Any] | None = None
    # What tells the row from the others of the file; the first is its key.
    keys: list[Key] = field(default_factory=list)
    # Keys that only keep it from being written together with others.
    apart: list[Key] = field(default_factory=list)
    # The first line of the file that looks the same: its own, or an earlier one.
    alike: int = 0
    problems: list[Problem] = field(default_factory=list)
    # Why it would stand there twice.
    duplicate: str = ""
    outcome: Outcome | None = None
    # What it changes: column → before and after.
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def blame(self, target: Target, name: str, reason: str) -> None:
        """Say what is wrong with the field ``name``, at the cell that filled it."""
        column = target.column(name, self.row.cells)
        self.problems.append(Problem(target.file, self.row.line, column, reason))


class CellError(ValueError):
    """A value that cannot be used, in a column that is not the field's first one."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


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

    def missing(self, record: str, name: str) -> str:
        """Say that there is no such record."""
        return f"There is no “{name}” among the {record.replace('_', ' ')}."


def entries_of(target: Target, rows: Iterable[Row]) -> list[Entry]:
    """Return an entry for each row; what cannot be converted is among its problems."""
    entries = []
    for row in rows:
        entry = Entry(row)
        if row.fault:
            entry.problems.append(Problem(target.file, row.line, row.faulty, row.fault))
        else:
            entry.alias = target.alias_of(row.cells)
            for given in target.fields:
                _convert(target, given, entry)
        entries.append(entry)
    return entries


def _convert(target: Target, given: Field, entry: Entry) -> None:
    column = target.record.column(given.name)
    try:
        value = _value(given, entry.row.cells)
        if value is None and target.record.is_required(given.name):
            raise ValueError("It is empty.")
    except CellError as error:
        entry.problems.append(Problem(target.file, entry.row.line, error.column, str(error)))
    except ValueError as error:
        entry.blame(target, given.name, str(error))
    else:
        if value is not None or column.nullable:
            entry.values[column.name] = value


def _value(given: Field, cells: Mapping[str, str]) -> Any:
    if given.sizes is not None:
        read = _amount if given.convert == "surcharges" else _units
        return {size: read(cells, name) for size, name in given.sizes.items()}
    if given.pair is not None:
        size = clean_line(cells[given.pair[0]])
        if not size:
            raise CellError(given.pair[0], "It is empty.")
        return {size: _units(cells, given.pair[1])}
    text = given.text(cells).strip()
    value = CONVERTERS[given.convert](text) if text else None
    if given.name == "archived":
        return now() if value else None
    return None if value in ("", []) else value


def _units(cells: Mapping[str, str], column: str) -> int:
    try:
        units = whole(cells[column].strip() or "0")
    except ValueError as error:
        raise CellError(column, str(error)) from None
    if units > 99_999:
        raise CellError(column, "A size has 99,999 units at most.")
    return units


def _amount(cells: Mapping[str, str], column: str) -> str:
    try:
        return f"{parse_amount(cells[column].strip() or '0')}"
    except ValueError as error:
        raise CellError(column, str(error)) from None


def link(target: Target, entries: list[Entry], links: Links) -> None:
    """Put primary keys in the place of the names of other records."""
    for given in target.fields:
        reference = target.record.references.get(given.name)
        if reference:
            _link_column(target, given, reference, entries, links)


def _link_column(
    target: Target, given: Field, reference: Reference, entries: list[Entry], links: Links
) -> None:
    named = [entry for entry in entries if entry.values.get(reference.column)]
    found = links.find(reference.record, {entry.values[reference.column] for entry in named})
    for entry in named:
        name = entry.values[reference.column]
        entry.values[reference.column] = found.get(name.lower())
        if name.lower() not in found:
            entry.blame(target, given.name, links.missing(reference.record, name))
