"""Users, the salespeople among them, and their sign-in sessions."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric
from sqlalchemy.dialects.postgresql import CITEXT, INET
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from wholesale.access.matrix import Scope
from wholesale.access.queries import Grants, grants_of_role
from wholesale.core.models import Base, Keyed, Timestamped


class User(UserMixin, Keyed, Timestamped, Base):
    """A person who signs in. E-mail addresses differ regardless of case."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(CITEXT, unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    role: Mapped[str] = mapped_column(ForeignKey("roles.name"), index=True)
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default="true")
    time_zone: Mapped[str] = mapped_column(server_default="America/New_York")
    reference: Mapped[str | None] = mapped_column(CITEXT, unique=True)
    profile: Mapped["SalespersonProfile | None"] = relationship(back_populates="user")

    @cached_property
    def grants(self) -> Grants:
        """The person's permissions, read once per request."""
        return grants_of_role(cast(Session, object_session(self)), self.role)

    def may(self, permission: str) -> bool:
        """Tell whether the person has ``permission`` on any record (for showing buttons)."""
        return self.grants.get(permission, Scope.NONE) is not Scope.NONE

    @property
    def initials(self) -> str:
        """One or two letters that stand for the person."""
        parts = self.name.split()
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


class SalespersonProfile(Timestamped, Base):
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


class SignInSession(Base):
    """A browser's session. The cookie's token is kept only as its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_expires_at", "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
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
