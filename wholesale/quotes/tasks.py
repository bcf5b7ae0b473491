"""Reminding of offers that are about to end."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from wholesale.core.clock import today
from wholesale.customers.models import Organization
from wholesale.jobs.queue import task
from wholesale.notifications.operations import notify
from wholesale.quotes.models import Quote
from wholesale.quotes.notices import path_of
from wholesale.quotes.queries import SOON
from wholesale.quotes.workflow import QuoteStatus


@task("quotes.remind", attempts=3, cron="20 * * * *")
def remind(session: Session) -> None:
    """Tell each salesperson of the sent quotes of which one of the next days is the last, once."""
    day = today()
    ending = (
        select(Quote)
        .where(Quote.status == QuoteStatus.SENT, Quote.ordered_at.is_(None))
        .where(Quote.valid_until.between(day, day + SOON))
        .join(Quote.organization)
        .where(Organization.archived_at.is_(None))
        .options(contains_eager(Quote.organization))
        .order_by(Quote.id)
    )
    for quote in session.scalars(ending):
        words = f"{quote.code} ({quote.organization.name}) ends on {quote.valid_until:%b %-d}"
        once = f"quote {quote.id} ends {quote.valid_until}"
        path = path_of(quote)
        notify(
            session, quote.salesperson_id, "quote", words, path, mail="quote_expiring", once=once
        )
