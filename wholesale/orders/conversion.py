"""The order that a quote becomes: one only, with every line as it was offered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.core.codes import next_code
from wholesale.core.errors import DomainError
from wholesale.lines.carrying import LINE_COLUMNS, TERMS, copy_columns
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals
from wholesale.orders.models import Order, OrderLine
from wholesale.quotes.models import Quote
from wholesale.quotes.workflow import QuoteStatus

HEADER = ("name", "organization_id", "contact_id", "salesperson_id", *TERMS)


def order_made_of(session: Session, quote: Quote) -> Order | None:
    """Return the order that a quote became, or None."""
    return session.scalar(select(Order).where(Order.quote_id == quote.id))


def order_from(session: Session, quote: Quote, by: User) -> Order:
    """Return the order of a quote, placed at once; its row is locked by then.

    Doing so again, or two people at once, gives the same order. Prices, discounts and tax are
    carried as they were agreed. Raises DomainError for a quote that is neither sent nor
    accepted, or whose customer was archived.
    """
    found = order_made_of(session, quote)
    if found is not None:
        return found
    if quote.stage not in (QuoteStatus.SENT, QuoteStatus.ACCEPTED):
        raise DomainError(
            f"The quote is {quote.stage.label.lower()}: only a sent or accepted one becomes an"
            " order."
        )
    if quote.organization.is_archived:
        raise DomainError(f"{quote.organization.name} was archived meanwhile.")
    order = Order(code=next_code(session, "O"), quote_id=quote.id, created_by_id=by.id)
    copy_columns(quote, order, HEADER)
    order.placed_at = quote.ordered_at = now()
    session.add(order)
    session.flush()
    for line in lines_of(session, quote):
        if line.qty_total:
            carried = OrderLine(order_id=order.id)
            copy_columns(line, carried, LINE_COLUMNS)
            session.add(carried)
    refresh_totals(session, order)
    return order
