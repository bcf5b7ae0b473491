"""An order's size grid: adding products, typing, pasting, placing, discarding."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.lines.entry import CellEdit
from wholesale.lines.grid import Entry
from wholesale.lines.routes import grid
from wholesale.lines.routes import paste as pasting
from wholesale.lines.routes import prepack as packing
from wholesale.orders import blueprint, operations, queries
from wholesale.orders.models import Order
from wholesale.orders.routes.page import order_page, workflow_part
from wholesale.web.pages import Answer, done, wants_fragment

DESK = grid.Desk(show=order_page, beside=workflow_part)


def _order(ref: str, *, lock: bool = True) -> Order:
    return queries.order(db.session, current_user, ref, "orders:update", lock=lock)


@blueprint.route("/orders/<ref>/products", methods=["GET", "POST"])
@require("orders:update")
def products(ref: str) -> Answer:
    """Find products by SKU or name, and add one with all its colours."""
    return grid.products(DESK, _order(ref, lock=request.method == "POST"))


@blueprint.post("/orders/<ref>/lines")
@require("orders:update")
def lines(ref: str) -> Answer:
    """Write one cell, or all of them, and place the order when asked to (``then=place``)."""
    order = _order(ref)
    placing = request.form.get("then") == "place"
    return grid.save_cells(DESK, order, (lambda edits: _place(order, edits)) if placing else None)


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


@blueprint.post("/orders/<ref>/removal")
@require("orders:update")
def removal(ref: str) -> Answer:
    """Take one row out of the grid."""
    return grid.removal(DESK, _order(ref))


@blueprint.route("/orders/<ref>/paste", methods=["GET", "POST"])
@require("orders:update")
def paste(ref: str) -> Answer:
    """Show what pasted rows mean, then write those that are ready."""
    return pasting.paste(lambda lock: _order(ref, lock=lock))


@blueprint.route("/orders/<ref>/prepack", methods=["GET", "POST"])
@require("orders:update")
def prepack(ref: str) -> Answer:
    """Fill a row of one style (``?product=``) from a prepack."""
    return packing.prepack(DESK, _order(ref, lock=request.method == "POST"))


@blueprint.get("/orders/<ref>/lines/<key:key>/price")
@require("prices:read")
def line_price(ref: str, key: int) -> Answer:
    """Say why a row costs what it costs: each step from the list price on."""
    order = queries.order(db.session, current_user, ref)
    may_update = queries.reaches(current_user, order, "orders:update")
    return grid.line_price(order, key, may_enter=may_update and order.is_open_for_entry)


@blueprint.post("/orders/<ref>/discard")
@require("orders:create")
def discard(ref: str) -> Answer:
    """Throw a draft away."""
    order = _order(ref)
    operations.discard_draft(db.session, order)
    db.session.commit()
    flash("Draft discarded.")
    return done(url_for("orders.orders"))
