"""The grid of a product's variants as somebody sent it: cells, new rows, and what to do."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wholesale.access.queries import Actor, may
from wholesale.catalog.codes import LONGEST_CODE
from wholesale.catalog.models import Variant
from wholesale.core.money import parse_amount
from wholesale.core.text import clean_line

COLUMNS = {"code": "Code", "colour": "Colour", "material": "Material", "price": "Price"}
COLUMNS |= {"cost": "Cost"}
TOGETHER = ("material", "price", "cost")  # what can be set for several rows at once
AMOUNTS = ("price", "cost")
CLEARED = "none"
WAS = "was."
LARGEST_PRICE = Decimal("999999.99")
LONGEST_TEXT = 100
VERBS = ("up", "down", "archive", "restore")


@dataclass(frozen=True)
class Cell:
    """One field of the grid as it was sent: ``v.12.price``, with the text it replaces."""

    name: str
    key: int
    column: str
    typed: str
    was: str | None


@dataclass(frozen=True)
class CellError:
    """Why one field was refused; ``theirs`` is what another person has put there meanwhile."""

    field: str
    label: str
    message: str
    typed: str
    theirs: str | None = None


@dataclass(frozen=True)
class Sent:
    """What one form of the grid holds."""

    cells: list[Cell] = field(default_factory=list)
    chosen: frozenset[int] = frozenset()
    together: Mapping[str, str] = field(default_factory=dict)
    colours: str = ""
    materials: str = ""
    verb: str = ""
    key: int = 0

    @property
    def rows(self) -> list[tuple[str | None, str | None]]:
        """The new rows: each colour in each material."""
        colours: list[str | None] = [*_lines(self.colours)]
        materials: list[str | None] = [*_lines(self.materials)]
        if not colours and not materials:
            return []
        return [(c, m) for c in colours or [None] for m in materials or [None]]


@dataclass(frozen=True)
class Entry:
    """What somebody sent that was not written: shown again, with the reasons."""

    sent: Sent = field(default_factory=Sent)
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, CellError] = field(default_factory=dict)


def columns_for(actor: Actor) -> dict[str, str]:
    """Return the columns ``actor`` works with: cost only for those who may read it."""
    hidden = () if may(actor, "costs:read") else ("cost",)
    return {name: label for name, label in COLUMNS.items() if name not in hidden}


def read_grid(fields: Mapping[str, str], rows: Iterable[str], columns: Collection[str]) -> Sent:
    """Return what ``fields`` hold; ``rows`` are the keys of the chosen rows.

    Cells of other columns than ``columns``, and names that do not fit, are left out.
    """
    verb, _, number = fields.get("do", "").partition(".")
    return Sent(
        cells=[cell for name in fields if (cell := _cell(fields, name, columns))],
        chosen=frozenset(int(row) for row in rows if is_key(row)),
        together={
            name: text
            for name in TOGETHER
            if name in columns and (text := clean_line(fields.get(f"set.{name}")))
        },
        colours=fields.get("new.colours", ""),
        materials=fields.get("new.materials", ""),
        verb=verb if verb in VERBS and is_key(number) else "",
        key=int(number) if is_key(number) else 0,
    )


def _cell(fields: Mapping[str, str], name: str, columns: Collection[str]) -> Cell | None:
    kind, _, rest = name.partition(".")
    number, _, column = rest.partition(".")
    if kind != "v" or column not in columns or not is_key(number):
        return None
    return Cell(name, int(number), column, clean_line(fields[name]), fields.get(WAS + name))


def is_key(number: str) -> bool:
    """Tell whether a text can be the key of a record."""
    return number.isascii() and number.isdigit() and len(number) <= 10 and 0 < int(number) < 2**31


def cell_text(variant: Variant, column: str) -> str:
    """Return what a field of the grid holds for ``variant``."""
    value = getattr(variant, column)
    return "" if value is None else str(value)


def read_cell(column: str, text: str) -> Any:
    """Return what was typed as the column holds it. Raises ValueError with a sentence."""
    if column in AMOUNTS:
        amount = parse_amount(text, limit=LARGEST_PRICE) if text else None
        if column == "price" and amount == 0:
            raise ValueError("A price is more than zero; leave it empty for the base price.")
        return amount
    if column == "code" and not text:
        raise ValueError("Enter a code.")
    longest = LONGEST_CODE if column == "code" else LONGEST_TEXT
    if len(text) > longest:
        raise ValueError(f"This takes {longest} characters at most.")
    return text or None


def is_same(column: str, one: str, other: str) -> bool:
    """Tell whether two texts of a cell mean the same: ``12.5`` is ``12.50``."""
    if one == other or column not in AMOUNTS:
        return one == other
    try:
        return bool(read_cell(column, one) == read_cell(column, other))
    except ValueError:
        return False


def _lines(text: str) -> list[str]:
    """Return what stands on the lines, or between commas, each once."""
    parts = text.replace("\t", "\n").replace(",", "\n").replace(";", "\n").splitlines()
    found = {line.casefold(): line for part in reversed(parts) if (line := clean_line(part))}
    return list(reversed(found.values()))
