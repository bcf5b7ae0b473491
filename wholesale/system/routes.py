"""Health checks for load balancers and monitors."""

from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from wholesale.access.gate import or_token, public, require
from wholesale.extensions import db
from wholesale.system import blueprint
from wholesale.system.details import details, prometheus
from wholesale.system.doctor import examine
from wholesale.system.schema import is_behind, present
from wholesale.web.pages import Answer, page

ADMIN = (
    ("accounts.user_list", "People", "Roles, exceptions, devices, disabling"),
    ("accounts.invitation_list", "Invitations", "Who may come in, resend, revoke"),
    ("access.matrix", "Permissions", "What each role may do, and how far"),
    ("audit.trail", "Audit trail", "Who changed what, when and from where"),
    ("imports.imports", "Imports", "Files that came in, what became of each row, undo"),
    ("system.parts", "System", "What is well and what is not"),
    ("maintenance.maintenance", "Maintenance", "Reads go on, writes wait: now or scheduled"),
    ("mail.outbox", "Mail", "What was written, to whom"),
    ("jobs.jobs", "Jobs", "What is done beside the pages, what died and why"),
    ("assistant.calls", "Assistant", "What was asked of it, what came of it, at what cost"),
)


@blueprint.get("/admin")
@require("users:read")
def admin() -> Answer:
    """Show the places of administration."""
    return page("system/admin.html", places_of_admin=ADMIN)


@blueprint.get("/admin/system")
@require("settings:read")
def parts() -> Answer:
    """Show how each part stands."""
    return page("system/system.html", blocks={"results": "results"}, parts=examine(db.session))


@blueprint.get("/health/details")
@or_token
@require("settings:read")
def health_details() -> Answer:
    """Tell a monitor, or an administrator, all there is to know."""
    return jsonify(details(db.session))


@blueprint.get("/metrics")
@or_token
@require("settings:read")
def metrics() -> Answer:
    """Tell the same in the format of Prometheus."""
    body = prometheus(details(db.session))
    return Response(body, mimetype="text/plain; version=0.0.4")


@blueprint.get("/api/health")
@public
def health() -> Answer:
    """Say that the process answers; touches no database."""
    return jsonify(status="ok")


@blueprint.get("/api/ready")
@public
def ready() -> Answer:
    """Say whether the database answers and has this version's schema; 503 while it does not."""
    try:
        is_ready = not is_behind(present(db.session))
    except SQLAlchemyError:
        db.session.rollback()
        is_ready = False
    if not is_ready:
        return jsonify(status="unavailable", database="disconnected"), 503
    return jsonify(status="ok", database="connected")
