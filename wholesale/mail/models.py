"""The outbox: every mail the application has written, in the transaction that needed it."""

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base, Keyed, Timestamped


class OutboxMail(Keyed, Timestamped, Base):
    """One mail. Without a mail service it is kept here, where an admin can read it."""

    __tablename__ = "outbox_mails"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'kept')", name="state"),)

    recipient: Mapped[str] = mapped_column(CITEXT, index=True)
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
