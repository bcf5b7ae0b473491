"""Reads of organizations and contacts, within the person's scope."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from wholesale.access.queries import Actor, narrowed
from wholesale.core.errors import NotVisible
from wholesale.customers.models import Contact, Organization
from wholesale.web.listing import Listing, Sort, contains

PICKED = 8
LISTING = Listing(
    Organization.id,
    (
        Sort("name", "Name", Organization.search),
        Sort("created", "Added", Organization.created_at, descending=True),
    ),
)


def visible_organizations(actor: Actor, permission: str = "organizations:read") -> Select[Any]:
    """Select the organizations that ``permission`` reaches for ``actor``."""
    own = Organization.salesperson_id == actor.id
    return narrowed(select(Organization), actor, permission, own=own)


def listed_organizations(actor: Actor, q: str = "", client_type: str = "") -> Select[Any]:
    """Select the organizations of the list: not archived, matching ``q`` and ``client_type``."""
    query = visible_organizations(actor).where(Organization.archived_at.is_(None))
    if q:
        query = query.where(contains(Organization.search, q))
    if client_type:
        query = query.where(Organization.client_type == client_type)
    return query.options(joinedload(Organization.salesperson))


def pick_organizations(session: Session, actor: Actor, q: str) -> list[Organization]:
    """Return the best matches for what was typed: names that begin with it first."""
    if not q:
        return []
    begins = Organization.search.like(func.search_key(q).op("||")("%"))
    query = listed_organizations(actor, q).order_by(begins.desc(), Organization.search)
    return list(session.scalars(query.limit(PICKED)))


def organization(session: Session, actor: Actor, key: int) -> Organization:
    """Return one organization. Raises NotVisible outside the actor's scope."""
    found = session.scalar(
        visible_organizations(actor)
        .where(Organization.id == key)
        .options(joinedload(Organization.salesperson))
    )
    if found is None:
        raise NotVisible("There is no such organization.")
    return found


def contacts_of(session: Session, organization_id: int) -> list[Contact]:
    """Return an organization's contacts, the primary one first."""
    query = (
        select(Contact)
        .where(Contact.organization_id == organization_id, Contact.archived_at.is_(None))
        .order_by(Contact.is_primary.desc(), Contact.name)
    )
    return list(session.scalars(query))
