"""A quote's size grid: adding products, typing, pasting, copying in the usual rows."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.clock import today
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.lines.copying import copy_lines
from wholesale.lines.routes import grid
from wholesale.lines.routes import paste as pasting
from wholesale.lines.routes import prepack as packing
from wholesale.quotes import blueprint, operations, queries
from wholesale.quotes.models import Quote
from wholesale.quotes.routes.page import quote_page, standing_part
from wholesale.web.forms import EntryForm
from wholesale.web.pages import Answer, done

DESK = grid.Desk(show=quote_page, beside=standing_part)


def _quote(ref: str, *, lock: bool = True) -> Quote:
    return queries.quote(db.session, current_user, ref, "quotes:write", lock=lock)


@blueprint.route("/quotes/<ref>/products", methods=["GET", "POST"])
@require("quotes:write")
def products(ref: str) -> Answer:
    """Find products by SKU or name, and add one with all its colours."""
    return grid.products(DESK, _quote(ref, lock=request.method == "POST"))


@blueprint.post("/quotes/<ref>/lines")
@require("quotes:write")
def lines(ref: str) -> Answer:
    """Write one cell, or all of them."""
    return grid.save_cells(DESK, _quote(ref))


@blueprint.post("/quotes/<ref>/removal")
@require("quotes:write")
def removal(ref: str) -> Answer:
    """Take one row out of the grid."""
    return grid.removal(DESK, _quote(ref))


@blueprint.route("/quotes/<ref>/paste", methods=["GET", "POST"])
@require("quotes:write")
def paste(ref: str) -> Answer:
    """Show what pasted rows mean, then write those that are ready."""
    return pasting.paste(lambda lock: _quote(ref, lock=lock))


@blueprint.route("/quotes/<ref>/prepack", methods=["GET", "POST"])
@require("quotes:write")
def prepack(ref: str) -> Answer:
    """Fill a row of one style (``?product=``) from a prepack."""
    return packing.prepack(DESK, _quote(ref, lock=request.method == "POST"))


@blueprint.get("/quotes/<ref>/lines/<key:key>/price")
@require("prices:read")
def line_price(ref: str, key: int) -> Answer:
    """Say why a row costs what it costs: each step from the list price on."""
    quote = queries.quote(db.session, current_user, ref)
    may_enter = queries.reaches(current_user, quote) and quote.is_open_for_entry
    return grid.line_price(quote, key, may_enter=may_enter)


@blueprint.post("/quotes/<ref>/usual-rows")
@require("quotes:write")
def usual_rows(ref: str) -> Answer:
    """Copy in what this customer usually orders, at today's prices."""
    quote = _quote(ref)
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
