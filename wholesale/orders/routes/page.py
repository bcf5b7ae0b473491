"""Beginning an order, its page, and its details."""

from collections.abc import Sequence

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog.models import Product
from wholesale.extensions import db
from wholesale.lines.beginning import change_details
from wholesale.lines.grid import Entry, sections
from wholesale.lines.queries import lines_of, runs_with_prepacks
from wholesale.lines.routes.documents import document_history, new_document, offer_contacts
from wholesale.orders import blueprint, operations, queries
from wholesale.orders.forms import DetailsForm, StepForm
from wholesale.orders.models import Order
from wholesale.orders.transitions import steps_of
from wholesale.web.merging import bases, clashes, merge
from wholesale.web.pages import (
    Answer,
    done,
    fragments,
    page,
    partial,
    target_id,
    wants_fragment,
)

PARTS = {"details": "details", "workflow": "workflow"}  # element → block, without the grid


@blueprint.route("/orders/new", methods=["GET", "POST"])
@require("orders:create")
def new_order() -> Answer:
    """Choose the customer, which begins the order; offer drafts to go on with."""
    drafts = queries.drafts_of(db.session, current_user)
    return new_document("order", operations.begin_order, drafts)


@blueprint.get("/orders/<ref>")
@require("orders:read")
def order(ref: str) -> Answer:
    """Show one order with its grid."""
    found = queries.order(db.session, current_user, ref)
    if found.ref != ref:  # a draft that was placed meanwhile, or a code in another case
        return done(url_for("orders.order", ref=found.ref))
    return order_page(found)


@blueprint.get("/orders/<ref>/history")
@require("orders:read")
def order_history(ref: str) -> Answer:
    """Show who changed what in an order."""
    found = queries.order(db.session, current_user, ref)
    return document_history(found, found.ref)


@blueprint.route("/orders/<ref>/details", methods=["GET", "POST"])
@require("orders:update")
def details(ref: str) -> Answer:
    """Edit what an order says besides its lines."""
    lock = request.method == "POST"
    found = queries.order(db.session, current_user, ref, "orders:update", lock=lock)
    form = DetailsForm(obj=found)
    offer_contacts(form, found)
    if not form.validate_on_submit():
        return order_page(found, form=form, status=422 if form.errors else 200)
    values = merge(found, form, request.form)
    if clashes(form):
        return order_page(found, form=form, status=409)
    change_details(db.session, found, values)
    db.session.commit()
    flash("Details saved.")
    if wants_fragment():
        db.session.refresh(found)
        shown = {"order": found, "may_update": True}
        return fragments(
            partial("orders/_details.html", **shown),
            partial("orders/_title.html", oob=True, **shown),
            workflow_part(found),
        )
    return done(url_for("orders.order", ref=ref))


def workflow_part(order: Order) -> str:
    """Return the status panel of ``order``, out of band: what it shows may have changed."""
    if order.is_draft:
        return ""
    steps = steps_of(db.session, order, current_user)
    shown = {"order": order, "steps": steps, "step_form": None, "may_update": True}
    return partial("orders/_workflow.html", oob=True, **shown)


def order_page(
    order: Order,
    *,
    form: DetailsForm | None = None,
    step_form: StepForm | None = None,
    entry: Entry | None = None,
    options: Sequence[Product] = (),
    problems: Sequence[str] = (),
    q: str = "",
    status: int = 200,
) -> Answer:
    """Answer with an order's page: details, product search and grid."""
    lines = [] if target_id() in PARTS else lines_of(db.session, order)
    may_update = queries.reaches(current_user, order, "orders:update")
    may_enter = may_update and order.is_open_for_entry
    return page(
        "orders/order.html",
        blocks=PARTS,
        status=status,
        order=order,
        document=order,
        steps=None if order.is_draft else steps_of(db.session, order, current_user),
        step_form=step_form,
        sections=sections(lines),
        form=form,
        bases=bases(order, form, request.form) if form else {},
        entry=entry or Entry(),
        may_update=may_update,
        may_enter=may_enter,
        packed=runs_with_prepacks(db.session) if may_enter and lines else set(),
        found=options,
        problems=problems,
        q=q,
    )
