"""The outbox: every mail the application has written, in the transaction that needed it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base, Keyed, Timestamped, one_of
from wholesale.core.stages import Stage


class MailState(Stage):
    """How far a mail has come."""

    WAITING = "waiting", "Waiting", "info"
    KEPT = "kept", "Kept here", "neutral"  # no mail service is connected
    SENDING = "sending", "Being sent", "progress"
    SENT = "sent", "Sent", "good"  # the service has it
    DELIVERED = "delivered", "Delivered", "good"
    BOUNCED = "bounced", "Bounced", "bad"
    FAILED = "failed", "Failed", "bad"


class OutboxMail(Keyed, Timestamped, Base):
    """One mail. Without a mail service it is kept here, where an admin can read it."""

    __tablename__ = "outbox_mails"
    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_mails_state", "state", "id"),
    )

    recipient: Mapped[str] = mapped_column(CITEXT, index=True)
    reply_to: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str]
    html: Mapped[str] = mapped_column(server_default="")
    template: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(server_default="0")
    # In the service's own words, for whoever looks into it.
    error: Mapped[str] = mapped_column(server_default="")
    # An attempt ended without an answer, so this one may have arrived twice.
    is_doubtful: Mapped[bool] = mapped_column(server_default="false")
    # Holds a link that opens something: hidden from who may only look.
    is_secret: Mapped[bool] = mapped_column(server_default="false")
    service_id: Mapped[str | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    @property
    def stage(self) -> MailState:
        """The state with its label and tone."""
        return MailState(self.state)


class MailEvent(Keyed, Base):
    """What the service told of a mail; each event once, however often it is told."""

    __tablename__ = "mail_events"

    event_id: Mapped[str] = mapped_column(unique=True)
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox_mails.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    address: Mapped[str] = mapped_column(CITEXT)
    reason: Mapped[str] = mapped_column(server_default="")
    happened_at: Mapped[datetime]


class BouncedAddress(Timestamped, Base):
    """An address that does not take mail: nothing is sent there until somebody frees it."""

    __tablename__ = "bounced_addresses"

    address: Mapped[str] = mapped_column(CITEXT, primary_key=True)
    reason: Mapped[str] = mapped_column(server_default="")
