"""One lead's page: who, what, how much, what next; each section is edited in place."""

from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.accounts.queries import salespeople
from wholesale.audit.pages import history_page
from wholesale.audit.queries import history
from wholesale.core.clock import today
from wholesale.core.errors import Invalid
from wholesale.customers.queries import contacts_of
from wholesale.extensions import db
from wholesale.leads import blueprint, operations, ownership, queries
from wholesale.leads.forms import ActivityForm, ContactForm, NextForm, WhatForm, WhoForm
from wholesale.leads.models import Lead
from wholesale.leads.workflow import LeadStage
from wholesale.web.forms import Form, choices
from wholesale.web.lists import list_page
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

SECTIONS: dict[str, type[Form]] = {"who": WhoForm, "what": WhatForm, "next": NextForm}
PARTS = (*SECTIONS, "stage", "timeline")
UNTOLD = ("last_activity_at", "claimed_at", "entry_key")


@blueprint.get("/leads/<code>")
@require("leads:read")
def lead(code: str) -> Answer:
    """Show one lead."""
    return lead_page(queries.lead(db.session, current_user, code))


def lead_page(found: Lead, *, form: ActivityForm | None = None, status: int = 200) -> Answer:
    """Answer with a lead's page, or the one part of it that htmx asks for."""
    part = target_id() if wants_fragment() else "main"
    may_assign = ownership.assigns(current_user) and not found.is_archived
    return page(
        "leads/lead.html",
        blocks={name: name for name in PARTS},
        status=status,
        timeline=entries(found) if part in ("main", "timeline") else None,
        people=salespeople(db.session) if may_assign and part == "main" else [],
        form=form or ActivityForm(formdata=None).with_ids("activity"),
        **shown(found),
    )


def shown(found: Lead) -> dict[str, Any]:
    """Return what each part of a lead's page needs."""
    writes = queries.reaches(current_user, found)
    free = found.owner_id is None and not found.is_archived
    return {
        "lead": found,
        "may_write": writes,
        "may_claim": free and may(current_user, "leads:write"),
        "may_convert": writes and not found.is_archived and may(current_user, "orders:create"),
        "stages": list(LeadStage),
        "today": today(current_user.time_zone),
    }


def entries(found: Lead) -> Any:
    """Return the page of the lead's timeline that the query string asks for."""
    return list_page(queries.TIMELINE, queries.timeline(found))


def section_form(found: Lead, section: str) -> Form:
    """Return a section's form; of a customer's lead, the contact is chosen from its people."""
    if section != "who" or found.organization is None:
        return SECTIONS[section](obj=found).with_ids(section)
    form = ContactForm(obj=found).with_ids(section)
    people = contacts_of(db.session, current_user, found.organization.id)
    if found.contact is not None and found.contact not in people:
        people.append(found.contact)  # archived meanwhile: stays until another is chosen
    form.contact_id.choices = choices(people, lambda person: person.name, "No contact")
    return form


@blueprint.route("/leads/<code>/<any(who, what, next):section>", methods=["GET", "POST"])
@require("leads:write")
def lead_section(code: str, section: str) -> Answer:
    """Edit one section of a lead's page in place."""
    lock = request.method == "POST"
    found = queries.lead(db.session, current_user, code, "leads:write", lock=lock)
    form = section_form(found, section)
    if form.validate_on_submit() and _saved(found, form):
        flash("Saved.")
        if not wants_fragment():
            return done(url_for("leads.lead", code=found.code))
        return fragments(
            partial(f"leads/_{section}.html", **shown(found)),
            partial("leads/_title.html", oob=True, **shown(found)),
        )
    return page(
        "leads/section.html",
        blocks={section: "form"},
        status=409 if clashes(form) else 422 if form.errors else 200,
        lead=found,
        section=section,
        form=form,
        bases=bases(found, form, request.form),
    )


def _saved(found: Lead, form: Form) -> bool:
    """Write what was changed; False when two people changed one field, or a rule refuses."""
    values = merge(found, form, request.form)
    if clashes(form):
        return False
    try:
        operations.change_lead(db.session, found, values)
    except Invalid as refusal:
        for name, message in refusal.fields.items():
            form[name].errors = [message]
        return False
    db.session.commit()
    db.session.refresh(found)
    return True


@blueprint.get("/leads/<code>/history")
@require("leads:read")
def lead_history(code: str) -> Answer:
    """Show who changed what of one lead."""
    found = queries.lead(db.session, current_user, code)
    keys = queries.activity_keys(db.session, found)
    trail = history(db.session, ("leads", [found.id]), ("activities", keys))
    return history_page(trail, found.code, url_for("leads.lead", code=found.code), UNTOLD)
