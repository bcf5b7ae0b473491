"""What a card can do: move to another stage, be claimed, given back, given to somebody."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import DomainError, Invalid
from wholesale.extensions import db
from wholesale.leads import blueprint, operations, ownership, queries
from wholesale.leads.board import heads
from wholesale.leads.forms import AssignForm, MoveForm
from wholesale.leads.models import Lead
from wholesale.leads.routes.list import card_context, lead_filter, wanted
from wholesale.leads.routes.page import lead_page, shown
from wholesale.leads.workflow import LeadStage
from wholesale.web.pages import (
    Answer,
    done,
    fragments,
    partial,
    query_string,
    target_id,
    wants_fragment,
)

BOARD = "board"


@blueprint.post("/leads/<code>/stage")
@require("leads:write")
def stage(code: str) -> Answer:
    """Move a lead to another stage; refused when it left the one it was seen in."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    form = MoveForm()
    if not form.validate_on_submit():
        raise Invalid("Choose one of the stages.")
    wanted_stage, seen = LeadStage(form.stage.data), form.was.data or ""
    status = 200
    try:
        operations.move(db.session, found, wanted_stage, seen)
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        found = queries.lead(db.session, current_user, code)
        flash(refusal.message, "bad")
        status = refusal.status
    touched = {wanted_stage, found.phase, *(s for s in LeadStage if s == seen)}
    return _answer(found, touched, status)


@blueprint.post("/leads/<code>/claim")
@require("leads:write")
def claim(code: str) -> Answer:
    """Take a lead that nobody has: of two at once, one."""
    found = queries.lead_to_claim(db.session, current_user, code)
    ownership.claim(found, current_user)
    db.session.commit()
    flash(f"{found.code} is yours.")
    if wants_fragment() and target_id() != BOARD:
        return done(url_for("leads.lead", code=found.code))
    return _answer(found, {found.phase}, 200)


@blueprint.post("/leads/<code>/release")
@require("leads:write")
def release(code: str) -> Answer:
    """Give a lead back to everybody."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    ownership.release(found)
    db.session.commit()
    flash(f"{found.code} is free to claim.")
    return done(url_for("leads.lead", code=found.code))


@blueprint.post("/leads/<code>/owner")
@require("leads:write")
def owner(code: str) -> Answer:
    """Give a lead to a salesperson."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    form = AssignForm()
    if not form.validate_on_submit():
        raise Invalid("Choose somebody from the list.")
    ownership.assign(db.session, found, form.owner_id.key, form.was.data, current_user)
    db.session.commit()
    flash(f"{found.code} is assigned.")
    return done(url_for("leads.lead", code=found.code))


def _answer(found: Lead, touched: set[LeadStage], status: int) -> Answer:
    """Answer with the card in its column and the counters, or the stage on the lead's page."""
    if not wants_fragment():
        if status != 200:
            return lead_page(found, status=status)
        if request.form.get("then") == BOARD:
            return done(url_for("leads.leads") + query_string())
        return done(url_for("leads.lead", code=found.code))
    if target_id() == BOARD:
        return fragments(_board(found, touched), status=status)
    stage, title = "leads/_stage.html", "leads/_title.html"
    parts = partial(stage, **shown(found)), partial(title, oob=True, **shown(found))
    return fragments(*parts, status=status)


def _board(found: Lead, touched: set[LeadStage]) -> str:
    """Return the card, if the board's filters let it through, and the columns' counters."""
    form = lead_filter()
    columns, fits = [], True
    if form.validate():
        columns = heads(db.session, wanted(form), [s for s in form.stages if s in touched])
        one = wanted(form).where(Lead.id == found.id).with_only_columns(Lead.id)
        fits = db.session.scalar(one) is not None
    shown_card = {"lead": found, "fits": fits, "columns": columns}
    return partial("leads/_moved.html", **shown_card, **card_context())
