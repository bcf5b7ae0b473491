"""The entries of a customer's timeline: added, edited in place, followed up, deleted."""

from functools import partial as partial_call
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.core.errors import Invalid
from wholesale.customers import activities, blueprint, operations, queries
from wholesale.customers.forms import ActivityForm, NewActivityForm
from wholesale.customers.models import Activity, Organization
from wholesale.customers.routes.changes import typed_into
from wholesale.extensions import db
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

CHANGED = "activities-changed"


@blueprint.route("/organizations/<key:key>/activities/new", methods=["GET", "POST"])
@require("organizations:write")
def new_activity(key: int) -> Answer:
    """Write down a call, a mail, a meeting or a note."""
    found = queries.organization(db.session, current_user, key, lock=request.method == "POST")
    operations.refuse_foreign(current_user, found)
    operations.refuse_merged(found)
    form = NewActivityForm().with_ids("activity")
    if form.validate_on_submit():
        try:
            entry = activities.add_activity(
                db.session, found, typed_into(form), form.entry_key, current_user
            )
            db.session.commit()
            return _added(found, entry)
        except Invalid as refusal:
            form.key.errors = [refusal.message]
    return page(
        "customers/new_activity.html",
        blocks={"activity-new": "form"},
        status=422 if form.errors else 200,
        organization=found,
        form=form,
    )


def _added(found: Organization, entry: Activity) -> Answer:
    """Answer with an empty form for the next entry, and this one at the top of the list."""
    flash(f"{entry.what.label} is written down.")
    if not wants_fragment():
        return done(url_for("customers.organization", key=found.id))
    fresh = NewActivityForm(formdata=None).with_ids("activity")
    shown = {"entry": entry, "organization": found, "may_change": True, "may_follow": True}
    return fragments(
        partial("customers/_activity_form.html", organization=found, form=fresh),
        partial("customers/_activity_added.html", **shown),
        tells=CHANGED,
    )


@blueprint.get("/activities/<key:key>")
@require("organizations:read")
def activity(key: int) -> Answer:
    """Show one entry."""
    entry, found = activities.activity(db.session, current_user, key)
    shown = _shown(entry, found)
    return page("customers/activity.html", blocks={f"activity-{key}": "entry"}, **shown)


@blueprint.route("/activities/<key:key>/edit", methods=["GET", "POST"])
@require("organizations:write")
def edit_activity(key: int) -> Answer:
    """Edit an entry in place."""
    entry, found = _changeable(key, lock=request.method == "POST")
    form = ActivityForm(obj=entry).with_ids(f"activity-{key}")
    change = partial_call(activities.change_activity, entry)
    if form.validate_on_submit() and saved(entry, form, request.form, change):
        db.session.commit()
        flash("Saved.")
        return _entry_again(entry, found)
    return page(
        "customers/edit_activity.html",
        blocks={f"activity-{key}": "form"},
        status=answer_status(form),
        entry=entry,
        organization=found,
        form=form,
        bases=bases(entry, form, request.form),
    )


@blueprint.post("/activities/<key:key>/<any(done, reopen):verb>")
@require("organizations:write")
def follow_up(key: int, verb: str) -> Answer:
    """Tick off a follow-up, or take the tick away."""
    entry, found = activities.activity(db.session, current_user, key, lock=True)
    operations.refuse_merged(found)
    activities.follow_up(current_user, entry, found, done=verb == "done")
    db.session.commit()
    flash("Done." if verb == "done" else "Open again.")
    return _entry_again(entry, found)


@blueprint.route("/activities/<key:key>/deletion", methods=["GET", "POST"])
@require("organizations:write")
def delete_activity(key: int) -> Answer:
    """Ask before an entry is deleted; delete it."""
    entry, found = _changeable(key, lock=request.method == "POST")
    if request.method == "GET":
        return page("customers/activity_deletion.html", entry=entry, organization=found)
    db.session.delete(entry)
    db.session.commit()
    flash("The entry is deleted.")
    if not wants_fragment():
        return done(url_for("customers.organization", key=found.id))
    return fragments(partial("customers/_activity_removed.html", key=key), tells=CHANGED)


def _changeable(key: int, *, lock: bool) -> tuple[Activity, Organization]:
    entry, found = activities.activity(db.session, current_user, key, lock=lock)
    activities.refuse_stranger(current_user, entry)
    operations.refuse_merged(found)
    return entry, found


def _shown(entry: Activity, found: Organization) -> dict[str, Any]:
    changes = activities.may_change(current_user, entry)
    return {
        "entry": entry,
        "organization": found,
        "may_change": changes,
        "may_follow": changes or operations.may_write(current_user, found),
    }


def _entry_again(entry: Activity, found: Organization) -> Answer:
    if not wants_fragment():
        return done(url_for("customers.organization", key=found.id))
    body = partial("customers/_activity_changed.html", **_shown(entry, found))
    return fragments(body, tells=CHANGED)
