"""What jobs say of themselves; the jobs are the queue's own, in the schema ``procrastinate``."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base
from wholesale.core.stages import Stage


class JobStatus(Stage):
    """Where a job stands, in the queue's words."""

    TODO = "todo", "Waiting", "info"
    DOING = "doing", "Running", "progress"
    SUCCEEDED = "succeeded", "Done", "good"
    FAILED = "failed", "Dead", "bad"
    CANCELLED = "cancelled", "Cancelled", "info"


class JobNote(Base):
    """How far a job has come, its last error, and that it is done: written with its work."""

    __tablename__ = "job_notes"
    __table_args__ = (CheckConstraint("done >= 0 AND total >= 0", name="progress"),)

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    message: Mapped[str] = mapped_column(server_default="")
    error: Mapped[str] = mapped_column(server_default="")
    finished_at: Mapped[datetime | None]
