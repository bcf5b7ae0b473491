"""One customer at a glance: how much, and what next; within the reader's scope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session, joinedload

from wholesale.access.queries import Actor, may
from wholesale.core.clock import today
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead
from wholesale.leads.queries import visible_leads
from wholesale.leads.workflow import OPEN
from wholesale.orders.models import Order
from wholesale.orders.queries import midnight, standing, visible_orders

SHOWN = 5
FOLLOW_UPS = 10


@dataclass(frozen=True)
class Figure:
    """How many orders and how much money, and the filters of the list that shows them."""

    label: str
    count: int
    total: Decimal
    filters: Mapping[str, Any]


@dataclass(frozen=True)
class Summary:
    """What stands behind the customer's name."""

    figures: list[Figure] = field(default_factory=list)
    follow_ups: list[Activity] = field(default_factory=list)
    deliveries: list[Order] = field(default_factory=list)
    drafts: list[Order] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)

    @property
    def has_next(self) -> bool:
        """Whether there is anything to do or to expect."""
        return bool(self.follow_ups or self.deliveries or self.drafts or self.leads)


def summary(session: Session, actor: Actor, organization_id: int, zone: str) -> Summary:
    """Return a customer's figures and what comes next, by the calendar of ``zone``."""
    sees_orders = may(actor, "orders:read")
    return Summary(
        figures=figures(session, actor, organization_id, zone) if sees_orders else [],
        follow_ups=_follow_ups(session, actor, organization_id),
        deliveries=_deliveries(session, actor, organization_id, zone) if sees_orders else [],
        drafts=_drafts(session, actor, organization_id),
        leads=_leads(session, actor, organization_id),
    )


def figures(session: Session, actor: Actor, organization_id: int, zone: str) -> list[Figure]:
    """Return the money of a customer's orders that ``actor`` may see; cancelled ones count not."""
    conditions = standing(zone)
    new_year = today(zone).replace(month=1, day=1)
    this_year = and_(conditions["sold"], Order.placed_at >= midnight(new_year, zone))
    wanted = (
        ("Lifetime", conditions["sold"], {"sold": "y"}),
        ("This year", this_year, {"sold": "y", "placed_from": new_year.isoformat()}),
        ("Open", conditions["open"], {"open": "y"}),
        ("Late", conditions["late"], {"late": "y"}),
    )
    columns: list[Any] = []
    for _, condition, _ in wanted:
        money = func.coalesce(func.sum(Order.total).filter(condition), Decimal(0))
        columns += [func.count().filter(condition), money]
    query = visible_orders(actor).where(Order.organization_id == organization_id)
    numbers = list(session.execute(query.with_only_columns(*columns)).one())
    return [
        Figure(label, numbers[2 * place], numbers[2 * place + 1], filters)
        for place, (label, _, filters) in enumerate(wanted)
    ]


def leads_in_use(actor: Actor) -> Select[Any]:
    """Select the leads that ``actor`` may read and nobody put away."""
    return visible_leads(actor).where(Lead.archived_at.is_(None))


def activities_about(actor: Actor, organization_id: int) -> list[Select[Any]]:
    """Select a customer's activities, and apart from them those of its leads one may read.

    Apart, since each goes along an index of its own.
    """
    leads = leads_in_use(actor).where(Lead.organization_id == organization_id)
    return [
        select(Activity).where(Activity.organization_id == organization_id),
        select(Activity).where(
            Activity.organization_id.is_(None),
            Activity.lead_id.in_(leads.with_only_columns(Lead.id)),
        ),
    ]


def _follow_ups(session: Session, actor: Actor, organization_id: int) -> list[Activity]:
    keys = union_all(
        *(
            query.with_only_columns(Activity.id).where(
                Activity.follow_up_on.is_not(None), Activity.done_at.is_(None)
            )
            for query in activities_about(actor, organization_id)
        )
    )
    query = (
        select(Activity)
        .where(Activity.id.in_(keys))
        .options(joinedload(Activity.author))
        .order_by(Activity.follow_up_on, Activity.id)
    )
    return list(session.scalars(query.limit(FOLLOW_UPS)))


def _deliveries(session: Session, actor: Actor, organization_id: int, zone: str) -> list[Order]:
    query = (
        visible_orders(actor)
        .where(Order.organization_id == organization_id, standing(zone)["open"])
        .where(Order.requested_delivery >= today(zone))
        .order_by(Order.requested_delivery, Order.id)
    )
    return list(session.scalars(query.limit(SHOWN)))


def _drafts(session: Session, actor: Actor, organization_id: int) -> list[Order]:
    query = select(Order).where(
        Order.code.is_(None),
        Order.created_by_id == actor.id,
        Order.organization_id == organization_id,
    )
    return list(session.scalars(query.order_by(Order.updated_at.desc()).limit(SHOWN)))


def _leads(session: Session, actor: Actor, organization_id: int) -> list[Lead]:
    query = (
        leads_in_use(actor)
        .where(Lead.organization_id == organization_id, Lead.stage.in_(OPEN))
        .options(joinedload(Lead.owner))
        .order_by(Lead.next_step_on.nulls_last(), Lead.last_activity_at.desc(), Lead.id)
    )
    return list(session.scalars(query.limit(SHOWN)))
