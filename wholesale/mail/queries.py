"""Reads of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wholesale.core.errors import NotVisible
from wholesale.mail.models import BouncedAddress, MailEvent, MailState, OutboxMail
from wholesale.web.listing import Listing, Sort

LISTING = Listing(OutboxMail.id, (Sort("written", OutboxMail.id, descending=True),))


@dataclass(frozen=True)
class MailHealth:
    """How the outbox stands: what waits, what failed, when the service last took a mail."""

    waiting: int
    failed: int
    last_sent: datetime | None
    last_error: str


def mails(state: str = "") -> Select[Any]:
    """Select mails: all, or those of one state."""
    query = select(OutboxMail)
    return query.where(OutboxMail.state == state) if state else query


def mail(session: Session, key: int, *, lock: bool = False) -> OutboxMail:
    """Return one mail. Raises NotVisible when there is none."""
    found = session.get(OutboxMail, key, with_for_update=lock or None)
    if found is None:
        raise NotVisible("There is no such mail.")
    return found


def events_of(session: Session, found: OutboxMail) -> list[MailEvent]:
    """Return what the service told of a mail, in order."""
    query = select(MailEvent).where(MailEvent.mail_id == found.id)
    return list(session.scalars(query.order_by(MailEvent.happened_at, MailEvent.id)))


def bounced(session: Session, addresses: Iterable[str | None]) -> dict[str, str]:
    """Return why those of ``addresses`` that bounced did, by the address in lower case."""
    wanted = [address for address in addresses if address]
    if not wanted:
        return {}
    query = select(BouncedAddress).where(BouncedAddress.address.in_(wanted))
    return {row.address.lower(): row.reason or "bounced" for row in session.scalars(query)}


def health(session: Session) -> MailHealth:
    """Return how the outbox stands."""
    counts = dict(
        session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state)).all()
    )
    latest = select(OutboxMail.error).where(OutboxMail.error != "")
    return MailHealth(
        waiting=counts.get(MailState.WAITING, 0) + counts.get(MailState.SENDING, 0),
        failed=counts.get(MailState.FAILED, 0) + counts.get(MailState.BOUNCED, 0),
        last_sent=session.scalar(select(func.max(OutboxMail.sent_at))),
        last_error=session.scalar(latest.order_by(OutboxMail.id.desc()).limit(1)) or "",
    )
