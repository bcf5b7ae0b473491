"""Reads of users, sessions, invitations and reset links."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from wholesale.accounts.models import Invitation, PasswordReset, SignInSession, User
from wholesale.core.clock import now
from wholesale.core.errors import NotVisible
from wholesale.core.tokens import token_hash
from wholesale.web.listing import Listing, Sort

USERS = Listing(
    User.id,
    (
        Sort("name", User.name),
        Sort("email", User.email),
        Sort("joined", User.created_at, descending=True),
    ),
)
INVITATIONS = Listing(Invitation.id, (Sort("sent", Invitation.id, descending=True),))


def listed_users(q: str = "", role: str = "") -> Select[Any]:
    """Select the users whose name or address contains ``q``, of ``role`` if given."""
    query = select(User)
    if q:
        query = query.where(
            User.name.icontains(q, autoescape=True) | User.email.contains(q, autoescape=True)
        )
    if role:
        query = query.where(User.role == role)
    return query


def user(session: Session, key: int) -> User:
    """Return one user. Raises NotVisible when there is none."""
    found = session.get(User, key)
    if found is None:
        raise NotVisible("There is no such person.")
    return found


def user_by_email(session: Session, email: str) -> User | None:
    """Return the user with ``email``, whatever its case, or None."""
    return session.scalar(select(User).where(User.email == email.strip()))


def salespeople(session: Session) -> list[User]:
    """Return the active users who sell, by name: for filters and pickers."""
    query = select(User).join(User.profile).where(User.is_active).order_by(User.name)
    return list(session.scalars(query))


def sessions_of(session: Session, user_id: int) -> list[SignInSession]:
    """Return a user's living sessions, the latest used first."""
    query = (
        select(SignInSession)
        .where(SignInSession.user_id == user_id, SignInSession.expires_at > now())
        .order_by(SignInSession.seen_at.desc())
    )
    return list(session.scalars(query))


def listed_invitations() -> Select[Any]:
    """Select all invitations with who sent them."""
    return select(Invitation).options(joinedload(Invitation.invited_by))


def invitation(session: Session, key: int) -> Invitation:
    """Return one invitation. Raises NotVisible when there is none."""
    found = session.get(Invitation, key)
    if found is None:
        raise NotVisible("There is no such invitation.")
    return found


def invitation_by_token(session: Session, token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation of a link. Raises NotVisible for a token nobody has (any more)."""
    query = select(Invitation).where(Invitation.token_hash == token_hash(token))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotVisible("This invitation does not exist. Ask for a new one.")
    return found


def reset_by_token(session: Session, token: str, *, lock: bool = False) -> PasswordReset:
    """Return the living reset of a link. Raises NotVisible when used, expired or unknown."""
    query = select(PasswordReset).where(
        PasswordReset.token_hash == token_hash(token),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now(),
    )
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotVisible("This link was used or has run out. Ask for a new one.")
    return found
