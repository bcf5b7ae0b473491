"""An order's size grid: adding products, typing, pasting, placing, discarding."""

from flask import flash, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.lines.entry import CellEdit
from wholesale.lines.grid import Entry
from wholesale.lines.routes.grid import Desk
from wholesale.lines.routes.rooms import add_grid
from wholesale.orders import blueprint, operations, queries
from wholesale.orders.models import Order
from wholesale.orders.routes.page import order_page, workflow_part
from wholesale.web.pages import Answer, done, wants_fragment


def _place(order: Order, edits: list[CellEdit]) -> Answer:
    """Place the order; when a rule stands against it, everything typed stays in the page."""
    ref = order.ref
    try:
        placed = operations.place_order(db.session, order)
    except DomainError as refusal:
        if wants_fragment():
            raise
        db.session.rollback()
        flash(refusal.message, "bad")
        draft = queries.order(db.session, current_user, ref)
        entry = Entry({edit.name: edit.typed for edit in edits})
        return order_page(draft, entry=entry, status=refusal.status)
    db.session.commit()
    if placed:
        flash(f"Order {order.code} saved.")
    return done(url_for("orders.order", ref=order.ref))


add_grid(
    blueprint,
    Desk(
        noun="order",
        reads="orders:read",
        writes="orders:update",
        load=lambda ref, permission, lock: queries.order(
            db.session, current_user, ref, permission, lock=lock
        ),
        may_update=lambda order: queries.reaches(current_user, order, "orders:update"),
        show=order_page,
        beside=workflow_part,
        place=_place,
    ),
)


@blueprint.post("/orders/<ref>/discard")
@require("orders:create")
def discard(ref: str) -> Answer:
    """Throw a draft away."""
    order = queries.order(db.session, current_user, ref, "orders:update", lock=True)
    operations.discard_draft(db.session, order)
    db.session.commit()
    flash("Draft discarded.")
    return done(url_for("orders.orders"))
