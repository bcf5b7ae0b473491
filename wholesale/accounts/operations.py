"""Signing in: the one rule for who gets in."""

from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.accounts.passwords import hash_password, is_correct, is_outdated
from wholesale.accounts.queries import user_by_email


def authenticate(session: Session, email: str, password: str) -> User | None:
    """Return the active user whose password this is, or None without saying why."""
    user = user_by_email(session, email)
    correct = is_correct(password, user.password_hash if user else None)
    if user is None or not correct or not user.is_active:
        return None
    if is_outdated(user.password_hash or ""):
        user.password_hash = hash_password(password)
    return user
