"""What jobs say of themselves; the jobs are the queue's own, in the schema ``procrastinate``."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base


class JobStatus(StrEnum):
    """Where a job stands, in the queue's words."""

    TODO = "todo"
    DOING = "doing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"todo": "Waiting", "doing": "Running", "succeeded": "Done", "failed": "Dead"}.get(
            self.value, "Cancelled"
        )

    @property
    def tone(self) -> str:
        """The colour of the badge."""
        return {"doing": "progress", "succeeded": "good", "failed": "bad"}.get(self.value, "info")


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
