"""What is known of a customer or an order within the reader's scope, each fact with its record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from wholesale.accounts.models import User
from wholesale.assistant.schemas import Statement
from wholesale.audit.models import AuditEntry
from wholesale.changes.queries import changes_of
from wholesale.core.clock import today
from wholesale.core.text import clean_line
from wholesale.customers.models import Activity, Organization
from wholesale.customers.queries import contacts_of, visible_organizations
from wholesale.leads.models import Lead
from wholesale.leads.queries import visible_leads
from wholesale.lines.grid import sections
from wholesale.lines.queries import lines_of
from wholesale.orders.models import Order
from wholesale.orders.queries import visible_orders
from wholesale.orders.workflow import OrderStatus
from wholesale.quotes.models import Quote
from wholesale.quotes.queries import visible_quotes

MOST = 15  # records of one kind, the latest first
LONGEST = 500


@dataclass(frozen=True)
class Fact:
    """One thing that is known: what the model reads, and which record a reader is led to."""

    text: str
    label: str
    endpoint: str
    args: dict[str, Any]
    id: str = ""


@dataclass(frozen=True)
class Supported:
    """A statement with the facts that show it."""

    text: str
    facts: list[Fact] = field(default_factory=list)


def supported(statements: Iterable[Statement], facts: Iterable[Fact]) -> list[Supported]:
    """Return the statements that name a fact there is; what nothing shows is left out."""
    known = {fact.id: fact for fact in facts}
    found = []
    for one in statements:
        shown = [known[key] for key in dict.fromkeys(one.facts) if key in known]
        if shown and (text := clean_line(one.text)):
            found.append(Supported(text, shown))
    return found


def customer_facts(session: Session, actor: User, organization: Organization) -> list[Fact]:
    """Return what ``actor`` may know of a customer."""
    zone, key = actor.time_zone, organization.id
    orders = visible_orders(actor).where(Order.organization_id == key)
    quotes = visible_quotes(actor).where(Quote.organization_id == key)
    leads = visible_leads(actor).where(Lead.organization_id == key, Lead.archived_at.is_(None))
    done = select(Activity).where(Activity.organization_id == key)
    return _numbered(
        [
            _of_organization(organization),
            *_of_people(session, actor, organization),
            *(_of_order(order, zone) for order in _latest(session, orders, Order.placed_at)),
            *(_of_quote(quote, zone) for quote in _latest(session, quotes, Quote.begun_at)),
            *(_of_lead(lead, zone) for lead in _latest(session, leads, Lead.last_activity_at)),
            *_of_activities(session, done, zone),
        ]
    )


def order_facts(session: Session, actor: User, order: Order) -> list[Fact]:
    """Return what ``actor`` may know of an order that ``actor`` may read."""
    zone = actor.time_zone
    mine = visible_organizations(actor).where(Organization.id == order.organization_id)
    quotes = visible_quotes(actor).where(Quote.id == order.quote_id)
    return _numbered(
        [
            _of_order(order, zone),
            *(_of_organization(one) for one in session.scalars(mine)),
            *_of_lines(session, order),
            *(_of_quote(quote, zone) for quote in session.scalars(quotes)),
            *_of_changes(session, order),
            *_of_steps(session, order, zone),
        ]
    )


def _numbered(facts: list[Fact]) -> list[Fact]:
    return [
        Fact(clean_line(fact.text)[:LONGEST], fact.label, fact.endpoint, fact.args, f"F{place}")
        for place, fact in enumerate(facts, 1)
    ]


def _latest(session: Session, query: Select[Any], moment: Any) -> list[Any]:
    return list(session.scalars(query.order_by(moment.desc()).limit(MOST)))


def _of_organization(organization: Organization) -> Fact:
    seller = organization.salesperson
    parts = [
        f"Customer {organization.name}, {organization.kind.label.lower()}",
        organization.place,
        f"salesperson {seller.name}" if seller else "no salesperson",
        "archived" if organization.is_archived else "",
    ]
    args = {"key": organization.id}
    return Fact(_joined(parts), organization.name, "customers.organization", args)


def _of_people(session: Session, actor: User, organization: Organization) -> Iterator[Fact]:
    for person in contacts_of(session, actor, organization.id)[:MOST]:
        words = _joined(["Contact " + person.name, person.title or ""])
        yield Fact(words, person.name, "customers.organization", {"key": organization.id})


def _of_order(order: Order, zone: str) -> Fact:
    parts = [
        f"Order {order.title}, {order.stage.label.lower()}",
        f"“{order.name}”" if order.name else "",
        f"placed {_day(order.placed_at, zone)}" if order.placed_at else "a draft, not placed",
        f"requested delivery {order.requested_delivery or 'not said'}",
        "late" if order.is_late(today(zone)) else "",
        f"{order.units} units, total {_money(order.total)}",
        f"notes: {order.notes}" if order.notes else "",
    ]
    return Fact(_joined(parts), order.title, "orders.order", {"ref": order.ref})


def _of_lines(session: Session, order: Order) -> Iterator[Fact]:
    for section in sections(lines_of(session, order))[:MOST]:
        colours = _joined([f"{li.variant.label} {li.qty_total}" for li in section.lines])
        words = f"Ordered {section.product.name} ({section.product.sku}), {section.units} units"
        short = f"; {section.short}" if section.short else ""
        label = f"{order.title}: {section.product.sku}"
        yield Fact(f"{words}: {colours}{short}", label, "orders.order", {"ref": order.ref})


def _of_quote(quote: Quote, zone: str) -> Fact:
    parts = [
        f"Quote {quote.title}, {quote.stage.label.lower()}",
        f"begun {_day(quote.begun_at, zone)}",
        f"sent {_day(quote.sent_at, zone)}" if quote.sent_at else "not sent",
        f"valid until {quote.valid_until}" if quote.valid_until else "",
        "an order was made of it" if quote.ordered_at else "",
        f"{quote.units} units, total {_money(quote.total)}",
    ]
    return Fact(_joined(parts), quote.title, "quotes.quote", {"ref": quote.ref})


def _of_lead(lead: Lead, zone: str) -> Fact:
    parts = [
        f"Lead {lead.code} “{lead.name}”, {lead.phase.label.lower()}",
        f"next step: {lead.next_step}" if lead.next_step else "no next step",
        f"by {lead.next_step_on}" if lead.next_step_on else "",
        f"last activity {_day(lead.last_activity_at, zone)}",
    ]
    return Fact(_joined(parts), lead.code, "leads.lead", {"code": lead.code})


def _of_activities(session: Session, query: Select[Any], zone: str) -> Iterator[Fact]:
    with_author = query.options(joinedload(Activity.author))
    for entry in _latest(session, with_author, Activity.happened_at):
        when, state = _day(entry.happened_at, zone), "done" if entry.done_at else "open"
        follow = f"to follow up on {entry.follow_up_on}, {state}" if entry.follow_up_on else ""
        by = f"by {entry.author.name}" if entry.author else ""
        words = _joined([f"{entry.what.label} on {when}", by, follow]) + f": {entry.body}"
        label = f"{entry.what.label}, {when}"
        yield Fact(words, label, "customers.activity", {"key": entry.id})


def _of_changes(session: Session, order: Order) -> Iterator[Fact]:
    for change in changes_of(session, order)[:MOST]:
        words = f"{change.title}, {change.stage.label.lower()}: {change.reason}"
        yield Fact(words, change.title, "changes.change", {"ref": change.ref})


def _of_steps(session: Session, order: Order, zone: str) -> Iterator[Fact]:
    """Yield the steps of the workflow as the trail has them."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.entity == "orders", AuditEntry.entity_id == str(order.id))
        .where(AuditEntry.action == "updated", AuditEntry.after.has_key("status"))
        .order_by(AuditEntry.id.desc())
    )
    for entry in session.scalars(query.limit(MOST)):
        before, after = (_stage(one) for one in (entry.before, entry.after))
        when, who = _day(entry.at, zone), entry.actor.split(" <")[0]
        words = f"On {when} {who} moved the order from {before} to {after}"
        yield Fact(words, f"History, {when}", "orders.order_history", {"ref": order.ref})


def _stage(fields: dict[str, Any] | None) -> str:
    return OrderStatus((fields or {})["status"]).label.lower()


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _day(moment: datetime | None, zone: str) -> date | str:
    return moment.astimezone(ZoneInfo(zone)).date() if moment else ""
