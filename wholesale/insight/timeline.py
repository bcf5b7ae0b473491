"""What happened with a customer, in one list by time: activities, orders, quotes, leads."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, literal, select, tuple_, union_all
from sqlalchemy.orm import Session, joinedload

from wholesale.access.queries import Actor, may
from wholesale.core.errors import Invalid
from wholesale.customers.models import Activity
from wholesale.insight.organization import activities_about, leads_in_use
from wholesale.leads.models import Lead
from wholesale.orders.models import Order
from wholesale.orders.queries import visible_orders
from wholesale.quotes.models import Quote
from wholesale.quotes.queries import visible_quotes

PAGE_SIZE = 20
ACTIVITY, ORDER, LEAD, QUOTE = 3, 2, 1, 0  # of the same moment, in this order
MODELS: dict[int, type[Any]] = {ACTIVITY: Activity, ORDER: Order, LEAD: Lead, QUOTE: Quote}
KINDS = {ACTIVITY: "activity", ORDER: "order", LEAD: "lead", QUOTE: "quote"}
Cursor = tuple[datetime, int, int]


@dataclass(frozen=True)
class Happening:
    """One entry: when, of which kind, and the record."""

    at: datetime
    kind: str
    record: Any


@dataclass(frozen=True)
class Timeline:
    """One page, and the cursor of the next older one."""

    entries: list[Happening]
    after: str | None


def timeline(
    session: Session, actor: Actor, organization_id: int, after: str | None = None
) -> Timeline:
    """Return a page of what happened, the latest first, within the actor's scope.

    Raises Invalid for a cursor that is none.
    """
    cursor = _read(after) if after else None
    parts = [
        _branch(query, rank, moment, model, cursor)
        for query, rank, moment, model in _sources(actor, organization_id)
    ]
    both = union_all(*parts).subquery()
    order = (both.c.at.desc(), both.c.rank.desc(), both.c.id.desc())
    rows = list(session.execute(select(both).order_by(*order).limit(PAGE_SIZE + 1)))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    records = {rank: _load(session, rank, [r.id for r in rows if r.rank == rank]) for rank in KINDS}
    entries = [Happening(r.at, KINDS[r.rank], records[r.rank][r.id]) for r in rows]
    return Timeline(entries, _write(rows[-1]) if more else None)


def _sources(actor: Actor, organization_id: int) -> list[tuple[Select[Any], int, Any, Any]]:
    found: list[tuple[Select[Any], int, Any, Any]] = [
        (query, ACTIVITY, Activity.happened_at, Activity)
        for query in activities_about(actor, organization_id)
    ]
    if may(actor, "orders:read"):
        orders = visible_orders(actor).where(Order.organization_id == organization_id)
        found.append((orders, ORDER, Order.placed_at, Order))
    if may(actor, "quotes:read"):
        quotes = visible_quotes(actor).where(Quote.organization_id == organization_id)
        found.append((quotes, QUOTE, Quote.begun_at, Quote))
    if may(actor, "leads:read"):
        leads = leads_in_use(actor).where(Lead.organization_id == organization_id)
        found.append((leads, LEAD, Lead.created_at, Lead))
    return found


def _branch(query: Select[Any], rank: int, moment: Any, model: Any, cursor: Cursor | None) -> Any:
    """Select (at, rank, id) of one kind: no more than a page of it, along its index."""
    if cursor is not None:
        at, edge_rank, edge_id = cursor
        edge = tuple_(literal(at), literal(edge_rank), literal(edge_id))
        query = query.where(and_(moment <= at, tuple_(moment, literal(rank), model.id) < edge))
    query = query.with_only_columns(moment.label("at"), literal(rank).label("rank"), model.id)
    return query.order_by(moment.desc(), model.id.desc()).limit(PAGE_SIZE + 1).subquery().select()


def _load(session: Session, rank: int, keys: list[int]) -> dict[int, Any]:
    if not keys:
        return {}
    model = MODELS[rank]
    person = {ACTIVITY: "author", ORDER: "salesperson", QUOTE: "salesperson", LEAD: "owner"}[rank]
    query = select(model).where(model.id.in_(keys)).options(joinedload(getattr(model, person)))
    return {record.id: record for record in session.scalars(query)}


def _write(row: Any) -> str:
    text = json.dumps([row.at.isoformat(), row.rank, row.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> Cursor:
    try:
        padded = cursor[:500] + "=" * (-len(cursor[:500]) % 4)
        at, rank, key = json.loads(base64.urlsafe_b64decode(padded))
        moment = datetime.fromisoformat(at)
        if rank not in KINDS or {type(rank), type(key)} != {int} or not 0 < key < 2**31:
            raise ValueError(key)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, rank, key
    except (ValueError, TypeError, RecursionError):
        raise Invalid("This page of the timeline does not exist. Start from the first.") from None
