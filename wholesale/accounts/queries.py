"""Reads of users."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User


def user_by_email(session: Session, email: str) -> User | None:
    """Return the user with ``email``, whatever its case, or None."""
    return session.scalar(select(User).where(User.email == email.strip()))


def salespeople(session: Session) -> list[User]:
    """Return the active users who sell, by name: for filters and pickers."""
    query = select(User).join(User.profile).where(User.is_active).order_by(User.name)
    return list(session.scalars(query))
