"""The demo company's quotes: those of converted leads, and some of recent orders' kind."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, selectinload

from wholesale.core.codes import next_code
from wholesale.demo.leads import Written
from wholesale.leads.operations import quote_key
from wholesale.lines.carrying import LINE_COLUMNS, copy_columns
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals
from wholesale.orders.models import Order
from wholesale.quotes.content import content_hash, content_of
from wholesale.quotes.models import Quote, QuoteDecision, QuoteLine, QuoteRevision
from wholesale.quotes.workflow import QuoteStatus

CURRENCY = "USD"
OTHERS = {
    QuoteStatus.DRAFT: 9,
    QuoteStatus.SENT: 14,
    QuoteStatus.EXPIRED: 5,
    QuoteStatus.ACCEPTED: 4,
    QuoteStatus.REJECTED: 5,
}
CARRIED = ("organization_id", "contact_id", "salesperson_id", "shipping_address", "name")
DECIDED = (QuoteStatus.ACCEPTED, QuoteStatus.REJECTED)


def add_quotes(session: Session, rng: Random, leads: list[Written], today: Any) -> int:
    """Write the quotes as they stand on ``today`` and return how many there are."""
    converted = {m.row["organization_id"]: m for m in leads if m.row["converted_at"] is not None}
    customer, placed = Order.organization_id, Order.placed_at
    began = (
        select(Order.id)
        .ext(distinct_on(customer))
        .where(Order.code.is_not(None), customer.in_(converted))
        .order_by(customer, placed, Order.id)
    )
    for order in _orders(session, Order.id.in_(began)):
        quote = _quote(session, order, QuoteStatus.ACCEPTED, order.placed_at or order.created_at)
        quote.entry_key = quote_key(converted[order.organization_id].id)
        order.quote_id, quote.ordered_at = quote.id, order.placed_at
    stages = [status for status, count in OTHERS.items() for _ in range(count)]
    recent = select(Order.id).where(placed.is_not(None)).order_by(placed.desc(), Order.id)
    for order in _orders(session, Order.id.in_(recent.limit(len(stages)))):
        age = rng.randrange(40, 70) if stages[-1] is QuoteStatus.EXPIRED else rng.randrange(1, 25)
        moment = datetime.combine(today - timedelta(days=age), time(15, rng.randrange(60)), UTC)
        _quote(session, order, stages.pop(), moment)
    session.flush()
    return len(converted) + sum(OTHERS.values())


def _orders(session: Session, which: Any) -> list[Order]:
    query = select(Order).where(which).options(selectinload(Order.lines)).order_by(Order.id)
    return list(session.scalars(query))


def _quote(session: Session, order: Order, status: QuoteStatus, moment: datetime) -> Quote:
    """Write a quote with the rows of ``order``, begun at ``moment``."""
    quote = Quote(code=next_code(session, "Q"), begun_at=moment, created_at=moment)
    quote.valid_until = moment.date() + timedelta(days=30)
    quote.terms = "Half with the order, half before shipping."
    copy_columns(order, quote, CARRIED)
    quote.created_by_id = order.salesperson_id
    for line in order.lines:
        quote.lines.append(row := QuoteLine())
        copy_columns(line, row, LINE_COLUMNS)
    session.add(quote)
    session.flush()
    refresh_totals(session, quote)
    if status is not QuoteStatus.DRAFT:
        _send(session, quote, status, moment + timedelta(hours=1))
    return quote


def _send(session: Session, quote: Quote, status: QuoteStatus, moment: datetime) -> None:
    content = content_of(quote, lines_of(session, quote), CURRENCY)
    quote.status, quote.sent_at = status, moment
    revision = QuoteRevision(quote_id=quote.id, number=1, content=content, sent_at=moment)
    revision.content_hash, revision.sent_by_id = content_hash(content), quote.salesperson_id
    revision.valid_until = quote.valid_until
    session.add(revision)
    if status in DECIDED:
        decision = QuoteDecision(revision=revision, decision=status.value)
        decision.content_hash = revision.content_hash
        decision.name = quote.contact.name if quote.contact else quote.organization.name
        decision.decided_at = moment + timedelta(hours=3)
        session.add(decision)
    session.flush()
