"""Entry on the size grid: adding products, typing into cells, placing, discarding."""

from collections.abc import Sequence

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog.queries import pick_products
from wholesale.core.clock import today
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.orders import blueprint, operations, queries
from wholesale.orders import lines as line_writes
from wholesale.orders.edit import Refused, edit_cells
from wholesale.orders.entry import CellEdit, read_edits
from wholesale.orders.forms import AddProductForm, RemovalForm
from wholesale.orders.grid import Entry, sections
from wholesale.orders.models import Order
from wholesale.orders.prices import explain
from wholesale.orders.routes.page import order_page, workflow_part
from wholesale.web.pages import Answer, done, fragments, page, partial, typed, wants_fragment


@blueprint.route("/orders/<ref>/products", methods=["GET", "POST"])
@require("orders:update")
def products(ref: str) -> Answer:
    """Find products by SKU or name, and add one with all its colours."""
    lock = request.method == "POST"
    order = queries.order(db.session, current_user, ref, "orders:update", lock=lock)
    form = AddProductForm()
    if form.validate_on_submit():
        try:
            return _add_product(order, form.product_id.key)
        except Invalid as refusal:
            form.product_id.errors = [refusal.message]
    return _options(order, form.product_id.errors)


def _add_product(order: Order, product_id: int) -> Answer:
    day = today(current_user.time_zone)
    added = line_writes.add_product(db.session, order, product_id, day)
    db.session.commit()
    if not added:
        flash("This product is in the order already.")
    if not wants_fragment():
        return done(url_for("orders.order", ref=order.ref))
    lines = queries.lines_of(db.session, order.id, [product_id])
    section = sections(lines)[0] if added else None
    shown = {"section": section, "is_new": len(lines) == len(added), "may_enter": True}
    body = partial("orders/_section_added.html", order=order, entry=Entry(), **shown)
    return fragments(body, workflow_part(order))


def _options(order: Order, problems: Sequence[str]) -> Answer:
    q, status = typed(), 422 if problems else 200
    found = pick_products(db.session, q) if current_user.may("catalog:read") else []
    if not wants_fragment():
        return order_page(order, options=found, problems=problems, q=q, status=status)
    body = partial("orders/_product_options.html", found=found, problems=problems, q=q)
    return fragments(body, status=status)


@blueprint.post("/orders/<ref>/lines")
@require("orders:update")
def lines(ref: str) -> Answer:
    """Write one cell, or all of them, and place the order when asked to (``then=place``)."""
    order = queries.order(db.session, current_user, ref, "orders:update", lock=True)
    if wants_fragment() and not order.is_open_for_entry:
        flash(
            f"The order is {order.stage.label.lower()} by now: its rows can no longer change.",
            "bad",
        )
        return done(url_for("orders.order", ref=order.ref))
    edits = read_edits(request.form)
    try:
        seen = request.form.get("lines_version", type=int)
        outcome = edit_cells(db.session, order, edits, seen)
    except Refused as refusal:
        return _refused(order, refusal)
    if request.form.get("then") == "place":
        return _place(order, edits)
    db.session.commit()
    if wants_fragment():
        shown = {"order": order, "outcome": outcome, "no_entry": Entry()}
        return fragments(partial("orders/_changed.html", **shown), workflow_part(order))
    flash("Quantities saved.")
    return done(url_for("orders.order", ref=ref))


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


def _refused(order: Order, refusal: Refused) -> Answer:
    """Answer with the errors beside their cells; everything typed stays."""
    outcome = refusal.outcome
    if wants_fragment():
        # What others wrote meanwhile comes along: the row's numbers, and all sums.
        present = sections(queries.lines_of(db.session, order.id))
        touched = {edit.line_id for edit in outcome.edits}
        shown = {"order": order, "outcome": outcome, "sections": present, "touched": touched}
        return fragments(partial("orders/_refused.html", **shown), status=refusal.status)
    flash(refusal.message, "bad")
    typed = {edit.name: edit.typed for edit in outcome.edits}
    return order_page(order, entry=Entry(typed, outcome.errors), status=refusal.status)


@blueprint.post("/orders/<ref>/removal")
@require("orders:update")
def removal(ref: str) -> Answer:
    """Take one row out of the grid."""
    order = queries.order(db.session, current_user, ref, "orders:update", lock=True)
    form = RemovalForm()
    key = form.line_id.key if form.validate() else 0
    line = queries.line(db.session, order, key)
    product_id = line.product_id if line else 0
    repriced: set[int] = set()
    if line is not None and line.qty_total and not (wants_fragment() or request.form.get("sure")):
        return page("orders/removal.html", order=order, line=line)
    if line is not None:  # a second click, or another person, removed it before
        repriced = line_writes.remove_line(db.session, order, line)
        db.session.commit()
    if not wants_fragment():
        return done(url_for("orders.order", ref=order.ref))
    left = sections(queries.lines_of(db.session, order.id, [product_id]))
    body = partial(
        "orders/_removed.html",
        order=order,
        line_id=key,
        product_id=product_id,
        section=left[0] if left else None,
        repriced=repriced,
        no_entry=Entry(),
    )
    return fragments(body, workflow_part(order))


@blueprint.get("/orders/<ref>/lines/<key:key>/price")
@require("prices:read")
def line_price(ref: str, key: int) -> Answer:
    """Say why a row costs what it costs: each step from the list price on."""
    order = queries.order(db.session, current_user, ref)
    why = explain(*queries.line_of_style(db.session, order, key))
    may_update = queries.reaches(current_user, order, "orders:update")
    return page(
        "orders/price.html",
        blocks={"dialog-slot": "dialog"},
        order=order,
        why=why,
        may_enter=may_update and order.is_open_for_entry,
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
