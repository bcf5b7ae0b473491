"""Entry on the size grid: adding products, typing into cells, placing, discarding."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog.queries import pick_products
from wholesale.extensions import db
from wholesale.orders import blueprint, operations, queries
from wholesale.orders.edit import Refused, edit_cells
from wholesale.orders.entry import read_edits
from wholesale.orders.forms import AddProductForm, RemovalForm
from wholesale.orders.grid import Entry, sections
from wholesale.orders.models import Order
from wholesale.orders.routes.page import order_page
from wholesale.web.pages import Answer, done, fragments, partial, wants_fragment


@blueprint.route("/orders/<ref>/products", methods=["GET", "POST"])
@require("orders:update")
def products(ref: str) -> Answer:
    """Find products by SKU or name, and add one with all its colours."""
    order = queries.order(db.session, current_user, ref, "orders:update")
    q = request.values.get("q", "").strip()
    form = AddProductForm()
    if not form.validate_on_submit():
        return _options(order, q, status=422 if form.errors else 200)
    added = operations.add_product(db.session, order, form.product_id.key)
    if not added:
        flash("This product is in the order already.")
    db.session.commit()
    if not wants_fragment():
        return done(url_for("orders.order", ref=ref))
    return _section_added(order, form.product_id.key)


def _options(order: Order, q: str, status: int) -> Answer:
    found = pick_products(db.session, q)
    if wants_fragment():
        return fragments(partial("orders/_product_options.html", found=found, q=q), status=status)
    return order_page(order, options=found, q=q, status=status)


def _section_added(order: Order, product_id: int) -> Answer:
    lines = queries.lines_of(db.session, order.id, [product_id])
    section = sections(lines)[0]
    return fragments(
        partial("orders/_section_added.html", section=section, entry=Entry(), may_enter=True)
    )


@blueprint.post("/orders/<ref>/lines")
@require("orders:update")
def lines(ref: str) -> Answer:
    """Write one cell, or all of them, and place the order when asked to (``then=place``)."""
    order = queries.order(db.session, current_user, ref, "orders:update")
    edits = read_edits(request.form)
    try:
        seen = request.form.get("lines_version", type=int)
        outcome = edit_cells(db.session, order, edits, seen)
    except Refused as refusal:
        return _refused(order, refusal)
    if request.form.get("then") == "place":
        operations.place_order(db.session, order)
        db.session.commit()
        flash(f"Order {order.code} saved.")
        return done(url_for("orders.order", ref=order.ref))
    db.session.commit()
    if wants_fragment():
        return fragments(partial("orders/_changed.html", order=order, outcome=outcome))
    flash("Quantities saved.")
    return done(url_for("orders.order", ref=ref))


def _refused(order: Order, refusal: Refused) -> Answer:
    """Answer with the errors beside their cells; everything typed stays."""
    outcome = refusal.outcome
    if wants_fragment():
        body = partial("orders/_refused.html", order=order, outcome=outcome)
        return fragments(body, status=refusal.status)
    flash(refusal.message, "bad")
    typed = {edit.name: edit.typed for edit in outcome.edits}
    return order_page(order, entry=Entry(typed, outcome.errors), status=refusal.status)


@blueprint.post("/orders/<ref>/removal")
@require("orders:update")
def removal(ref: str) -> Answer:
    """Take one row out of the grid."""
    order = queries.order(db.session, current_user, ref, "orders:update")
    form = RemovalForm()
    line = queries.line(db.session, order, form.line_id.key if form.validate() else 0)
    shown = {"line_id": line.id, "product_id": line.product_id}
    operations.remove_line(db.session, order, line)
    db.session.commit()
    if not wants_fragment():
        return done(url_for("orders.order", ref=ref))
    left = sections(queries.lines_of(db.session, order.id, [line.product_id]))
    section = left[0] if left else None
    return fragments(partial("orders/_removed.html", order=order, section=section, **shown))


@blueprint.post("/orders/<ref>/discard")
@require("orders:create")
def discard(ref: str) -> Answer:
    """Throw a draft away."""
    order = queries.order(db.session, current_user, ref, "orders:update")
    operations.discard_draft(db.session, order)
    db.session.commit()
    flash("Draft discarded.")
    return done(url_for("orders.orders"))
