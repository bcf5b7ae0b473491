"""Reads of leads: one's own and those that nobody has claimed, or all."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session, joinedload

from wholesale.access import queries as access
from wholesale.access.queries import Actor, narrowed
from wholesale.audit.models import AuditEntry
from wholesale.core.clock import now, today
from wholesale.core.errors import NotPermitted, NotVisible
from wholesale.customers.models import Activity, Organization
from wholesale.leads.models import Lead
from wholesale.leads.workflow import OPEN
from wholesale.web.listing import Listing, Sort, contains

PICKED = 8
MINE, NOBODYS = "me", "none"
A_MOMENT = timedelta(hours=1)
LISTING = Listing(
    Lead.id,
    (
        Sort("activity", Lead.last_activity_at, descending=True),
        Sort("name", Lead.name),
        Sort("value", Lead.value),
        Sort("score", Lead.score),
        Sort("next", Lead.next_step_rank),
    ),
)
TIMELINE = Listing(Activity.id, (Sort("happened", Activity.happened_at, descending=True),))


def visible_leads(actor: Actor, permission: str = "leads:read") -> Select[Any]:
    """Select what ``permission`` reaches for ``actor``: "own" is mine or nobody's yet."""
    own = (Lead.owner_id == actor.id) | Lead.owner_id.is_(None)
    return narrowed(select(Lead), actor, permission, own=own)


def listed_leads(actor: Actor, wanted: dict[str, Any], zone: str = "UTC") -> Select[Any]:
    """Select the leads of the board and the list: those in use, or those archived.

    ``wanted`` may hold ``q``, ``owner`` (``me``, ``none`` or a key), ``stage`` (a list),
    ``stale``, ``overdue`` (by the calendar of ``zone``), ``archived`` and ``organization`` (a key).
    """
    away = Lead.archived_at.is_not(None) if wanted.get("archived") else Lead.archived_at.is_(None)
    query = visible_leads(actor).where(away)
    owner = wanted.get("owner")
    if owner == NOBODYS:
        query = query.where(Lead.owner_id.is_(None))
    elif owner:
        query = query.where(Lead.owner_id == (actor.id if owner == MINE else int(owner)))
    if wanted.get("q"):
        query = query.where(Lead.id.in_(_found(wanted["q"])))
    if wanted.get("stage"):
        query = query.where(Lead.stage.in_(wanted["stage"]))
    if wanted.get("stale"):
        query = query.where(Lead.is_stale)
    if wanted.get("overdue"):
        query = query.where(Lead.next_step_rank < today(zone), Lead.stage.in_(OPEN))
    if wanted.get("organization"):
        query = query.where(Lead.organization_id == wanted["organization"])
    return query


def _found(q: str) -> Any:
    """Select the keys of the leads that contain ``q``, themselves or in the customer's name."""
    customers = select(Organization.id).where(contains(Organization.search, q))
    return union(
        select(Lead.id).where(contains(Lead.search, q)),
        select(Lead.id).where(Lead.organization_id.in_(customers)),
    )


def with_names(query: Select[Any]) -> Select[Any]:
    """Load what a row or a card shows along with each lead."""
    return query.options(joinedload(Lead.organization), joinedload(Lead.owner))


def pick_leads(session: Session, actor: Actor, q: str) -> list[Lead]:
    """Return the leads in use with the newest activity that contain what was typed."""
    if not q:
        return []
    query = with_names(listed_leads(actor, {"q": q}))
    latest = query.order_by(Lead.last_activity_at.desc(), Lead.id.desc())
    return list(session.scalars(latest.limit(PICKED)))


def lead(
    session: Session,
    actor: Actor,
    code: str,
    permission: str = "leads:read",
    *,
    lock: bool = False,
) -> Lead:
    """Return the lead of a code in any case, locked when it will be changed.

    Raises NotVisible outside what the actor may read, NotPermitted when the actor may read
    it but not change it: what nobody has claimed can only be claimed.
    """
    query = visible_leads(actor).where(Lead.code == code.upper())
    if lock:  # alone: a row that was waited for is read anew, rows joined to it would not be
        found = session.scalar(query.with_for_update())
    else:
        found = session.scalar(with_names(query).options(joinedload(Lead.contact)))
    if found is None:
        raise NotVisible("There is no such lead.")
    if permission != "leads:read" and not reaches(actor, found, permission):
        if found.owner_id is None:
            raise NotPermitted("Claim this lead before you change it.")
        raise NotPermitted("You may look at this lead but not change it.")
    return found


def lead_to_claim(session: Session, actor: Actor, code: str) -> Lead:
    """Return, locked, a lead that ``actor`` may claim, or might have claimed a moment ago.

    Who clicks too late is told so; a lead that never was free to claim does not exist for
    others. Raises NotVisible.
    """
    missed = (Lead.claimed_at > Lead.created_at) & (Lead.claimed_at > now() - A_MOMENT)
    own = (Lead.owner_id == actor.id) | Lead.owner_id.is_(None) | missed
    query = narrowed(select(Lead), actor, "leads:write", own=own)
    found = session.scalar(query.where(Lead.code == code.upper()).with_for_update())
    if found is None:
        raise NotVisible("There is no such lead.")
    return found


def reaches(actor: Actor, found: Lead, permission: str = "leads:write") -> bool:
    """Tell whether ``permission`` of ``actor`` reaches a lead that ``actor`` may read."""
    return access.reaches(actor, permission, found.owner_id)


def last_mover(session: Session, found: Lead) -> str:
    """Return the name of who moved the lead last, as the trail has it."""
    query = (
        select(AuditEntry.actor)
        .where(AuditEntry.entity == "leads", AuditEntry.entity_id == str(found.id))
        .where(AuditEntry.action == "updated", AuditEntry.after.has_key("stage"))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return (session.scalar(query) or "Somebody else").split(" <")[0]


def timeline(found: Lead) -> Select[Any]:
    """Select the activities of a lead with who wrote them."""
    query = select(Activity).where(Activity.lead_id == found.id)
    return query.options(joinedload(Activity.author))


def activity_keys(session: Session, found: Lead) -> list[int]:
    """Return the keys of a lead's latest activities."""
    query = select(Activity.id).where(Activity.lead_id == found.id)
    return list(session.scalars(query.order_by(Activity.id.desc()).limit(100)))
