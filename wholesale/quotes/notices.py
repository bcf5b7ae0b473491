"""Whom a quote's events are told: the customer by mail, the salesperson by their choice."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.errors import Invalid
from wholesale.core.text import clean_line
from wholesale.mail.operations import write_mail
from wholesale.notifications.operations import notify
from wholesale.quotes.models import Quote, QuoteDecision
from wholesale.web.urls import path_to


def path_of(quote: Quote) -> str:
    """Return the address of a quote's page."""
    return path_to("quotes.quote", ref=quote.ref)


def recipient(quote: Quote) -> str:
    """Return the address of the quote's contact; raises Invalid when it has none."""
    contact = quote.contact
    if contact is None or not contact.email or contact.is_archived:
        words = "The quote has no contact with an e-mail address, or an archived one."
        raise Invalid(f"{words} Choose another first.")
    return contact.email


def mail_offer(
    session: Session, quote: Quote, to: str, url: str, until: datetime, by: User
) -> None:
    """Mail the customer's link to the quote's contact, at the address ``to``."""
    known: dict[str, Any] = {
        "quote": quote,
        "contact": quote.contact,
        "url": url,
        "until": until,
        "sender": by,
    }
    write_mail(session, to, "quote_sent", secret=True, reply_to=by.email, **known)


def tell_decision(session: Session, quote: Quote, made: QuoteDecision) -> None:
    """Tell the salesperson what the customer decided, unless they noted it themselves."""
    if made.noted_by_id is not None and made.noted_by_id == quote.salesperson_id:
        return
    words = f"{quote.code} ({quote.organization.name}) was {made.decision} by {made.name}"
    notify(
        session,
        quote.salesperson_id,
        "quote",
        words,
        path_of(quote),
        mail="quote_accepted",
        remark=clean_line(made.remark),
    )
