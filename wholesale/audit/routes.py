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
from wholesale.web.lists import list_file, list_page
from wholesale.web.pages import Answer, here, page, target_id

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
    form = AuditFilter(request.args)
    valid = form.validate()
    return page(
        "audit/trail.html",
        blocks={"results": "results"},
        url=here() if target_id() == "results" else None,
        status=200 if valid else 422,
        form=form,
        found=list_page(queries.LISTING, _wanted(form), valid=valid),
    )


@blueprint.get("/admin/audit.<any(csv, xlsx):kind>")
@require("audit:read")
def trail_file(kind: str) -> Answer:
    """Download what the list shows."""
    form = AuditFilter(request.args)
    valid = form.validate()
    return list_file(kind, "audit", COLUMNS, queries.LISTING, _wanted(form), valid=valid)


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
