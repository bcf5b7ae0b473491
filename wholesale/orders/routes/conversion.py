"""From quote to order in one step, and a new order like an old one."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.core.errors import Invalid, NotPermitted, NotVisible
from wholesale.extensions import db
from wholesale.orders import blueprint, operations, queries
from wholesale.orders.conversion import order_from, order_made_of
from wholesale.quotes.queries import quote
from wholesale.web.forms import EntryForm
from wholesale.web.pages import Answer, done


@blueprint.route("/quotes/<ref>/order", methods=["GET", "POST"])
@require("quotes:read")
def order_of_quote(ref: str) -> Answer:
    """Make a quote an order, or open the order it became."""
    making = request.method == "POST"
    found = quote(db.session, current_user, ref, lock=making)
    order = order_made_of(db.session, found)
    if making and order is None:
        if not may(current_user, "orders:create"):
            raise NotPermitted("You may not make orders.")
        order = order_from(db.session, found, current_user)
        db.session.commit()
        flash(f"{found.code} is order {order.code} now.")
    if order is None:
        raise NotVisible("This quote is no order yet.")
    return done(url_for("orders.order", ref=order.ref))


@blueprint.post("/orders/<ref>/copy")
@require("orders:create")
def copy(ref: str) -> Answer:
    """Begin a new order with the same rows at today's prices."""
    source = queries.order(db.session, current_user, ref)
    form = EntryForm()
    if not form.validate():
        raise Invalid("This form is too old. Open it anew.")
    order = operations.copy_order(db.session, source, form.entry_key, current_user)
    db.session.commit()
    flash(f"This is a new order with the rows of {source.title}.")
    return done(url_for("orders.order", ref=order.ref))
