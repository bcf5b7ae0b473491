"""Windows of maintenance: the one that is on, those to come, and those that were."""

from datetime import datetime

from sqlalchemy import CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.audit.recording import Audited
from wholesale.core.models import Base, Keyed, Timestamped
from wholesale.core.stages import Stage


class Mode(Stage):
    """How far maintenance goes."""

    OFF = "off", "Off", "neutral"
    ON = "on", "On: administrators may write", "bad"
    READ_ONLY = "read_only", "On: nobody may write", "bad"


class MaintenanceWindow(Audited, Keyed, Timestamped, Base):
    """A span of time without an end, until somebody ends it, or with one."""

    __tablename__ = "maintenance_windows"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="span"),
        CheckConstraint("length(btrim(message)) > 0", name="message"),
    )

    starts_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ends_at: Mapped[datetime | None]
    message: Mapped[str]
    # Nobody writes, administrators neither: the database itself refuses.
    is_read_only: Mapped[bool] = mapped_column(server_default="false")
