"""Reads of a document's lines."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from wholesale.catalog.models import Prepack, Product, Variant
from wholesale.core.errors import NotVisible
from wholesale.lines.models import Lined, LineItem

LONGEST_WAIT = timedelta(seconds=60)


def lines_of(session: Session, document: Lined, product_ids: list[int] | None = None) -> list[Any]:
    """Return a document's lines with variant and product: all, or those of some products."""
    line = document.line_class()
    query = (
        select(line)
        .where(line.document_id == document.id)
        .where(true() if product_ids is None else line.product_id.in_(product_ids))
        .join(line.variant)
        .join(line.product)
        .options(contains_eager(line.variant).raiseload(Variant.product, sql_only=True))
        .options(contains_eager(line.product).raiseload(Product.variants, sql_only=True))
        .order_by(line.position, line.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def changed_since(session: Session, document: Lined, moment: datetime) -> tuple[set[int], set[int]]:
    """Return the keys of the lines changed after ``moment``, and of those made after it.

    Some from just before are among them: a transaction that waited for another carries the
    time at which it began.
    """
    line = document.line_class()
    since = moment - LONGEST_WAIT
    query = select(line.id, line.created_at > since).where(
        line.document_id == document.id, line.updated_at > since
    )
    found = session.execute(query).all()
    return {key for key, _ in found}, {key for key, is_new in found if is_new}


def line_keys(session: Session, document: Lined) -> list[int]:
    """Return the keys of a document's lines."""
    line = document.line_class()
    return list(session.scalars(select(line.id).where(line.document_id == document.id)))


def line_of(session: Session, document: Lined, key: int) -> LineItem | None:
    """Return one line of ``document``, or None when it has no such line (any more)."""
    line = document.line_class()
    query = select(line).where(line.id == key, line.document_id == document.id)
    return session.scalar(query)


def line_of_style(session: Session, document: Lined, key: int) -> tuple[LineItem, list[LineItem]]:
    """Return one line of ``document`` and all lines of its product. Raises NotVisible."""
    found = line_of(session, document, key)
    if found is None:
        raise NotVisible("There is no such row any more.")
    return found, lines_of(session, document, [found.product_id])


def runs_with_prepacks(session: Session) -> set[int]:
    """Return the keys of the size runs that have prepacks."""
    return set(session.scalars(select(Prepack.size_run_id).distinct()))


def prepacks_of(session: Session, product: Product) -> list[Prepack]:
    """Return the prepacks of a product's size run by name, with the run."""
    query = select(Prepack).where(Prepack.size_run_id == product.size_run_id)
    return list(session.scalars(query.options(joinedload(Prepack.size_run)).order_by(Prepack.name)))
