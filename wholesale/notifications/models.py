"""What one person was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base, Keyed, Timestamped


class Notification(Keyed, Timestamped, Base):
    """One line to one person, with the page it is about."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint("path LIKE '/%'", name="path"),
        UniqueConstraint("user_id", "once"),
        Index("ix_notifications_latest", "user_id", "id"),
        Index(
            "ix_notifications_unread",
            "user_id",
            postgresql_where=text("read_at IS NULL AND is_shown"),
        ),
        Index("ix_notifications_digest", "user_id", postgresql_where=text("is_for_digest")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    text: Mapped[str]
    path: Mapped[str]
    # A reminder of one thing comes once: what it reminds of.
    once: Mapped[str | None]
    read_at: Mapped[datetime | None]
    is_shown: Mapped[bool] = mapped_column(server_default="true")  # in the app
    is_for_digest: Mapped[bool] = mapped_column(server_default="false")  # waits for the mail
