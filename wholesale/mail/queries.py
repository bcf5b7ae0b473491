"""Reads of the outbox."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wholesale.core.errors import NotVisible
from wholesale.mail.models import OutboxMail
from wholesale.web.listing import Listing, Sort

LISTING = Listing(OutboxMail.id, (Sort("written", OutboxMail.id, descending=True),))


def mails() -> Select[Any]:
    """Select all mails."""
    return select(OutboxMail)


def mail(session: Session, key: int) -> OutboxMail:
    """Return one mail. Raises NotVisible when there is none."""
    found = session.get(OutboxMail, key)
    if found is None:
        raise NotVisible("There is no such mail.")
    return found
