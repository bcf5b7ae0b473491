"""Copying the lines of one document into another: at today's prices, saying what is different."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from wholesale.lines.models import Lined, LineItem
from wholesale.lines.operations import add_variants
from wholesale.lines.prices import reprice
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals


def copy_lines(session: Session, source: Lined, target: Lined, day: date) -> int:
    """Put what ``source`` sold into ``target`` at the prices of ``day``; returns the rows made.

    What is no longer sold, sizes that a product no longer comes in and changed prices are
    noted in ``target.copied``. Variants that ``target`` has already stay as they are.
    """
    target.refuse_closed()
    present = {line.variant_id for line in lines_of(session, target)}
    wanted = [
        line
        for line in lines_of(session, source)
        if line.qty_total and line.variant_id not in present
    ]
    sold = [line for line in wanted if not (line.variant.is_archived or line.product.is_archived)]
    products = list(dict.fromkeys(line.product_id for line in sold))
    add_variants(session, target, [line.variant_id for line in sold], products, day)
    rows = {line.variant_id: line for line in lines_of(session, target, products)}
    gone = _fill(rows, sold)
    reprice(rows.values())
    refresh_totals(session, target)
    changes = [_change(line, "is no longer sold.") for line in wanted if line not in sold]
    changes += gone + _prices(rows, sold)
    if wanted:
        target.copied = {"from": source.ref, "noun": source.noun, "changes": changes}
    return len(sold)


def _fill(rows: dict[int, LineItem], sold: Iterable[LineItem]) -> list[dict[str, Any]]:
    """Set the units of each copied row; return a note for each size that is gone."""
    gone = []
    for line in sold:
        row = rows[line.variant_id]
        row.notes = line.notes
        row.quantities = {s: units for s, units in line.quantities.items() if s in row.sizes}
        for size in line.quantities.keys() - row.quantities.keys():
            units = line.quantities[size]
            gone.append(_change(line, f"no longer comes in {size}: {units:,} left out."))
    return gone


def _prices(rows: dict[int, LineItem], sold: Iterable[LineItem]) -> list[dict[str, Any]]:
    return [
        _change(line, f"costs {row.unit_price:,.2f}; it was {line.unit_price:,.2f}.")
        for line in sold
        if (row := rows[line.variant_id]).unit_price != line.unit_price
    ]


def _change(line: LineItem, words: str) -> dict[str, Any]:
    return {"line": f"{line.product.name}, {line.variant.label}", "words": words}
