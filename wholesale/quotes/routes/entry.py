"""A quote's size grid: adding products, typing, pasting, copying in the usual rows."""

from flask import flash, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.clock import today
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.lines.copying import copy_lines
from wholesale.lines.routes.grid import Desk
from wholesale.lines.routes.rooms import add_grid
from wholesale.quotes import blueprint, operations, queries
from wholesale.quotes.routes.page import beside_rows, quote_page
from wholesale.web.forms import EntryForm
from wholesale.web.pages import Answer, done

add_grid(
    blueprint,
    Desk(
        noun="quote",
        reads="quotes:read",
        writes="quotes:write",
        load=lambda ref, permission, lock: queries.quote(
            db.session, current_user, ref, permission, lock=lock
        ),
        may_update=lambda quote: queries.reaches(current_user, quote),
        show=quote_page,
        beside=beside_rows,
        tells="rows-changed",
    ),
)


@blueprint.post("/quotes/<ref>/usual-rows")
@require("quotes:write")
def usual_rows(ref: str) -> Answer:
    """Copy in what this customer usually orders, at today's prices."""
    quote = queries.quote(db.session, current_user, ref, "quotes:write", lock=True)
    usual = queries.usual_quote(db.session, current_user, quote.organization_id)
    if usual is None or usual is quote:
        raise DomainError("No quote is this customer's usual order.")
    copied = copy_lines(db.session, usual, quote, today(current_user.time_zone))
    db.session.commit()
    flash(f"{copied:,} {'row' if copied == 1 else 'rows'} copied from {usual.code}.")
    return done(url_for("quotes.quote", ref=quote.ref))


@blueprint.post("/quotes/<ref>/copy")
@require("quotes:write")
def copy(ref: str) -> Answer:
    """Begin a new quote with the same rows at today's prices."""
    source = queries.quote(db.session, current_user, ref)
    form = EntryForm()
    if not form.validate():
        raise Invalid("This form is too old. Open it anew.")
    quote = operations.copy_quote(db.session, source, form.entry_key, current_user)
    db.session.commit()
    flash(f"{quote.code} is a copy of {source.code}.")
    return done(url_for("quotes.quote", ref=quote.ref))
