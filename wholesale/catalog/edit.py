"""Saving the grid of variants: all or nothing, cell by cell, never over a newer edit."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from wholesale.catalog.grid import (
    CLEARED,
    COLUMNS,
    Cell,
    CellError,
    Entry,
    Sent,
    cell_text,
    is_same,
    read_cell,
)
from wholesale.catalog.grid_writing import Changes, add_rows, with_verb, write_cells
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.queries import taken_codes
from wholesale.catalog.words import in_words
from wholesale.core.errors import DomainError, Invalid
from wholesale.core.text import clean_line

MOST_VARIANTS = 500
GONE = "It was deleted meanwhile."


@dataclass
class Saved:
    """What was written."""

    cells: int = 0
    added: list[Variant] = field(default_factory=list)
    present: list[str] = field(default_factory=list)  # new rows that the product had already


class Refused(DomainError):
    """Something in the grid was refused; nothing was written."""

    def __init__(self, entry: Entry) -> None:
        count = len(entry.errors)
        many = f"{count} {'cell was' if count == 1 else 'cells were'} not saved."
        super().__init__(f"Nothing was saved: {many}" if count > 1 else many)
        self.entry = entry
        conflict = any(error.theirs is not None for error in entry.errors.values())
        self.status = 409 if conflict else 422


def save_grid(session: Session, product: Product, sent: Sent) -> Saved:
    """Write what was sent for a locked product: changed cells, new rows, then a move.

    A cell that was not changed is left as another person may have changed it meanwhile.
    Raises Refused with an error per cell.
    """
    variants = {variant.id: variant for variant in product.variants}
    refused = _together_errors(sent)
    cells = sent.cells if refused else _with_together(sent, variants)
    changes, typed, errors = _changes(variants, cells)
    errors |= refused | _taken(session, variants, changes)
    rows, present = _new_rows(product, sent)
    errors |= _row_errors(product, rows, sent)
    if sent.verb and sent.key not in variants:
        errors["gone"] = CellError("gone", "This row", GONE, "")
    if errors:
        raise Refused(Entry(sent, typed, errors))
    last = max([len(variants) - 1, *(variant.position for variant in product.variants)])
    try:
        with in_words(session):
            write_cells(session, variants, with_verb(product, sent, changes))
            added = add_rows(session, product, rows, last + 1)
    except Invalid as refusal:  # somebody took a code in this very moment
        error = CellError("taken", "Code", refusal.message, "")
        raise Refused(Entry(sent, typed, {"taken": error})) from None
    return Saved(sum(map(len, changes.values())), added, present)


def _together_errors(sent: Sent) -> dict[str, CellError]:
    """Return why what is to be set for several rows cannot be, by field."""
    errors = {}
    for column, text in sent.together.items():
        name, label = f"set.{column}", f"{COLUMNS[column]} of several rows"
        words = "" if sent.chosen else "Choose the rows first."
        try:
            read_cell(column, "" if text.lower() == CLEARED else text)
        except ValueError as problem:
            words = str(problem)
        if words:
            errors[name] = CellError(name, label, words, text)
    return errors


def _with_together(sent: Sent, variants: dict[int, Variant]) -> list[Cell]:
    """Return the cells, with what is set for all chosen rows as if it stood in each."""
    cells = {cell.name: cell for cell in sent.cells}
    for key in sorted(sent.chosen & variants.keys()):
        for column, text in sent.together.items():
            name = f"v.{key}.{column}"
            typed = "" if text.lower() == CLEARED else text
            fresh = Cell(name, key, column, typed, None)
            cells[name] = replace(cells.get(name, fresh), typed=typed)
    return list(cells.values())


def _changes(
    variants: dict[int, Variant], cells: list[Cell]
) -> tuple[Changes, dict[str, str], dict[str, CellError]]:
    """Return the values to write, the texts that differ from what was there, and the errors."""
    changes: Changes = {}
    typed: dict[str, str] = {}
    errors: dict[str, CellError] = {}
    for cell in cells:
        variant = variants.get(cell.key)
        present = clean_line(cell_text(variant, cell.column)) if variant else None
        was = clean_line(cell.was) if cell.was is not None else present
        if is_same(cell.column, cell.typed, was or ""):
            continue
        typed[cell.name] = cell.typed
        error = _check(cell, variant, present, was or "")
        if error is not None:
            errors[cell.name] = error
        elif not is_same(cell.column, cell.typed, present or ""):
            value = read_cell(cell.column, cell.typed)
            changes.setdefault(cell.key, {})[cell.column] = value
    return changes, typed, errors


def _check(cell: Cell, variant: Variant | None, present: str | None, was: str) -> CellError | None:
    if variant is None or present is None:
        return CellError(cell.name, "This row", GONE, cell.typed)
    label = f"{variant.code}, {COLUMNS[cell.column].lower()}"
    try:
        read_cell(cell.column, cell.typed)
    except ValueError as problem:
        return CellError(cell.name, label, str(problem), cell.typed)
    if is_same(cell.column, present, was) or is_same(cell.column, present, cell.typed):
        return None
    words = f"Somebody else set it to {present or 'nothing'} after you opened the page; you typed"
    message = f"{words} {cell.typed or 'nothing'}. Save again to keep yours."
    return CellError(cell.name, label, message, cell.typed, theirs=present)


def _taken(
    session: Session, variants: dict[int, Variant], changes: Changes
) -> dict[str, CellError]:
    """Return an error for each new code that another variant has, in whatever case."""
    wanted = {key: values["code"] for key, values in changes.items() if "code" in values}
    owners = taken_codes(session, list(wanted.values()))
    errors = {}
    for key, code in wanted.items():
        if owners.setdefault(code.lower(), key) != key:
            name = f"v.{key}.code"
            label = f"{variants[key].code}, code"
            errors[name] = CellError(name, label, f"Another variant has the code {code}.", code)
    return errors


def _new_rows(product: Product, sent: Sent) -> tuple[list[Any], list[str]]:
    """Return the rows to add, and the labels of those that are there already."""
    there = {_folded(variant.colour, variant.material) for variant in product.variants}
    rows = [row for row in sent.rows if _folded(*row) not in there]
    known = [row for row in sent.rows if _folded(*row) in there]
    return rows, [" · ".join(part for part in row if part) for row in known]


def _row_errors(product: Product, rows: list[Any], sent: Sent) -> dict[str, CellError]:
    """Return why the new rows cannot be added, by field."""
    name, words = "new.colours", ""
    if len(product.variants) + len(rows) > MOST_VARIANTS:
        words = f"A product has {MOST_VARIANTS} colours and materials at most."
    for row in rows:
        for part in row:
            try:
                read_cell("colour", part or "")
            except ValueError as problem:
                words = str(problem)
    return {name: CellError(name, "New rows", words, sent.colours)} if words else {}


def _folded(colour: str | None, material: str | None) -> tuple[str, str]:
    return (colour or "").casefold(), (material or "").casefold()
