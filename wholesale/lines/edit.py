"""Typing into the grid: cells merge one by one, and never overwrite somebody else's newer edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.core.errors import DomainError
from wholesale.core.money import LIMIT, parse_amount
from wholesale.lines.entry import DISCOUNT, PRICE, QUANTITY, CellEdit
from wholesale.lines.grid import CellError, Section, sections
from wholesale.lines.models import Lined, LineItem
from wholesale.lines.prices import reprice
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals


@dataclass(frozen=True)
class Outcome:
    """What became of a set of edits: all written, or none and the errors say why."""

    sections: list[Section]
    edits: Sequence[CellEdit]
    errors: dict[str, CellError]
    is_conflict: bool = False
    missing: frozenset[int] = frozenset()  # lines that somebody removed meanwhile
    repriced: frozenset[int] = frozenset()  # lines whose price follows the new quantity

    @property
    def touched(self) -> dict[int, set[str]]:
        """Which sizes of which lines changed; a new price or discount changes them all."""
        found = {line_id: set(self._sizes_of(line_id)) for line_id in self.repriced}
        for edit in self.edits:
            line = found.setdefault(edit.line_id, set())
            line.update([edit.size] if edit.kind == QUANTITY else self._sizes_of(edit.line_id))
        return found

    @property
    def priced(self) -> set[int]:
        """Lines whose price field has to show what the price engine says."""
        return {e.line_id for e in self.edits if e.takes_list_price} | self.repriced

    @property
    def sizes(self) -> set[str]:
        """The columns that changed."""
        return set().union(*self.touched.values())

    def _sizes_of(self, line_id: int) -> list[str]:
        return next(
            (line.sizes for s in self.sections for line in s.lines if line.id == line_id), []
        )


class Refused(DomainError):
    """Some cells were refused; nothing was written."""

    def __init__(self, outcome: Outcome) -> None:
        count = len(outcome.errors)
        super().__init__(f"{count} {'cell was' if count == 1 else 'cells were'} not saved.")
        self.outcome = outcome
        self.status = 409 if outcome.is_conflict else 422


def edit_cells(
    session: Session, document: Lined, edits: Sequence[CellEdit], seen_version: int | None = None
) -> Outcome:
    """Write ``edits`` into ``document``, all or none, and bring its totals in line.

    An edit that carries the text it replaces (``was``) conflicts only when its own cell
    changed; one without conflicts when the document's lines changed since ``seen_version``.
    Returns the changed sections. Raises Refused with an error per cell.
    """
    document.refuse_closed()
    touched = _sections_of(session, document, edits)
    lines = {line.id: line for section in touched for line in section.lines}
    stale = seen_version is not None and seen_version != document.lines_version
    checked = {e.name: _check(e, lines.get(e.line_id), stale) for e in edits}
    errors = {name: error for name, error in checked.items() if error is not None}
    errors = errors or _too_large(edits, lines)
    if errors:
        conflict = any(error.theirs is not None for error in errors.values())
        missing = frozenset(edit.line_id for edit in edits) - lines.keys()
        raise Refused(Outcome([], edits, errors, conflict, missing))
    if not edits:
        return Outcome([], edits, errors)
    before = {key: line.quantities for key, line in lines.items()}
    for edit in edits:
        _write(lines[edit.line_id], edit)
    if any(line.quantities != before[key] for key, line in lines.items()):
        document.quantities_changed()
    repriced = reprice(lines.values())
    refresh_totals(session, document)
    shown = _sections_of(session, document, edits)
    return Outcome(shown, edits, errors, repriced=frozenset(repriced))


def _sections_of(session: Session, document: Lined, edits: Sequence[CellEdit]) -> list[Section]:
    ids = {edit.line_id for edit in edits}
    line = document.line_class()
    products = select(line.product_id).where(line.document_id == document.id, line.id.in_(ids))
    return sections(lines_of(session, document, list(session.scalars(products))))


def _check(edit: CellEdit, line: LineItem | None, stale: bool) -> CellError | None:
    if line is None or (edit.kind == QUANTITY and edit.size not in line.sizes):
        return CellError(edit.name, "This row", "It was removed meanwhile.", edit.typed)
    label = _label(edit, line)
    present = current_text(line, edit.kind, edit.size)
    try:
        known = edit.takes_list_price and line.pricing
        value = Decimal(-1) if known else edit.value()
    except ValueError as problem:
        return CellError(edit.name, label, str(problem), edit.typed)
    if value == _number(present):
        return None
    if (edit.was is not None and _number(edit.was) != _number(present)) or (
        edit.was is None and stale
    ):
        message = f"Somebody else set it to {present or 0} meanwhile; you typed {edit.typed or 0}."
        return CellError(edit.name, label, message, edit.typed, theirs=present)
    if edit.kind == QUANTITY and value and (line.variant.is_archived or line.product.is_archived):
        return CellError(edit.name, label, "It was archived meanwhile: remove the row.", edit.typed)
    return None


def _too_large(edits: Sequence[CellEdit], lines: dict[int, LineItem]) -> dict[str, CellError]:
    """Return an error for each edit of a line whose money the database could not hold."""
    errors = {}
    for line_id, line in lines.items():
        mine = [edit for edit in edits if edit.line_id == line_id]
        typed = {e.size: int(e.value()) for e in mine if e.kind == QUANTITY}
        typed_prices = [e for e in mine if e.kind == PRICE and not e.takes_list_price]
        price = Decimal(typed_prices[0].value()) if typed_prices else _dearest(line)
        extra = {size: Decimal(line.surcharges.get(size, "0")) for size in line.sizes}
        units = line.quantities | typed
        if sum(number * (price + extra[size]) for size, number in units.items()) > LIMIT:
            for edit in mine:
                words = f"The row would come to more than {LIMIT:,}."
                errors[edit.name] = CellError(edit.name, _label(edit, line), words, edit.typed)
    return errors


def _dearest(line: LineItem) -> Decimal:
    """Return the most that a unit may come to cost without a price set by hand."""
    basis = line.basis
    return max(line.unit_price, basis.list_price, basis.start) if basis else line.unit_price


def current_text(line: LineItem, kind: str, size: str = "") -> str:
    """Return what a field of the grid shows for ``line``."""
    if kind == PRICE:
        return str(line.unit_price)
    if kind == DISCOUNT:
        return f"{line.discount_percent.normalize():f}"
    return str(line.quantity(size) or "")


def texts(line: LineItem) -> dict[str, str]:
    """Return what every field of a row shows, by the field's name."""
    found = {f"{QUANTITY}.{line.id}.{s}": current_text(line, QUANTITY, s) for s in line.sizes}
    found[f"{PRICE}.{line.id}"] = current_text(line, PRICE)
    found[f"{DISCOUNT}.{line.id}"] = current_text(line, DISCOUNT) if line.discount_percent else ""
    return found


def _write(line: LineItem, edit: CellEdit) -> None:
    if edit.takes_list_price:
        line.is_price_manual = False
        return
    value = edit.value()
    if edit.kind == PRICE:
        # What stands there already is not set by hand for being sent once more.
        line.is_price_manual = line.is_price_manual or value != line.unit_price
        line.unit_price = Decimal(value)
    elif edit.kind == DISCOUNT:
        line.discount_percent = Decimal(value)
    else:
        kept = {size: units for size, units in line.quantities.items() if size != edit.size}
        line.quantities = kept | ({edit.size: int(value)} if value else {})


def _label(edit: CellEdit, line: LineItem) -> str:
    what = {PRICE: "price", DISCOUNT: "discount"}.get(edit.kind, edit.size)
    return f"{line.product.name}, {line.variant.label}, {what}"


def _number(text: str) -> Decimal:
    """Read what a field held; what is no number equals none."""
    try:
        return parse_amount(text or "0")
    except ValueError:
        return Decimal(-1)
