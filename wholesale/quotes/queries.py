"""Reads of quotes, within the person's scope."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, joinedload

from wholesale.access import queries as access
from wholesale.access.queries import Actor, narrowed
from wholesale.core.clock import today
from wholesale.core.errors import NotPermitted, NotVisible
from wholesale.quotes.models import Quote, QuoteDecision, QuoteRevision
from wholesale.quotes.workflow import QuoteStatus
from wholesale.web.listing import Listing, Sort, contains

PICKED = 8
SOON = timedelta(days=7)
LISTING = Listing(
    Quote.id,
    (Sort("begun", Quote.begun_at, descending=True), Sort("total", Quote.total)),
)


def visible_quotes(actor: Actor, permission: str = "quotes:read") -> Select[Any]:
    """Select the quotes that ``permission`` reaches for ``actor``."""
    own = Quote.salesperson_id == actor.id
    return narrowed(select(Quote), actor, permission, own=own)


def listed_quotes(actor: Actor, wanted: dict[str, Any], zone: str) -> Select[Any]:
    """Select the quotes of the list.

    ``wanted`` may hold ``q``, ``status`` (a list), ``salesperson`` and ``organization`` (keys),
    and, true or false, ``expiring`` and ``to_order``.
    A sent quote whose last day lies before today in ``zone`` counts as expired.
    """
    query = visible_quotes(actor)
    if wanted.get("q"):
        query = query.where(contains(Quote.search, wanted["q"]))
    if wanted.get("status"):
        query = query.where(_standing(wanted["status"], zone))
    if wanted.get("salesperson"):
        query = query.where(Quote.salesperson_id == wanted["salesperson"])
    if wanted.get("organization"):
        query = query.where(Quote.organization_id == wanted["organization"])
    for name, condition in _waiting(zone).items():
        if wanted.get(name):
            query = query.where(condition)
    return query


def _waiting(zone: str) -> dict[str, ColumnElement[bool]]:
    """Return the conditions of quotes that somebody should act on, by the list's filters.

    Expiring is a sent quote that today or one of the next days in ``zone`` is the last of.
    """
    soon = Quote.valid_until.between(today(zone), today(zone) + SOON)
    return {
        "expiring": and_(Quote.status == QuoteStatus.SENT, Quote.ordered_at.is_(None), soon),
        "to_order": and_(Quote.status == QuoteStatus.ACCEPTED, Quote.ordered_at.is_(None)),
    }


def _standing(statuses: list[str], zone: str) -> ColumnElement[bool]:
    past = and_(
        Quote.status == QuoteStatus.SENT,
        Quote.ordered_at.is_(None),
        Quote.valid_until < today(zone),
    )
    found = Quote.status.in_(statuses)
    if QuoteStatus.EXPIRED in statuses:
        return found | past
    return and_(found, past.is_not(True))


def with_names(query: Select[Any]) -> Select[Any]:
    """Load what a row of the list shows along with each quote."""
    return query.options(joinedload(Quote.organization), joinedload(Quote.salesperson))


def pick_quotes(session: Session, actor: Actor, q: str) -> list[Quote]:
    """Return the latest quotes whose code, name or customer contains what was typed."""
    if not q:
        return []
    query = with_names(visible_quotes(actor).where(contains(Quote.search, q)))
    return list(session.scalars(query.order_by(Quote.begun_at.desc()).limit(PICKED)))


def quote(
    session: Session,
    actor: Actor,
    ref: str,
    permission: str = "quotes:read",
    *,
    lock: bool = False,
) -> Quote:
    """Return the quote of code ``ref``; one that is to be changed is locked.

    Raises NotVisible outside what the actor may read, NotPermitted when the actor may read it
    but not do this.
    """
    query = visible_quotes(actor).where(Quote.code == ref.upper())
    query = query.options(
        joinedload(Quote.organization), joinedload(Quote.contact), joinedload(Quote.salesperson)
    )
    if lock:
        query = query.with_for_update(of=Quote).execution_options(populate_existing=True)
    found: Quote | None = session.scalar(query)
    if found is None:
        raise NotVisible("There is no such quote.")
    if not reaches(actor, found, permission):
        raise NotPermitted("You may look at this quote but not change it.")
    return found


def reaches(actor: Actor, found: Quote, permission: str = "quotes:write") -> bool:
    """Tell whether ``permission`` of ``actor`` reaches a quote that ``actor`` may read."""
    return access.reaches(actor, permission, found.salesperson_id)


def revisions_of(session: Session, quote: Quote) -> list[QuoteRevision]:
    """Return what was sent of a quote, the latest first."""
    query = (
        select(QuoteRevision)
        .where(QuoteRevision.quote_id == quote.id)
        .options(joinedload(QuoteRevision.sent_by))
        .order_by(QuoteRevision.number.desc())
    )
    return list(session.scalars(query))


def latest_revision(session: Session, quote: Quote) -> QuoteRevision | None:
    """Return what was sent last, or None."""
    query = select(QuoteRevision).where(QuoteRevision.quote_id == quote.id)
    return session.scalar(query.order_by(QuoteRevision.number.desc()).limit(1))


def revision(session: Session, quote: Quote, number: int) -> QuoteRevision:
    """Return one revision that was sent. Raises NotVisible."""
    query = select(QuoteRevision).where(
        QuoteRevision.quote_id == quote.id, QuoteRevision.number == number
    )
    found = session.scalar(query)
    if found is None:
        raise NotVisible("This revision was not sent.")
    return found


def decisions_of(session: Session, quote: Quote) -> list[QuoteDecision]:
    """Return what was decided of a quote, voided decisions too, the latest first."""
    query = (
        select(QuoteDecision)
        .join(QuoteDecision.revision)
        .where(QuoteRevision.quote_id == quote.id)
        .options(joinedload(QuoteDecision.revision))
        .order_by(QuoteDecision.id.desc())
    )
    return list(session.scalars(query))


def standing_decision(session: Session, revision: QuoteRevision | None) -> QuoteDecision | None:
    """Return the decision of what was sent last that counts, or None."""
    if revision is None:
        return None
    query = select(QuoteDecision).where(
        QuoteDecision.revision_id == revision.id, QuoteDecision.voided_at.is_(None)
    )
    return session.scalar(query)


def usual_quote(session: Session, actor: Actor, organization_id: int) -> Quote | None:
    """Return what a customer usually orders, where the actor may see it.

    Merging two customers may leave two: then the later one counts.
    """
    query = visible_quotes(actor).where(Quote.organization_id == organization_id, Quote.is_usual)
    found: Quote | None = session.scalar(query.order_by(Quote.id.desc()).limit(1))
    return found
