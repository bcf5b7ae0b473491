"""Putting leads away, bringing them back, deleting them."""

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.extensions import db
from wholesale.leads import blueprint, operations, queries
from wholesale.web.pages import Answer, done, page


@blueprint.post("/leads/<code>/<any(archive, restore):verb>")
@require("leads:write")
def lead_archive(code: str, verb: str) -> Answer:
    """Put a lead away, or bring it back."""
    found = queries.lead(db.session, current_user, code, "leads:write", lock=True)
    (operations.archive if verb == "archive" else operations.restore)(found)
    db.session.commit()
    flash(f"{found.code} is {'archived' if verb == 'archive' else 'back on the board'}.")
    return done(url_for("leads.lead", code=found.code))


@blueprint.route("/leads/<code>/deletion", methods=["GET", "POST"])
@require("leads:write")
def lead_deletion(code: str) -> Answer:
    """Say what stands against deleting a lead and offer to archive it; or delete it."""
    lock = request.method == "POST"
    found = queries.lead(db.session, current_user, code, "leads:write", lock=lock)
    against = operations.standing_against(db.session, found)
    if request.method == "POST" and not against:
        operations.delete_lead(db.session, found)
        db.session.commit()
        flash(f"{found.code} is deleted.")
        return done(url_for("leads.leads"))
    status = 409 if request.method == "POST" else 200
    return page("leads/deletion.html", lead=found, against=against, status=status)
