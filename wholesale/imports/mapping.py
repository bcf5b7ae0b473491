"""A mapping: which file fills which record, and which column fills which field."""

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from decimal import Decimal

from wholesale.imports.records import Record

_PLACE = re.compile(r"\{([^{}:]+)(?::(\d+))?\}")


@dataclass(frozen=True)
class Field:
    """Where one field's value comes from: exactly one of the sources is given."""

    name: str
    convert: str = "text"
    # Columns of which the first filled one counts.
    either: tuple[str, ...] = ()
    # Columns whose cells are put together, with a space between them.
    joined: tuple[str, ...] = ()
    # Templates such as ``{city} {zip}``, one a line; ``{id:3}`` is filled with zeros to 3 places.
    lines: tuple[str, ...] = ()
    constant: str | None = None
    # A column, and the values for when it is filled and when it is empty.
    choice: tuple[str, str, str] | None = None
    # Units or amounts: size → column.
    sizes: Dictionary[str, str] | None = None
    # A column that names a size, and the one with its units.
    pair: tuple[str, str] | None = None

    @property
    def columns(self) -> list[str]:
        """The columns it reads."""
        named = [match[1] for line in self.lines for match in _PLACE.finditer(line)]
        named += [self.choice[0]] if self.choice else []
        return [
            *self.either,
            *self.joined,
            *named,
            *(self.sizes or {}).values(),
            *(self.pair or ()),
        ]

    def column(self, cells: Dictionary[str, str]) -> str:
        """Return the column to name when the field's value is wrong: the first filled one."""
        filled = (name for name in self.columns if cells.get(name, "").strip())
        return next(filled, self.columns[0] if self.columns else self.name)

    def text(self, cells: Dictionary[str, str]) -> str:
        """Return the text that a row's ``cells`` give; a line without any cell is dropped."""
        if self.constant is not None:
            return self.constant
        if self.either:
            return next((cells[name] for name in self.either if cells[name].strip()), "")
        if self.joined:
            return " ".join(cells[name].strip() for name in self.joined)
        if self.choice:
            column, filled, empty = self.choice
            return filled if cells[column].strip() else empty
        return "\n".join(text for line in self.lines if (text := _fill(line, cells)))


@dataclass(frozen=True)
class Target:
    """One record of the mapping with the file, or the rows in the mapping, that fill it."""

    record: Record
    file: str
    rows: tuple[Dictionary[str, str], ...] | None
    fields: tuple[Field, ...]
    # The name by which other rows of the import mean this one.
    alias: str | None
    # Rows that exist stay as they are.
    keeps_existing: bool = False
    # How a row finds the record that exists: by the record's key, or as ``finding`` knows.
    finder: str = "key"

    def column(self, name: str, cells: Dictionary[str, str]) -> str:
        """Return the column to name when the field ``name`` of a row is wrong."""
        given = next((field for field in self.fields if field.name == name), None)
        return given.column(cells) if given else name

    @property
    def columns(self) -> list[str]:
        """The columns the file must have."""
        aliased = Field("alias", lines=(self.alias,)).columns if self.alias else []
        return [column for field in self.fields for column in field.columns] + aliased

    def alias_of(self, cells: Dictionary[str, str]) -> str | None:
        """Return the name by which the import knows the row."""
        return _fill(self.alias, cells) if self.alias else None


@dataclass(frozen=True)
class Mapping:
    """All targets in the order of loading, and the orders' sum that must come out."""

    title: str
    targets: tuple[Target, ...]
    expected_subtotal: Decimal | None = None


def _fill(template: str, cells: Dictionary[str, str]) -> str:
    """Put ``cells`` into ``template``; nothing when all of them are empty."""
    named = [match[1] for match in _PLACE.finditer(template)]
    if named and not any(cells[name].strip() for name in named):
        return ""
    return _PLACE.sub(lambda match: cells[match[1]].zfill(int(match[2] or 0)), template).strip()
