"""Users, the salespeople among them, and their sign-in sessions."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, text
from sqlalchemy.dialects.postgresql import CITEXT, INET
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from wholesale.access.queries import Grants, grants_of, may
from wholesale.audit.recording import Audited
from wholesale.core.clock import now
from wholesale.core.models import Base, Keyed, Timestamped, Versioned


class User(UserMixin, Audited, Keyed, Timestamped, Versioned, Base):
    """A person who signs in. E-mail addresses differ regardless of case."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("length(btrim(name)) > 0", name="name"),)

    email: Mapped[str] = mapped_column(CITEXT, unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    role: Mapped[str] = mapped_column(ForeignKey("roles.name"), index=True)
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default="true")
    time_zone: Mapped[str] = mapped_column(server_default="America/New_York")
    reference: Mapped[str | None] = mapped_column(CITEXT, unique=True)
    # The person's own choices: theme, which notifications, by which way.
    preferences: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    profile: Mapped["SalespersonProfile | None"] = relationship(back_populates="user")

    @cached_property
    def grants(self) -> Grants:
        """The person's permissions, read once per request."""
        return grants_of(cast(Session, object_session(self)), self.role, self.id)

    def may(self, permission: str) -> bool:
        """Tell whether the person has ``permission`` on any record (for showing buttons)."""
        return may(self, permission)

    @property
    def initials(self) -> str:
        """One or two letters that stand for the person."""
        parts = self.name.split()
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


class SalespersonProfile(Audited, Timestamped, Base):
    """What a user who sells works by: territory, quota, commission."""

    __tablename__ = "salesperson_profiles"
    __table_args__ = (
        CheckConstraint("monthly_quota >= 0", name="quota"),
        CheckConstraint("commission_rate BETWEEN 0 AND 1", name="commission_rate"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    territory: Mapped[str | None]
    monthly_quota: Mapped[Decimal] = mapped_column(server_default="0")
    commission_rate: Mapped[Decimal] = mapped_column(Numeric(5, 4), server_default="0.1000")
    user: Mapped[User] = relationship(back_populates="profile")


class SignInSession(Keyed, Base):
    """A browser's session. The cookie's token is kept only as its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_expires_at", "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    data: Mapped[dict[str, Any]]
    address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user: Mapped[User | None] = relationship()

    @property
    def device(self) -> str:
        """The browser and system in a few words."""
        agent = self.user_agent or ""
        browser = next((name for mark, name in _BROWSERS if mark in agent), "Another browser")
        system = next((name for mark, name in _SYSTEMS if mark in agent), "")
        return f"{browser} on {system}" if system else browser


# In the order in which they have to be looked for: each also names those after it.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class InvitationState(StrEnum):
    """What became of an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """The word on screen."""
        return self.value.capitalize()

    @property
    def tone(self) -> str:
        """The badge's colour."""
        return {"pending": "info", "accepted": "good"}.get(self.value, "neutral")


class Invitation(Audited, Keyed, Timestamped, Base):
    """A way in for 48 hours; the token in the mail is kept only as its hash."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    email: Mapped[str] = mapped_column(CITEXT)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(ForeignKey("roles.name"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    invited_by: Mapped[User | None] = relationship()

    @property
    def state(self) -> InvitationState:
        """Pending until it is accepted or revoked, or runs out."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.PENDING if self.expires_at > now() else InvitationState.EXPIRED


class PasswordReset(Keyed, Timestamped, Base):
    """A link to a new password: one hour, one use, kept only as its hash."""

    __tablename__ = "password_resets"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
