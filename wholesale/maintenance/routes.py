"""The administrators' page of maintenance: begin, schedule, end."""

from flask import flash, url_for

from wholesale.access.gate import require
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.maintenance import blueprint, operations, queries
from wholesale.maintenance.forms import MaintenanceForm
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.maintenance.notices import announce
from wholesale.maintenance.state import known
from wholesale.web.filters import reader_zone
from wholesale.web.pages import Answer, done, page


@blueprint.get("/admin/maintenance")
@require("settings:write")
def maintenance() -> Answer:
    """Show what is on and what is scheduled."""
    return _page(MaintenanceForm())


@blueprint.post("/admin/maintenance")
@require("settings:write")
def begin() -> Answer:
    """Begin maintenance, or schedule it."""
    form = MaintenanceForm()
    if form.validate_on_submit() and (window := _begun(form)):
        told = announce(db.session, window) if form.tell.data else 0
        db.session.commit()
        known().forget()
        flash(f"Maintenance is {'scheduled' if form.starts_at.data else 'on'}; {told} mails.")
        return done(url_for("maintenance.maintenance"))
    db.session.rollback()
    return _page(form, 422)


@blueprint.post("/admin/maintenance/off")
@require("settings:write")
def switch_off() -> Answer:
    """End what is on."""
    ended = operations.switch_off(db.session)
    db.session.commit()
    known().forget()
    flash("Everybody may write again." if ended else "Nothing was on.")
    return done(url_for("maintenance.maintenance"))


@blueprint.post("/admin/maintenance/<key:key>/calling-off")
@require("settings:write")
def call_off(key: int) -> Answer:
    """Take a scheduled window back."""
    operations.call_off(db.session, key)
    db.session.commit()
    known().forget()
    flash("The window is called off.")
    return done(url_for("maintenance.maintenance"))


def _begun(form: MaintenanceForm) -> MaintenanceWindow | None:
    """Return the window that the form asks for; None with the errors beside its fields."""
    zone = reader_zone()
    start, end = form.starts_at.moment(zone), form.ends_at.moment(zone)
    message, strict = form.reason.data or "", bool(form.read_only.data)
    try:
        if start is None:
            return operations.switch_on(db.session, message, read_only=strict, until=end)
        if end is None:
            form.ends_at.errors = ["Give an end, too."]
            return None
        return operations.schedule(db.session, start, end, message, read_only=strict)
    except DomainError as refusal:
        fields = getattr(refusal, "fields", {}) or {"starts_at": refusal.message}
        for name, words in fields.items():
            form[name].errors = [words]
        return None


def _page(form: MaintenanceForm, status: int = 200) -> Answer:
    return page(
        "maintenance/maintenance.html",
        status=status,
        form=form,
        on_now=queries.on_now(db.session),
        to_come=queries.to_come(db.session),
    )
