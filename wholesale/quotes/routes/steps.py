"""Sending, revising and deciding a quote; making it the usual order; deleting it."""

from flask import current_app, flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.quotes import blueprint, operations, queries
from wholesale.quotes.forms import StepForm
from wholesale.quotes.models import Quote
from wholesale.quotes.routes.page import quote_page
from wholesale.web.forms import tell
from wholesale.web.pages import Answer, done

SAID = {
    "send": "{0.code} is sent: give the customer a link, or print it.",
    "revise": "{0.code} is open again: send it as revision {0.revision}.",
    "accept": "{0.code} is accepted.",
    "reject": "{0.code} is rejected.",
}


@blueprint.post("/quotes/<ref>/steps")
@require("quotes:write")
def step(ref: str) -> Answer:
    """Take one step of the workflow; a second click finds it taken."""
    quote = queries.quote(db.session, current_user, ref, "quotes:write", lock=True)
    form = StepForm()
    name = (form.step.data or "") if form.validate() else ""
    if name not in SAID:
        return _refused(ref, form, "There is no such step." if not form.errors else "", 422)
    try:
        if form.seen.data == quote.state:
            _take(quote, name, form)
            db.session.commit()
            flash(SAID[name].format(quote))
        else:
            stage = quote.stage.label.lower()
            flash(f"{quote.title} ({stage}) changed since you looked. Look again.", "bad")
    except Invalid as refusal:
        tell(form, refusal)
        return _refused(ref, form, "" if refusal.fields else refusal.message, refusal.status)
    except DomainError as refusal:
        return _refused(ref, form, refusal.message, refusal.status)
    return done(url_for("quotes.quote", ref=ref))


def _take(quote: Quote, name: str, form: StepForm) -> None:
    if name == "send":
        operations.send(db.session, quote, current_user, current_app.config["CURRENCY"])
    elif name == "revise":
        operations.revise(db.session, quote)
    else:
        _decide(quote, "accepted" if name == "accept" else "rejected", form)


def _decide(quote: Quote, decision: str, form: StepForm) -> None:
    """Note what the customer said by telephone, mail or in the shop."""
    if not form.reason.data:
        words = "Say how you know: by telephone, by mail …"
        raise Invalid(words, reason=words)
    sent = queries.latest_revision(db.session, quote)
    operations.decide(
        db.session,
        quote,
        decision,
        sent.content_hash if sent else "",
        name=form.name.data or "",
        remark=form.reason.data,
        noted_by_id=current_user.id,
    )


def _refused(ref: str, form: StepForm, message: str, status: int) -> Answer:
    """Answer with the quote as it is now, and why the step was not taken."""
    db.session.rollback()
    found = queries.quote(db.session, current_user, ref)
    form.step.errors = [message] if message else []
    return quote_page(found, step_form=form, status=status)


@blueprint.post("/quotes/<ref>/usual")
@require("quotes:write")
def usual(ref: str) -> Answer:
    """Make the quote what its customer usually orders, or no longer."""
    quote = queries.quote(db.session, current_user, ref, "quotes:write", lock=True)
    operations.make_usual(db.session, quote, usual=bool(request.form.get("usual")))
    db.session.commit()
    name = quote.organization.name
    flash(
        f"New quotes of {name} can begin with these rows."
        if quote.is_usual
        else f"{quote.code} is no longer the usual order of {name}."
    )
    return done(url_for("quotes.quote", ref=ref))


@blueprint.post("/quotes/<ref>/delete")
@require("quotes:write")
def delete(ref: str) -> Answer:
    """Delete a quote that was never sent."""
    quote = queries.quote(db.session, current_user, ref, "quotes:write", lock=True)
    operations.delete_quote(db.session, quote)
    db.session.commit()
    flash(f"{quote.code} is deleted.")
    return done(url_for("quotes.quotes"))
