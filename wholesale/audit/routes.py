"""The trail for admins."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask_login import current_user
from sqlalchemy import Select

from wholesale.access.gate import require
from wholesale.audit import queries
from wholesale.audit.forms import AuditFilter
from wholesale.audit.models import AuditEntry
from wholesale.web.lists import list_answer, list_file
from wholesale.web.pages import Answer

blueprint = Blueprint("audit", __name__)
COLUMNS = {
    "Entry": AuditEntry.id,
    "When (UTC)": AuditEntry.at,
    "Who": AuditEntry.actor,
    "From": AuditEntry.address,
    "Request": AuditEntry.request_id,
    "Action": AuditEntry.action,
    "Record": AuditEntry.entity,
    "Key": AuditEntry.entity_id,
    "Before": AuditEntry.before,
    "After": AuditEntry.after,
}


@blueprint.get("/admin/audit")
@require("audit:read")
def trail() -> Answer:
    """List entries, the latest first; the query string says which."""
    return list_answer("audit/trail.html", AuditFilter(request.args), _wanted, queries.LISTING)


@blueprint.get("/admin/audit.<any(csv, xlsx):kind>")
@require("audit:read")
def trail_file(kind: str) -> Answer:
    """Download what the list shows."""
    form = AuditFilter(request.args)
    return list_file(kind, "audit", COLUMNS, form, _wanted, queries.LISTING)


def _wanted(form: AuditFilter) -> Select[Any]:
    midnight = time(tzinfo=ZoneInfo(current_user.time_zone))
    since, until = form.since.data, form.until.data
    return queries.entries(
        user=form.user.data or "",
        record=form.record.data or "",
        action=form.action.data or "",
        since=datetime.combine(since, midnight) if since else None,
        until=datetime.combine(until + timedelta(days=1), midnight) if until else None,
    )
