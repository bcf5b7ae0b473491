"""Moving an order along its workflow, and confirming its sizes."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.orders import blueprint, queries, transitions
from wholesale.orders.forms import StepForm
from wholesale.orders.models import Order
from wholesale.orders.notices import tell_step
from wholesale.orders.routes.page import order_page
from wholesale.web.pages import Answer, done


@blueprint.post("/orders/<ref>/transitions")
@require("orders:read")
def transition(ref: str) -> Answer:
    """Take one step; which permission it needs, the step itself says."""
    order = queries.order(db.session, current_user, ref, lock=True)
    form = StepForm()
    if not form.validate():
        return _refused(ref, form, "There is no such step.", 422)
    steps = (form.step.data or "", form.seen.data or "")
    try:
        moved = transitions.apply(
            db.session, order, *steps, by=current_user, reason=form.reason.data or ""
        )
    except Invalid as refusal:
        form.reason.errors = [refusal.fields[name] for name in refusal.fields]
        return _refused(ref, form, "" if refusal.fields else refusal.message, refusal.status)
    except DomainError as refusal:
        if _in_place() and not isinstance(refusal, transitions.Blocked):
            flash(refusal.message, "bad")  # the whole page is of another status
            return done(url_for("orders.order", ref=order.ref))
        return _refused(ref, form, refusal.message, refusal.status)
    if moved:
        tell_step(db.session, order, current_user, steps[0], form.reason.data or "")
    db.session.commit()
    if moved:
        flash(f"{order.code}: {order.stage.label.lower()}.")
    return done(url_for("orders.order", ref=order.ref))


@blueprint.post("/orders/<ref>/sizes")
@require("orders:update")
def sizes(ref: str) -> Answer:
    """Confirm the sizes as they stand, or take that back."""
    order = queries.order(db.session, current_user, ref, "orders:update", lock=True)
    confirmed = bool(request.form.get("confirmed"))
    if confirmed and request.form.get("lines_version") != str(order.lines_version):
        raise DomainError("The sizes changed since you looked. Look again, then confirm them.")
    transitions.confirm_sizes(db.session, order, confirmed=confirmed)
    db.session.commit()
    flash("Sizes are confirmed." if confirmed else "Sizes are open again.")
    return order_page(order) if _in_place() else done(url_for("orders.order", ref=order.ref))


def _in_place() -> bool:
    return request.headers.get("HX-Request") == "true"


def _refused(ref: str, form: StepForm, message: str, status: int) -> Answer:
    """Answer with the order as it is now, and why the step was not taken."""
    db.session.rollback()
    found: Order = queries.order(db.session, current_user, ref)
    form.step.errors = [message] if message else []
    return order_page(found, step_form=form, status=status)
