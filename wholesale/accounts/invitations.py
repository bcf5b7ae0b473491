"""Invitations: sent for 48 hours, accepted once, resent with a new token, revoked."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wholesale.access.models import Role
from wholesale.accounts.models import Invitation, InvitationState, User
from wholesale.accounts.operations import create_user
from wholesale.accounts.queries import user_by_email
from wholesale.core.clock import now
from wholesale.core.email import normal_email
from wholesale.core.errors import DomainError, Invalid
from wholesale.core.tokens import new_token

LASTS = timedelta(hours=48)


def invite(
    session: Session, email: str, name: str, role: str, by: User | None
) -> tuple[Invitation, str]:
    """Make an invitation and return it with the token for the mail.

    Raises Invalid when the address has an account or an open invitation.
    """
    try:
        address = normal_email(email)
    except ValueError as problem:
        raise Invalid(str(problem), email=str(problem)) from None
    if session.get(Role, role) is None:
        raise Invalid("There is no such role.", role="Choose a role from the list.")
    if user_by_email(session, address) is not None:
        raise Invalid("This person has an account.", email="This address has an account already.")
    _close_expired(session, address)
    token, kept = new_token()
    invitation = Invitation(
        email=address, name=name, role=role, token_hash=kept, expires_at=now() + LASTS
    )
    invitation.invited_by = by
    try:
        with session.begin_nested():
            session.add(invitation)
    except IntegrityError:
        taken = "This address has an open invitation. Resend that one."
        raise Invalid(taken, email=taken) from None
    return invitation, token


def resend(session: Session, invitation: Invitation) -> str:
    """Give an invitation a new token and another 48 hours; the old link is dead.

    Raises DomainError when it was accepted or revoked.
    """
    _refuse_closed(invitation)
    token, invitation.token_hash = new_token()
    invitation.expires_at = now() + LASTS
    return token


def revoke(session: Session, invitation: Invitation) -> None:
    """Take an invitation back. Raises DomainError when it was accepted."""
    if invitation.state is InvitationState.ACCEPTED:
        raise DomainError(f"{invitation.email} has accepted already; disable the user instead.")
    invitation.revoked_at = now()


def accept(session: Session, invitation: Invitation, name: str, password: str) -> User:
    """Make the account of an invitation, whose row the caller has locked.

    Raises DomainError when it is no longer open, Invalid for a weak password.
    """
    if invitation.state is not InvitationState.PENDING:
        raise DomainError(f"This invitation is {invitation.state.value}. Ask for a new one.")
    user = create_user(session, invitation.email, name, invitation.role, password)
    invitation.accepted_at = now()
    return user


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.state in (InvitationState.ACCEPTED, InvitationState.REVOKED):
        raise DomainError(f"The invitation of {invitation.email} is {invitation.state.value}.")


def _close_expired(session: Session, address: str) -> None:
    """An invitation that ran out stands in nobody's way."""
    open_one = select(Invitation).where(
        Invitation.email == address,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    found = session.scalar(open_one)
    if found is not None and found.state is InvitationState.EXPIRED:
        found.revoked_at = now()
        session.flush()
