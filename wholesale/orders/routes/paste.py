"""Pasting rows into an order: a preview of what each means, then all that are ready at once."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.clock import today
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.orders import blueprint, queries
from wholesale.orders.edit import Refused
from wholesale.orders.forms import PasteForm
from wholesale.orders.lines import put_units
from wholesale.orders.matching import Match, match_text, units_by_variant
from wholesale.orders.models import Order
from wholesale.orders.operations import refuse_closed
from wholesale.web.pages import Answer, done, page

CHOICE = "choice."
# A second click would add everything twice.
STALE = "The order changed since you looked, or the rows are in it already. Look again."


@blueprint.route("/orders/<ref>/paste", methods=["GET", "POST"])
@require("orders:update")
def paste(ref: str) -> Answer:
    """Show what pasted rows mean; with ``then=add`` write those that are ready."""
    adding = request.form.get("then") == "add"
    order = queries.order(db.session, current_user, ref, "orders:update", lock=adding)
    refuse_closed(order)
    form = PasteForm(lines_version=order.lines_version)
    matches: list[Match] | None = None
    if form.validate_on_submit():
        try:
            matches = match_text(db.session, form.rows.data or "", _choices())
            if adding and form.lines_version.data != str(order.lines_version):
                raise Invalid(STALE)
            if adding and any(match.is_ready for match in matches):
                return _add(order, form, matches)
        except (ValueError, Invalid, Refused) as problem:
            db.session.rollback()
            order = queries.order(db.session, current_user, ref, "orders:update")
            form.rows.errors = [_words(problem)]
    form.lines_version.process_data(order.lines_version)
    form.lines_version.raw_data = None
    return _preview(order, form, matches)


def _add(order: Order, form: PasteForm, matches: list[Match]) -> Answer:
    """Write what is ready; what is not stays in the box, to be mended."""
    put_units(db.session, order, units_by_variant(matches), today(current_user.time_zone))
    db.session.commit()
    left = [match.row.again for match in matches if not match.is_ready]
    count = len(matches) - len(left)
    flash(f"{count:,} {'row is' if count == 1 else 'rows are'} added.")
    if not left:
        return done(url_for("orders.order", ref=order.ref))
    form.rows.process_data("\n".join(left))
    form.lines_version.process_data(order.lines_version)
    form.rows.raw_data = form.lines_version.raw_data = None
    return _preview(order, form, match_text(db.session, form.rows.data))


def _preview(order: Order, form: PasteForm, matches: list[Match] | None) -> Answer:
    return page(
        "orders/paste.html",
        status=422 if form.errors else 200,
        order=order,
        form=form,
        matches=matches or [],
        ready=sum(match.is_ready for match in matches or []),
        units=sum(match.units or 0 for match in matches or [] if match.is_ready),
        choice=CHOICE,
    )


def _choices() -> dict[int, int]:
    """Return the choices made for ambiguous rows: place in the list → key of a variant."""
    found = {}
    for name, value in request.form.items():
        at = name.removeprefix(CHOICE)
        if name.startswith(CHOICE) and at.isdecimal() and value.isdecimal():
            found[int(at[:9])] = int(value[:9])
    return found


def _words(problem: Exception) -> str:
    if isinstance(problem, Refused):
        return " ".join(f"{e.label}: {e.message}" for e in problem.outcome.errors.values())
    return str(problem)
