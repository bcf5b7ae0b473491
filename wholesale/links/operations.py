"""Writes of customer links: issue and revoke."""

import secrets
from datetime import timedelta

from itsdangerous import Signer
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.core.tokens import token_hash
from wholesale.links.models import CustomerLink

SALT = "customer-link"


def signer_of(secret: str, former: list[str]) -> Signer:
    """Return what signs tokens with ``secret`` and still knows those signed with ``former``."""
    return Signer([*reversed(former), secret], salt=SALT)


def issue_link(session: Session, signer: Signer, by: User, days: int, *, quote_id: int) -> str:
    """Make a link that is good for ``days`` and return its token, which is kept nowhere."""
    token = signer.sign(secrets.token_urlsafe(24)).decode()
    session.add(
        CustomerLink(
            token_hash=token_hash(token),
            quote_id=quote_id,
            created_by_id=by.id,
            expires_at=now() + timedelta(days=days),
        )
    )
    return token


def revoke_link(link: CustomerLink) -> None:
    """End a link; doing so again changes nothing."""
    link.revoked_at = link.revoked_at or now()
