"""The sums of documents, brought in line with their lines."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wholesale.lines.models import Lined


def refresh_totals(session: Session, document: Lined) -> None:
    """Bring the document's units and subtotal in line with its lines, in one statement.

    The document's row is locked by then, so that no other change of a line is missed.
    """
    session.flush()
    kind: Any = type(document)
    sums = _sums(kind, [document.id]).subquery()
    _write(session, kind, sums, func.now(), kind.id == sums.c.document_id)
    changed = ["units", "subtotal", "discount", "tax", "total", "lines_version", "updated_at"]
    session.refresh(document, changed)


def refresh_totals_of(
    session: Session, kind: Any, ids: Collection[int], *, keeps_dates: bool = False
) -> None:
    """Bring the totals of those documents of a kind in line whose lines say otherwise.

    ``keeps_dates`` leaves ``updated_at`` as it is. The sums are made once, whatever the planner
    takes the number of documents for.
    """
    sums = _sums(kind, ids).cte().prefix_with("MATERIALIZED")
    differs = (kind.units != sums.c.units) | (kind.subtotal != sums.c.subtotal)
    changed_at = kind.updated_at if keeps_dates else func.now()
    _write(session, kind, sums, changed_at, (kind.id == sums.c.document_id) & differs)


def _sums(kind: Any, ids: Collection[int]) -> Any:
    line = kind.line_class()
    return (
        select(
            kind.id.label("document_id"),
            func.coalesce(func.sum(line.qty_total), 0).label("units"),
            func.coalesce(func.sum(line.line_total), 0).label("subtotal"),
        )
        .outerjoin(line, line.document_id == kind.id)
        .where(kind.id == func.any(list(ids)))
        .group_by(kind.id)
    )


def _write(session: Session, kind: Any, sums: Any, changed_at: Any, where: Any) -> None:
    totals = {"units": sums.c.units, "subtotal": sums.c.subtotal, "updated_at": changed_at}
    session.execute(
        update(kind)
        .where(where)
        .values(totals | {"lines_version": kind.lines_version + 1})
        .execution_options(synchronize_session=False)
    )
