"""Beginning a change of an order, its page and terms, applying and dropping it."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.catalog.models import Product
from wholesale.changes import blueprint, operations, queries
from wholesale.changes.forms import ApplyForm, ReasonForm, TermsForm
from wholesale.changes.models import ChangeOrder
from wholesale.changes.workflow import CHANGEABLE
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.lines.beginning import change_details
from wholesale.lines.comparison import changes as differences
from wholesale.lines.content import body_of
from wholesale.lines.grid import Entry, sections
from wholesale.lines.queries import lines_of, runs_with_prepacks
from wholesale.lines.routes.documents import document_history
from wholesale.orders.models import Order
from wholesale.orders.queries import order as order_by_ref
from wholesale.orders.queries import reaches
from wholesale.web.forms import tell
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, page, partial, target_id

PARTS = {"standing": "standing"}  # element → block, without the grid


@blueprint.get("/orders/<ref>/changes")
@require("orders:read")
def of_order(ref: str) -> Answer:
    """List an order's changes."""
    return _of_order(order_by_ref(db.session, current_user, ref), ReasonForm())


@blueprint.post("/orders/<ref>/changes")
@require("orders:update")
def begin(ref: str) -> Answer:
    """Begin a change with its reason, or open the one that is being written."""
    order = order_by_ref(db.session, current_user, ref, "orders:update", lock=True)
    form = ReasonForm()
    if not form.validate():
        return _of_order(order, form)
    try:
        reason = form.reason.data or ""
        begun = operations.begin_change(db.session, order, reason, current_user, _currency())
    except Invalid as refusal:
        tell(form, refusal)
        return _of_order(order, form)
    db.session.commit()
    return done(url_for("changes.change", ref=begun.ref))


def _of_order(order: Order, form: ReasonForm) -> Answer:
    begins = order.status in CHANGEABLE and reaches(current_user, order, "orders:update")
    return page(
        "changes/of_order.html",
        status=422 if form.errors else 200,
        order=order,
        changes=queries.changes_of(db.session, order),
        may_begin=begins and queries.open_change(db.session, order) is None,
        form=form,
    )


@blueprint.get("/changes")
@require("orders:read")
def changes() -> Answer:
    """List the changes that wait for somebody to approve them."""
    return page("changes/changes.html", changes=queries.open_changes(db.session, current_user))


def _currency() -> str:
    return str(current_app.config["CURRENCY"])


@blueprint.get("/changes/<ref>")
@require("orders:read")
def change(ref: str) -> Answer:
    """Show one change order: its rows, and what differs from the order."""
    return change_page(queries.change(db.session, current_user, ref))


@blueprint.get("/changes/<ref>/history")
@require("orders:read")
def change_history(ref: str) -> Answer:
    """Show who typed what into a change order."""
    found = queries.change(db.session, current_user, ref)
    return document_history(found, found.title)


@blueprint.route("/changes/<ref>/terms", methods=["GET", "POST"])
@require("orders:update")
def terms(ref: str) -> Answer:
    """Edit what the change says besides its rows."""
    lock = request.method == "POST"
    found = queries.change(db.session, current_user, ref, "orders:update", lock=lock)
    found.refuse_closed()
    form = TermsForm(obj=found)
    if not form.validate_on_submit() or not saved(
        found, form, request.form, lambda values: _write_terms(found, values)
    ):
        return change_page(found, form=form, status=answer_status(form))
    db.session.commit()
    flash("Terms saved.")
    return done(url_for("changes.change", ref=ref))


def _write_terms(found: ChangeOrder, values: dict[str, Any]) -> None:
    """Write the terms; a percentage takes the place of an amount."""
    replaced = {"discount_amount": 0} if values.get("discount_percent") else {}
    change_details(db.session, found, values | replaced)


@blueprint.post("/changes/<ref>/apply")
@require("orders:approve")
def apply_now(ref: str) -> Answer:
    """Approve the change and write it into the order."""
    found = queries.change(db.session, current_user, ref, "orders:approve", lock=True)
    form = ApplyForm()
    try:
        if not form.validate():
            return change_page(found, apply_form=form, status=422)
        if found.is_open_for_entry and request.form.get("seen") != found.state:
            raise DomainError("The change was edited since you looked. Look again, then apply it.")
        applied = operations.apply_change(
            db.session,
            found,
            current_user,
            form.accepted_by.data or "",
            form.acceptance.data or "",
        )
    except DomainError as refusal:
        db.session.rollback()
        if isinstance(refusal, Invalid):
            tell(form, refusal)
        words = "" if isinstance(refusal, Invalid) else refusal.message
        found = queries.change(db.session, current_user, ref)
        return change_page(found, apply_form=form, problem=words, status=refusal.status)
    db.session.commit()
    if applied:
        flash(f"{found.order.code} says what change {found.number} says.")
    return done(url_for("orders.order", ref=found.order.ref))


@blueprint.post("/changes/<ref>/drop")
@require("orders:update")
def drop(ref: str) -> Answer:
    """Let the order stand as it is."""
    found = queries.change(db.session, current_user, ref, "orders:update", lock=True)
    operations.drop_change(found)
    db.session.commit()
    flash(f"Change {found.number} is dropped; the order stands.")
    return done(url_for("orders.order", ref=found.order.ref))


def beside_rows(found: ChangeOrder) -> str:
    """Return what follows a change's rows at once; what differs is fetched once nobody types."""
    return partial("lines/_seen.html", name="apply-seen", document=found)


def standing_of(found: ChangeOrder) -> dict[str, Any]:
    """Return what the panel shows: differences, whether the customer has to agree, who may what."""
    now = body_of(found, lines_of(db.session, found), _currency())
    return {
        "new": differences(found.before, now),
        "moved": operations.moved(found),
        "apply_form": None,
        "problem": "",
        "may_update": reaches(current_user, found.order, "orders:update"),
        "may_approve": may(current_user, "orders:approve"),
    }


def change_page(
    found: ChangeOrder,
    *,
    form: TermsForm | None = None,
    apply_form: ApplyForm | None = None,
    problem: str = "",
    entry: Entry | None = None,
    options: Sequence[Product] = (),
    problems: Sequence[str] = (),
    q: str = "",
    status: int = 200,
) -> Answer:
    """Answer with a change order's page: what differs, terms, product search and grid."""
    lines = [] if target_id() in PARTS else lines_of(db.session, found)
    shown = standing_of(found) | {"apply_form": apply_form, "problem": problem}
    may_enter = shown["may_update"] and found.is_open_for_entry
    return page(
        "changes/change.html",
        blocks=PARTS,
        status=status,
        change=found,
        document=found,
        sections=sections(lines),
        form=form,
        bases=bases(found, form, request.form) if form else {},
        entry=entry or Entry(),
        may_enter=may_enter,
        packed=runs_with_prepacks(db.session) if may_enter and lines else set(),
        found=options,
        problems=problems,
        q=q,
        **shown,
    )
