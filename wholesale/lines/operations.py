"""Adding a product's rows to a document, and taking one out."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from wholesale.audit.recording import note
from wholesale.catalog.models import Prepack, Product, Variant
from wholesale.catalog.queries import Buyer, price_bases
from wholesale.core.errors import Invalid
from wholesale.lines.carrying import snapshot
from wholesale.lines.edit import Outcome, edit_cells
from wholesale.lines.entry import QUANTITY, CellEdit
from wholesale.lines.models import Lined, LineItem
from wholesale.lines.prepacks import spread
from wholesale.lines.prices import reprice
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals


def add_product(session: Session, document: Lined, product_id: int, day: date) -> list[LineItem]:
    """Add a line for each colour of a product that the document does not have yet.

    The lines copy the customer's prices of ``day`` and its discount. Returns the lines
    added. Raises Invalid when the product cannot be sold.
    """
    document.refuse_closed()
    product = _sold(session, product_id)
    taken = _variants_of(session, document)
    missing = [v for v in product.variants if not v.is_archived and v.id not in taken]
    added = _new_lines(session, document, product, missing, day)
    if added:
        document.quantities_changed()
    session.add_all(added)
    session.flush()
    if added and len(missing) < len(product.variants):  # some may share a quantity break
        reprice(lines_of(session, document, [product.id]))
    return added


def put_units(
    session: Session, document: Lined, wanted: Mapping[int, Mapping[str, int]], day: date
) -> int:
    """Add ``wanted`` units (variant → size → units) to the document's rows; makes missing rows.

    Returns how many cells changed. Raises Refused, with nothing written, when a cell cannot
    hold what it would come to.
    """
    document.refuse_closed()
    variants = session.scalars(select(Variant).where(Variant.id.in_(wanted)))
    products = {variant.product_id for variant in variants}
    add_variants(session, document, wanted, products, day)
    rows = lines_of(session, document, list(products))
    edits = [
        CellEdit(f"q.{line.id}.{size}", QUANTITY, line.id, size, str(units), None)
        for line in rows
        for size, more in wanted.get(line.variant_id, {}).items()
        if (units := line.quantity(size) + more)
    ]
    edit_cells(session, document, edits)
    return len(edits)


def fill_prepack(
    session: Session, document: Lined, line: LineItem, pack: Prepack, pieces: int
) -> Outcome:
    """Put ``pieces`` into the sizes of ``pack``, in place of what the row had there.

    Raises Invalid when they are no whole packs or the row lacks a size, and Refused, with
    nothing written, when a cell cannot hold its part.
    """
    absent = [size for size in pack.ratio if size not in line.sizes]
    if absent:
        words = f"This row does not come in {', '.join(absent)}. Choose another prepack."
        raise Invalid(words, pack_id=words)
    try:
        units = spread(pack.ratio, pieces)
    except ValueError as problem:
        raise Invalid(str(problem), pieces=str(problem)) from None
    edits = [
        CellEdit(f"q.{line.id}.{size}", QUANTITY, line.id, size, str(number), None)
        for size, number in units.items()
    ]
    return edit_cells(session, document, edits)


def add_variants(
    session: Session,
    document: Lined,
    wanted: Collection[int],
    product_ids: Collection[int],
    day: date,
) -> None:
    """Add a row for each wanted variant of the products that the document does not have yet."""
    missing = set(wanted) - _variants_of(session, document)
    products = session.scalars(
        select(Product)
        .where(Product.id.in_(product_ids), Product.archived_at.is_(None))
        .options(joinedload(Product.size_run), selectinload(Product.variants))
        .order_by(Product.sku)
    )
    for product in products if missing else ():
        chosen = [v for v in product.variants if v.id in missing and not v.is_archived]
        session.add_all(_new_lines(session, document, product, chosen, day))
        session.flush()


def _variants_of(session: Session, document: Lined) -> set[int]:
    line = document.line_class()
    return set(session.scalars(select(line.variant_id).where(line.document_id == document.id)))


def _sold(session: Session, product_id: int) -> Product:
    product = session.scalar(
        select(Product)
        .where(Product.id == product_id)
        .options(joinedload(Product.size_run), selectinload(Product.variants))
    )
    if product is None or product.is_archived:
        raise Invalid("This product is no longer sold. Choose another.")
    return product


def _new_lines(
    session: Session, document: Lined, product: Product, variants: list[Variant], day: date
) -> list[LineItem]:
    """Return a line for each of ``variants`` at the end of the document."""
    if not variants:
        return []
    bases = price_bases(session, Buyer.of(document.organization), [product], day)
    line: Any = document.line_class()
    places = select(func.coalesce(func.max(line.position), 0))
    last = session.scalar(places.where(line.document_id == document.id))
    return [
        line(
            document_id=document.id,
            position=(last or 0) + place,
            discount_percent=document.organization.discount_percent,
            **snapshot(product, variant, bases[variant.id]),
        )
        for place, variant in enumerate(variants, 1)
    ]


def remove_line(session: Session, document: Lined, line: LineItem) -> set[int]:
    """Take one line out of the document; returns the keys of lines whose price that changes."""
    document.refuse_closed()
    note(
        session,
        "removed a line of",
        document.__tablename__,
        document.id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        quantities=line.quantities,
    )
    session.delete(line)
    document.quantities_changed()
    session.flush()
    repriced = reprice(lines_of(session, document, [line.product_id]))
    refresh_totals(session, document)
    return repriced
