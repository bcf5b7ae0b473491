"""The queue for admins: what waits, what died and why."""

from flask import flash, request, url_for

from wholesale.access.gate import require
from wholesale.extensions import db
from wholesale.jobs import blueprint, operations, queries
from wholesale.jobs.models import JobStatus
from wholesale.web.pages import Answer, done, page


@blueprint.get("/admin/jobs")
@require("settings:read")
def jobs() -> Answer:
    """List jobs, the latest first."""
    status = request.args.get("status") or ""
    status = status if status in JobStatus.__members__.values() else ""
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**62 else None
    found = queries.jobs(db.session, status, before)
    return page(
        "jobs/jobs.html",
        blocks={"results": "results"},
        jobs=found,
        counts=queries.counts(db.session),
        chosen=status,
        more=found[-1].id if len(found) == queries.SHOWN else None,
        open_statuses=(JobStatus.TODO, JobStatus.DOING),
    )


@blueprint.post("/admin/jobs/<key:key>/<any(retry, cancel):verb>")
@require("settings:write")
def job_step(key: int, verb: str) -> Answer:
    """Put a dead job back, or take a waiting one out."""
    step = {"retry": operations.retry, "cancel": operations.cancel}[verb]
    if step(db.session, key):
        db.session.commit()
        flash(f"Job {key} {'is back in the queue' if verb == 'retry' else 'will not run'}.")
    else:
        flash(f"Job {key} is not {'dead' if verb == 'retry' else 'waiting'} (any more).", "bad")
    return done(url_for("jobs.jobs"))
