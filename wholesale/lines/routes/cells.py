"""The cells of the size grid as HTML. A long order has thousands: too many for a template."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from wholesale.lines.entry import QUANTITY
from wholesale.lines.grid import Entry
from wholesale.lines.models import LineItem
from wholesale.web.filters import amount, number

NO_SIZE = Markup('<td class="no-size"></td>')


def size_cells(line: LineItem, sizes: Iterable[str], label: str, entry: Entry | None) -> Markup:
    """Return a row's cells in the columns ``sizes``: to type into, or to read without ``entry``."""
    cells = [_cell(line, size, label, entry) if size in line.sizes else NO_SIZE for size in sizes]
    return Markup("").join(cells)


def _cell(line: LineItem, size: str, label: str, entry: Entry | None) -> Markup:
    if entry is None:
        units = line.quantity(size)
        shown = number(units) if units else '<span class="dot">·</span>'
        return Markup(f'<td class="num cell" data-size="{escape(size)}">{shown}</td>')
    content = quantity_input(line, size, label, entry) + cell_money(line, size)
    return Markup(f'<td class="cell" data-size="{escape(size)}">{content}</td>')


def quantity_input(
    line: LineItem, size: str, label: str, entry: Entry | None = None, oob: bool = False
) -> Markup:
    """Return the input of one quantity, with what ``entry`` holds of it; out of band or not."""
    name = f"{QUANTITY}.{line.id}.{size}"
    value: object = line.quantity(size) or ""
    more = ' hx-swap-oob="outerMorph"' if oob else ""
    key = escape(name)
    if entry and name in entry.typed:
        value = escape(entry.typed[name])
    if entry and name in entry.errors:
        more += f' aria-invalid="true" aria-describedby="e.{key}"'
    return Markup(
        f'<input id="{key}" name="{key}" value="{value}" inputmode="numeric"'
        f' aria-label="{escape(label)} {escape(size)}"{more}>'
    )


def cell_money(line: LineItem, size: str, oob: bool = False) -> Markup:
    """Return the money of one cell, empty without units; out of band or not."""
    money = amount(line.cell_amount(size)) if line.quantity(size) else ""
    more = ' hx-swap-oob="true"' if oob else ""
    return Markup(f'<small id="m.{line.id}.{escape(size)}"{more}>{money}</small>')


TEMPLATE_FUNCTIONS = {
    "size_cells": size_cells,
    "quantity_input": quantity_input,
    "cell_money": cell_money,
}
