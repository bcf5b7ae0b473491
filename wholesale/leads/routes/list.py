"""Leads as a board by stage and as a list, with the same filters, and the list's download."""

from functools import partial as bound
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import Select, false
from wtforms.fields.choices import SelectChoice

from wholesale.access.gate import require
from wholesale.access.matrix import Scope
from wholesale.access.queries import scope_of
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.core.clock import today
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization
from wholesale.extensions import db
from wholesale.leads import blueprint, queries
from wholesale.leads.board import board
from wholesale.leads.forms import LIST, OWNERS, LeadFilter
from wholesale.leads.models import Lead
from wholesale.leads.workflow import LeadStage
from wholesale.web.filters import reader_zone
from wholesale.web.lists import RESULTS, list_answer, list_file, list_page
from wholesale.web.pages import Answer, fragments, here, page, partial, target_id

PANEL = "organization-leads"  # on an organization's page
COLUMNS = {
    "Lead": Lead.code,
    "Name": Lead.name,
    "Customer": Organization.name,
    "Company": Lead.company,
    "Person": Lead.person,
    "E-mail": Lead.email,
    "Phone": Lead.phone,
    "City": Lead.city,
    "Owner": User.name,
    "Stage": Lead.stage,
    "Source": Lead.source,
    "Score": Lead.score,
    "Value": Lead.value,
    "Next step": Lead.next_step,
    "Next step on": Lead.next_step_on,
    "Last activity": Lead.last_activity_at,
}


def lead_filter() -> LeadFilter:
    """Return the filters of the query string; who reads all may ask for a person's."""
    form = LeadFilter(request.args)
    if scope_of(current_user, "leads:read") is Scope.ALL:
        people = [SelectChoice(str(one.id), one.name) for one in salespeople(db.session)]
        form.owner.choices = OWNERS + people
    return form


def wanted(form: LeadFilter) -> Select[Any]:
    """Select the leads that the filters let through; none for what cannot be read."""
    if not form.validate():
        return queries.visible_leads(current_user).where(false())
    return queries.listed_leads(current_user, form.data, reader_zone().key)


def card_context() -> dict[str, Any]:
    """Return what cards and rows need besides their leads."""
    return {
        "stages": list(LeadStage),
        "today": today(current_user.time_zone),
        "reaches": bound(queries.reaches, current_user),
    }


@blueprint.get("/leads")
@require("leads:read")
def leads() -> Answer:
    """Show leads by stage or as a list; the query string says which."""
    form = lead_filter()
    if target_id() == PANEL:
        found = list_page(queries.LISTING, _named(form))
        return fragments(partial("leads/_panel.html", found=found, **card_context()))
    customer = form.organization.data
    shown = organization(db.session, current_user, customer) if customer else None
    context = {"customer": shown, **card_context()}
    if form.view.data == LIST:
        template, listing = "leads/leads.html", queries.LISTING
        return list_answer(template, form, _named, listing, columns=None, **context)
    valid = form.validate()
    return page(
        "leads/leads.html",
        blocks={RESULTS: RESULTS},
        url=here() if target_id() == RESULTS else None,
        status=200 if valid else 422,
        form=form,
        columns=board(db.session, wanted(form), form.stages) if valid else [],
        found=None,
        **context,
    )


@blueprint.get("/leads.<any(csv, xlsx):kind>")
@require("leads:read")
def leads_file(kind: str) -> Answer:
    """Download exactly what the list shows, in its order."""

    def joined(form: LeadFilter) -> Select[Any]:
        return wanted(form).outerjoin(Lead.organization).outerjoin(Lead.owner)

    return list_file(kind, "leads", COLUMNS, lead_filter(), joined, queries.LISTING)


def _named(form: LeadFilter) -> Select[Any]:
    return queries.with_names(wanted(form))
