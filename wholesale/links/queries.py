"""Reads of customer links."""

from itsdangerous import BadSignature, Signer
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wholesale.core.errors import NotVisible
from wholesale.core.tokens import token_hash
from wholesale.links.models import CustomerLink

GONE = "This link is no longer good. Ask your salesperson for a new one."


def links_of(session: Session, quote_id: int) -> list[CustomerLink]:
    """Return the links of a quote, the latest first."""
    query = (
        select(CustomerLink)
        .where(CustomerLink.quote_id == quote_id)
        .options(joinedload(CustomerLink.created_by))
        .order_by(CustomerLink.id.desc())
    )
    return list(session.scalars(query))


def link_with(session: Session, token: str) -> CustomerLink | None:
    """Return the link that has ``token``, whether it is still good or not."""
    return session.scalar(select(CustomerLink).filter_by(token_hash=token_hash(token)))


def link_by_token(session: Session, token: str, signer: Signer) -> CustomerLink:
    """Return the link that ``token`` opens.

    What nobody here signed is refused before the database is asked. Raises NotVisible for an
    unknown, revoked or expired one: the answer is the same.
    """
    try:
        signer.unsign(token)
    except BadSignature:
        raise NotVisible(GONE) from None
    found = link_with(session, token)
    if found is None or not found.is_open:
        raise NotVisible(GONE)
    return found
