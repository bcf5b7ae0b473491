"""Beginning a quote, its page, and its details."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog.models import Product
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.lines.beginning import change_details
from wholesale.lines.comparison import changes
from wholesale.lines.grid import Entry, sections
from wholesale.lines.queries import lines_of, runs_with_prepacks
from wholesale.lines.routes.documents import document_history, new_document, offer_contacts
from wholesale.links.queries import links_of
from wholesale.quotes import blueprint, operations, queries
from wholesale.quotes.content import content_of
from wholesale.quotes.forms import LinkForm, QuoteForm, StepForm
from wholesale.quotes.models import Quote
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import (
    Answer,
    done,
    fragments,
    page,
    partial,
    target_id,
    wants_fragment,
)

PARTS = {"details": "details", "standing": "standing"}  # element → block, without the grid


@blueprint.route("/quotes/new", methods=["GET", "POST"])
@require("quotes:write")
def new_quote() -> Answer:
    """Choose the customer, which begins the quote."""
    return new_document("quote", operations.begin_quote)


@blueprint.get("/quotes/<ref>")
@require("quotes:read")
def quote(ref: str) -> Answer:
    """Show one quote with its grid."""
    found = queries.quote(db.session, current_user, ref)
    return done(url_for("quotes.quote", ref=found.ref)) if found.ref != ref else quote_page(found)


@blueprint.get("/quotes/<ref>/history")
@require("quotes:read")
def quote_history(ref: str) -> Answer:
    """Show who changed what in a quote."""
    found = queries.quote(db.session, current_user, ref)
    return document_history(found, found.ref)


@blueprint.route("/quotes/<ref>/details", methods=["GET", "POST"])
@require("quotes:write")
def details(ref: str) -> Answer:
    """Edit what a quote says besides its lines."""
    lock = request.method == "POST"
    found = queries.quote(db.session, current_user, ref, "quotes:write", lock=lock)
    found.refuse_closed()
    form = QuoteForm(obj=found)
    offer_contacts(form, found)
    if not form.validate_on_submit() or not saved(
        found, form, request.form, lambda values: _change(found, values)
    ):
        return quote_page(found, form=form, status=answer_status(form))
    db.session.commit()
    flash("Details saved.")
    if not wants_fragment():
        return done(url_for("quotes.quote", ref=ref))
    db.session.refresh(found)
    shown = {"quote": found, "document": found, "may_update": True, "oob": True}
    return fragments(
        partial("quotes/_details.html", quote=found, may_update=True),
        partial("quotes/_title.html", **shown),
        partial("lines/_totals.html", **shown),
        standing_part(found),
    )


def _change(quote: Quote, values: dict[str, Any]) -> None:
    """Write the details. Raises Invalid for two kinds of discount at once."""
    change_details(db.session, quote, values)
    if quote.discount_percent and quote.discount_amount:
        db.session.expire(quote, ["discount_percent", "discount_amount"])
        words = "Somebody gave the other kind of discount meanwhile: look again."
        raise Invalid(words, discount_amount=words)


def standing_part(quote: Quote) -> str:
    """Return the status panel of ``quote``, out of band: what it shows may have changed."""
    return partial("quotes/_standing.html", oob=True, quote=quote, **standing_of(quote))


def beside_rows(quote: Quote) -> str:
    """Return what follows a quote's rows at once; what is new since the last revision may wait."""
    if quote.revision == 1:
        return standing_part(quote)
    return partial("lines/_seen.html", name="send-seen", document=quote)


def standing_of(quote: Quote) -> dict[str, Any]:
    """Return what the status panel shows: revisions, decisions, links, what is new."""
    revisions = queries.revisions_of(db.session, quote)
    new = []
    if quote.is_draft and revisions:
        lines = lines_of(db.session, quote)
        now = content_of(quote, lines, current_app.config["CURRENCY"])
        new = [c for c in changes(revisions[0].content, now) if c.before != c.after]
    return {
        "revisions": revisions,
        "new": new,
        "decisions": queries.decisions_of(db.session, quote) if revisions else [],
        "links": links_of(db.session, quote.id) if revisions else [],
        "link_form": LinkForm(days="30"),
        "step_form": None,
        "may_update": queries.reaches(current_user, quote),
    }


def quote_page(
    quote: Quote,
    *,
    form: QuoteForm | None = None,
    step_form: StepForm | None = None,
    entry: Entry | None = None,
    options: Sequence[Product] = (),
    problems: Sequence[str] = (),
    q: str = "",
    status: int = 200,
) -> Answer:
    """Answer with a quote's page: details, status, product search and grid."""
    lines = [] if target_id() in PARTS else lines_of(db.session, quote)
    shown = standing_of(quote) | {"step_form": step_form}
    may_enter = shown["may_update"] and quote.is_open_for_entry
    return page(
        "quotes/quote.html",
        blocks=PARTS,
        status=status,
        quote=quote,
        document=quote,
        sections=sections(lines),
        usual=queries.usual_quote(db.session, current_user, quote.organization_id),
        form=form,
        bases=bases(quote, form, request.form) if form else {},
        entry=entry or Entry(),
        may_enter=may_enter,
        packed=runs_with_prepacks(db.session) if may_enter and lines else set(),
        may_order=current_user.may("orders:create") and quote.stage in ("sent", "accepted"),
        found=options,
        problems=problems,
        q=q,
        **shown,
    )
