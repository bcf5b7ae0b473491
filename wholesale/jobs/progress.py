"""How far a running job has come, told beside its transaction so that pages can show it."""

from typing import Any

from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from wholesale.extensions import db
from wholesale.jobs.models import JobNote

KEY = "job_id"  # in ``session.info``: the job that the session works for


def noted(job_id: int, **values: Any) -> Insert:
    """Return the statement that writes ``values`` into a job's note, which it makes if need be."""
    query = insert(JobNote).values(job_id=job_id, **values)
    return query.on_conflict_do_update(index_elements=["job_id"], set_=values)


def tell(session: Session, done: int, total: int, message: str = "") -> None:
    """Note that the job of ``session`` has done ``done`` of ``total``, whatever becomes of it."""
    with db.engine.begin() as beside:
        beside.execute(noted(session.info[KEY], done=done, total=total, message=message))
