"""What was asked of the assistant and what came of it: one row a question."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.core.models import Base, Keyed, Timestamped, one_of

LONGEST_RUN = timedelta(minutes=2)


class Purpose(StrEnum):
    """What the assistant was asked for."""

    ROWS = "rows"
    SUMMARY = "summary"
    LIST = "list"
    MAIL = "mail"
    CLEAN_UP = "clean_up"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {
            "rows": "Rows of a mail or file",
            "summary": "Summary",
            "list": "Question in words",
            "mail": "Draft of a mail",
            "clean_up": "Names and addresses",
        }[self.value]


class Outcome(StrEnum):
    """How a question ended."""

    RUNNING = "running"
    ANSWERED = "answered"
    GARBAGE = "garbage"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    WRONG_KEY = "wrong_key"
    REFUSED = "refused"
    FAILED = "failed"  # by a fault of ours

    @property
    def label(self) -> str:
        """The words on screen."""
        return self.value.replace("_", " ").capitalize()

    @property
    def tone(self) -> str:
        """The badge's colour."""
        return {"running": "info", "answered": "good"}.get(self.value, "bad")

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered a moment later."""
        return self in (Outcome.LIMITED, Outcome.UNAVAILABLE)

    @property
    def costs_nothing(self) -> bool:
        """Whether the service refused before it did any work."""
        return self in (Outcome.LIMITED, Outcome.UNAVAILABLE, Outcome.WRONG_KEY, Outcome.REFUSED)


class AssistantCall(Keyed, Timestamped, Base):
    """One question: who asked, about what, what it cost. Prompt and answer are redacted."""

    __tablename__ = "assistant_calls"
    __table_args__ = (
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint("tokens_in >= 0 AND tokens_out >= 0", name="tokens"),
        CheckConstraint("milliseconds >= 0", name="milliseconds"),
        Index("ix_assistant_calls_user_id", "user_id", "created_at"),
        Index("ix_assistant_calls_created_at", "created_at", "id"),
    )

    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]
    # What it was about, ``orders:O-2026-00001``; empty for a question about nothing in particular.
    record: Mapped[str] = mapped_column(server_default="")
    model: Mapped[str]
    prompt: Mapped[str]
    answer: Mapped[str] = mapped_column(server_default="")
    # While it runs, and where the service does not say: an estimate.
    tokens_in: Mapped[int] = mapped_column(server_default="0")
    tokens_out: Mapped[int] = mapped_column(server_default="0")
    milliseconds: Mapped[int] = mapped_column(server_default="0")
    outcome: Mapped[str] = mapped_column(server_default=Outcome.RUNNING)
    error: Mapped[str] = mapped_column(server_default="")

    user: Mapped[User | None] = relationship()

    @property
    def tokens(self) -> int:
        """What counts against the person's budget."""
        return self.tokens_in + self.tokens_out

    @property
    def what(self) -> Purpose:
        """The purpose with its label."""
        return Purpose(self.purpose)

    @property
    def end(self) -> Outcome:
        """The outcome with its label and tone."""
        return Outcome(self.outcome)

    @property
    def is_interrupted(self) -> bool:
        """Whether the process that asked is gone, and with it the answer."""
        return self.outcome == Outcome.RUNNING and self.created_at < now() - LONGEST_RUN
