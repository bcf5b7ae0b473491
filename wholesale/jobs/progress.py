"""How far a running job has come, told beside its transaction so that pages can show it."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.extensions import db
from wholesale.jobs.models import JobNote

KEY = "job_id"  # in ``session.info``: the job that the session works for


def tell(session: Session, done: int, total: int, message: str = "") -> None:
    """Note that the job of ``session`` has done ``done`` of ``total``, whatever becomes of it."""
    values = {"done": done, "total": total, "message": message}
    query = insert(JobNote).values(job_id=session.info[KEY], **values)
    with db.engine.begin() as beside:
        beside.execute(query.on_conflict_do_update(index_elements=["job_id"], set_=values))
