"""Writes of customer links: issue and revoke."""

from datetime import timedelta

from itsdangerous import Signer
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.core.errors import DomainError
from wholesale.core.tokens import token_hash
from wholesale.links.models import CustomerLink
from wholesale.links.queries import link_with

SALT = "customer-link"


def signer_of(secret: str, former: list[str]) -> Signer:
    """Return what signs tokens with ``secret`` and still knows those signed with ``former``."""
    return Signer([*reversed(former), secret], salt=SALT)


def issue_link(
    session: Session, signer: Signer, by: User, days: int, *, quote_id: int, key: str
) -> tuple[str, bool]:
    """Make a link that is good for ``days``; return its token, kept nowhere, and whether it is new.

    The token comes from the secret and from ``key``, which says what form asked for it: one that
    is sent twice gets the link that it has made. Raises DomainError when that one was
    revoked, or has ended.
    """
    token = signer.sign(signer.get_signature(f"{quote_id} {key}")).decode()
    made = link_with(session, token)
    if made is not None and not made.is_open:
        raise DomainError("The link that this form made is no longer good. Open the quote anew.")
    if made is None:
        link = CustomerLink(token_hash=token_hash(token), quote_id=quote_id, created_by_id=by.id)
        link.expires_at = now() + timedelta(days=days)
        session.add(link)
    return token, made is None


def revoke_link(link: CustomerLink) -> None:
    """End a link; doing so again changes nothing."""
    link.revoked_at = link.revoked_at or now()
