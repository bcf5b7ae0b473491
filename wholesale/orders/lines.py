"""Adding a product's rows to an order, and taking one out."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from wholesale.audit.recording import note
from wholesale.catalog.models import Product, Variant
from wholesale.catalog.queries import Buyer, price_bases
from wholesale.core.errors import Invalid
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
