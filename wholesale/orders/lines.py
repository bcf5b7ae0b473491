"""Adding a product's rows to an order, and taking one out."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from wholesale.audit.recording import note
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.queries import Buyer, price_bases
from wholesale.core.errors import Invalid
from wholesale.orders.edit import edit_cells
from wholesale.orders.entry import QUANTITY, CellEdit
from wholesale.orders.models import Order, OrderLine, snapshot
from wholesale.orders.operations import refresh_totals, refuse_closed
from wholesale.orders.prices import reprice
from wholesale.orders.queries import lines_of


def add_product(session: Session, order: Order, product_id: int, day: date) -> list[OrderLine]:
    """Add a line for each colour of a product that the order does not have yet.

    The lines copy the customer's prices of ``day`` and its discount. Returns the lines
    added. Raises Invalid when the product cannot be sold.
    """
    refuse_closed(order)
    product = _sold(session, product_id)
    present = select(OrderLine.variant_id).where(OrderLine.order_id == order.id)
    taken = set(session.scalars(present))
    missing = [v for v in product.variants if not v.is_archived and v.id not in taken]
    added = _new_lines(session, order, product, missing, day)
    order.sizes_confirmed_at = None if added else order.sizes_confirmed_at
    session.add_all(added)
    session.flush()
    if added and len(missing) < len(product.variants):  # some may share a quantity break
        reprice(lines_of(session, order.id, [product.id]))
    return added


def put_units(
    session: Session, order: Order, wanted: Mapping[int, Mapping[str, int]], day: date
) -> int:
    """Add ``wanted`` units (variant → size → units) to the order's rows; makes missing rows.

    Returns how many cells changed. Raises Refused, with nothing written, when a cell cannot
    hold what it would come to.
    """
    refuse_closed(order)
    variants = session.scalars(select(Variant).where(Variant.id.in_(wanted)))
    products = {variant.product_id for variant in variants}
    add_variants(session, order, wanted, products, day)
    rows = lines_of(session, order.id, list(products))
    edits = [
        CellEdit(f"q.{line.id}.{size}", QUANTITY, line.id, size, str(units), None)
        for line in rows
        for size, more in wanted.get(line.variant_id, {}).items()
        if (units := line.quantity(size) + more)
    ]
    edit_cells(session, order, edits)
    return len(edits)


def add_variants(
    session: Session,
    order: Order,
    wanted: Collection[int],
    product_ids: Collection[int],
    day: date,
) -> None:
    """Add a row for each wanted variant of the products that the order does not have yet."""
    taken = set(session.scalars(select(OrderLine.variant_id).where(OrderLine.order_id == order.id)))
    missing = set(wanted) - taken
    products = session.scalars(
        select(Product)
        .where(Product.id.in_(product_ids), Product.archived_at.is_(None))
        .options(joinedload(Product.size_run), selectinload(Product.variants))
        .order_by(Product.sku)
    )
    for product in products if missing else ():
        chosen = [v for v in product.variants if v.id in missing and not v.is_archived]
        session.add_all(_new_lines(session, order, product, chosen, day))
        session.flush()


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
    session: Session, order: Order, product: Product, variants: list[Variant], day: date
) -> list[OrderLine]:
    """Return a line for each of ``variants`` at the end of the order."""
    if not variants:
        return []
    bases = price_bases(session, Buyer.of(order.organization), [product], day)
    last = session.scalar(
        select(func.coalesce(func.max(OrderLine.position), 0)).where(OrderLine.order_id == order.id)
    )
    return [
        OrderLine(
            order_id=order.id,
            position=(last or 0) + place,
            discount_percent=order.organization.discount_percent,
            **snapshot(product, variant, bases[variant.id]),
        )
        for place, variant in enumerate(variants, 1)
    ]


def remove_line(session: Session, order: Order, line: OrderLine) -> set[int]:
    """Take one line out of the order; returns the keys of lines whose price that changes."""
    refuse_closed(order)
    note(
        session,
        "removed a line of",
        "orders",
        order.id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        quantities=line.quantities,
    )
    session.delete(line)
    order.sizes_confirmed_at = None
    session.flush()
    repriced = reprice(lines_of(session, order.id, [line.product_id]))
    refresh_totals(session, order)
    return repriced
