"""Who gets in: signing in, passwords, roles, disabling; an active admin always remains."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wholesale.access.models import Role
from wholesale.accounts.models import PasswordReset, SalespersonProfile, User
from wholesale.accounts.passwords import (
    check_strength,
    hash_password,
    is_correct,
    is_outdated,
)
from wholesale.accounts.queries import user_by_email
from wholesale.accounts.sessions import end_sessions
from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.core.email import normal_email
from wholesale.core.errors import DomainError, Invalid
from wholesale.core.tokens import new_token

RESET_LASTS = timedelta(hours=1)


def authenticate(session: Session, email: str, password: str) -> User | None:
    """Return the active user whose password this is, or None without saying why."""
    user = user_by_email(session, email)
    correct = is_correct(password, user.password_hash if user else None)
    if user is None or not correct or not user.is_active:
        return None
    if is_outdated(user.password_hash or ""):
        user.password_hash = hash_password(password)
    return user


def create_user(session: Session, email: str, name: str, role: str, password: str | None) -> User:
    """Add a user. Raises Invalid when the address is taken or unusable, or the role unknown."""
    address = _free_address(session, email)
    if not 0 < len(name.strip()) <= 200:
        raise Invalid("Enter a name.", name="A name has 1 to 200 characters.")
    if session.get(Role, role) is None:
        raise Invalid("There is no such role.", role="Choose a role from the list.")
    if password is not None:
        _check_password(password, name, address)
    user = User(email=address, name=name, role=role, is_active=True, preferences={})
    user.password_hash = hash_password(password) if password else None
    session.add(user)
    session.flush()
    if role == "sales":
        session.add(SalespersonProfile(user_id=user.id))
    return user


def change_role(session: Session, user: User, role: str) -> None:
    """Give ``user`` another role, which ends their sessions. An active admin must remain."""
    if session.get(Role, role) is None:
        raise Invalid("There is no such role.", role="Choose a role from the list.")
    if user.role == role:
        return
    if user.role == "admin":
        _refuse_last_admin(session, user)
    user.role = role
    if role == "sales" and session.get(SalespersonProfile, user.id) is None:
        session.add(SalespersonProfile(user_id=user.id))
    end_sessions(session, user.id)


def disable(session: Session, user: User) -> None:
    """Shut ``user`` out at once. An active admin must remain."""
    if user.role == "admin":
        _refuse_last_admin(session, user)
    user.is_active = False
    end_sessions(session, user.id)


def enable(session: Session, user: User) -> None:
    """Let ``user`` in again."""
    user.is_active = True


def change_password(
    session: Session, user: User, password: str, *, keep: bytes | None = None
) -> None:
    """Set a new password; every session but the one with the hash ``keep`` ends.

    Raises Invalid with advice when the password is too weak.
    """
    _check_password(password, user.name, user.email)
    user.password_hash = hash_password(password)
    open_links = (PasswordReset.user_id == user.id) & PasswordReset.used_at.is_(None)
    session.execute(update(PasswordReset).where(open_links).values(used_at=now()))
    end_sessions(session, user.id, keep=keep)


def begin_reset(session: Session, email: str) -> tuple[User, str] | None:
    """Make a reset link for an active account; None, and no word of it, when there is none."""
    user = user_by_email(session, email)
    if user is None or not user.is_active:
        return None
    token, kept = new_token()
    session.add(PasswordReset(user_id=user.id, token_hash=kept, expires_at=now() + RESET_LASTS))
    note(session, "asked for a new password", "users", user.id)
    return user, token


def finish_reset(session: Session, reset: PasswordReset, password: str) -> None:
    """Set the password that a reset link asked for; this link and others are used up then."""
    change_password(session, reset.user, password)


def _check_password(password: str, *about: str) -> None:
    try:
        check_strength(password, "wholesale", "wholesaleos", *about)
    except ValueError as weak:
        raise Invalid("Choose a better password.", password=str(weak)) from None


def _free_address(session: Session, email: str) -> str:
    try:
        address = normal_email(email)
    except ValueError as problem:
        raise Invalid(str(problem), email=str(problem)) from None
    if user_by_email(session, address) is not None:
        raise Invalid("This person has an account.", email="This address has an account already.")
    return address


def _refuse_last_admin(session: Session, user: User) -> None:
    """Raise DomainError when ``user`` is the last active admin; two at once wait in line."""
    admins = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id)
    others = set(session.scalars(admins.with_for_update())) - {user.id}
    if not others:
        raise DomainError("This is the last active administrator. Make another one first.")
