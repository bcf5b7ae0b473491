"""The quote that a lead becomes: begun once, whoever converts it how often."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.customers.models import Organization
from wholesale.leads.models import Lead
from wholesale.leads.operations import quote_key
from wholesale.lines.beginning import change_details
from wholesale.quotes.models import Quote
from wholesale.quotes.operations import begin_quote


def quote_of(session: Session, lead: Lead, customer: Organization, by: User) -> Quote:
    """Return the quote that a converted lead began, sent or not; begin it if there is none.

    The lead's row is locked by then, so that two at once begin one. Raises Invalid for an
    archived customer.
    """
    found = session.scalar(select(Quote).where(Quote.entry_key == quote_key(lead.id)))
    if found is not None:
        return found
    quote = begin_quote(session, customer, quote_key(lead.id), by)
    taken_over = {"name": lead.name, "contact_id": lead.contact_id or quote.contact_id}
    change_details(session, quote, taken_over)
    return quote
