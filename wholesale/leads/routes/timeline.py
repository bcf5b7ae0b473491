"""The timeline of a lead: what happened, what to follow up on."""

from flask import flash, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.extensions import db
from wholesale.leads import activities, blueprint, queries
from wholesale.leads.forms import ActivityForm
from wholesale.leads.models import Lead
from wholesale.leads.routes.page import entries, lead_page, shown
from wholesale.web.pages import Answer, done, fragments, partial, wants_fragment


@blueprint.get("/leads/<code>/activities")
@require("leads:read")
def lead_activities(code: str) -> Answer:
    """Show a lead's timeline, page by page."""
    return lead_page(queries.lead(db.session, current_user, code))


@blueprint.post("/leads/<code>/activities")
@require("leads:write")
def add_activity(code: str) -> Answer:
    """Add what happened."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    form = ActivityForm().with_ids("activity")
    if not form.validate_on_submit():
        return lead_page(found, form=form, status=422)
    values = {name: form[name].data for name in ("kind", "body", "follow_up_on")}
    activities.add_activity(db.session, found, values, form.entry_key, current_user)
    db.session.commit()
    flash("Added to the timeline.")
    return _timeline(found)


@blueprint.post("/leads/<code>/activities/<key:key>/done")
@require("leads:write")
def finish_activity(code: str, key: int) -> Answer:
    """Mark a follow-up as done."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    activities.finish(activities.activity_of(db.session, found, key))
    db.session.commit()
    return _timeline(found)


@blueprint.post("/leads/<code>/activities/<key:key>/deletion")
@require("leads:write")
def delete_activity(code: str, key: int) -> Answer:
    """Take out an entry of one's own."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    entry = activities.activity_of(db.session, found, key)
    activities.delete_activity(db.session, entry, current_user)
    db.session.commit()
    flash("Entry deleted.")
    return _timeline(found)


def _timeline(found: Lead) -> Answer:
    """Answer with the timeline and the title, which says when something happened last."""
    if not wants_fragment():
        return done(url_for("leads.lead", code=found.code))
    form = ActivityForm(formdata=None).with_ids("activity")
    return fragments(
        partial("leads/_timeline.html", timeline=entries(found), form=form, **shown(found)),
        partial("leads/_title.html", oob=True, **shown(found)),
    )
