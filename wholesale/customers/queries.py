"""Reads of organizations and contacts, within the person's scope."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import Session, joinedload

from wholesale.access.queries import Actor
from wholesale.core.errors import NotVisible
from wholesale.customers.models import Contact, Organization
from wholesale.customers.search import (
    PICKED,
    contact_holds,
    holds_any,
    is_found,
    pick_organizations,
    similar_contact_keys,
    similar_keys,
    visible_contacts,
    visible_organizations,
)
from wholesale.web.listing import Listing, Sort

__all__ = [
    "CONTACTS",
    "LISTING",
    "contact",
    "contacts_of",
    "is_found",
    "listed_contacts",
    "listed_organizations",
    "organization",
    "people_of",
    "pick_organizations",
    "similar_contact_keys",
    "similar_keys",
    "similar_organizations",
    "taken_over",
    "visible_contacts",
    "visible_organizations",
]
SHORTEST_NAME = 4
LISTING = Listing(
    Organization.id,
    (
        Sort("name", Organization.search),
        Sort("created", Organization.created_at, descending=True),
    ),
)


def listed_organizations(
    actor: Actor,
    q: str = "",
    client_type: str = "",
    *,
    archived: bool = False,
    similar: Collection[int] | None = None,
) -> Select[Any]:
    """Select the organizations of the list that match ``q`` and ``client_type``.

    They are those in use, or those that were archived. ``similar`` names the ones to take
    instead of those that hold ``q``.
    """
    away = Organization.archived_at.is_not(None) if archived else Organization.archived_at.is_(None)
    query = visible_organizations(actor).where(away)
    if similar is not None:
        query = query.where(Organization.id.in_(similar))
    elif q:
        query = query.where(holds_any(actor, q))
    if client_type:
        query = query.where(Organization.client_type == client_type)
    return query.options(joinedload(Organization.salesperson))


def similar_organizations(session: Session, actor: Actor, name: str) -> list[Organization]:
    """Return organizations, archived ones too, whose name is much like ``name``: duplicates."""
    if len(name) < SHORTEST_NAME:
        return []
    key = func.search_key(name)
    query = visible_organizations(actor).where(Organization.search.op("%>")(key))
    closest = func.word_similarity(key, Organization.search).desc()
    return list(session.scalars(query.order_by(closest, Organization.search).limit(PICKED)))


def organization(session: Session, actor: Actor, key: int, *, lock: bool = False) -> Organization:
    """Return one organization, locked when it will be changed.

    Raises NotVisible outside the actor's scope.
    """
    query = visible_organizations(actor).where(Organization.id == key)
    query = query.options(joinedload(Organization.salesperson))
    if lock:
        # Who took it over is not read along: the lock may wait, and what is joined is not
        # read again after that.
        query = query.with_for_update(of=Organization)
    else:
        query = query.options(joinedload(Organization.merged_into))
    found = session.scalar(query)
    if found is None:
        raise NotVisible("There is no such organization.")
    return found


def contacts_of(session: Session, actor: Actor, organization_id: int) -> list[Contact]:
    """Return an organization's contacts in use that ``actor`` may read, the primary one first."""
    query = (
        visible_contacts(actor)
        .where(Contact.organization_id == organization_id, Contact.archived_at.is_(None))
        .order_by(Contact.is_primary.desc(), Contact.name)
    )
    return list(session.scalars(query))


def people_of(
    session: Session, actor: Actor, organization_id: int
) -> tuple[list[Contact], list[Contact]]:
    """Return an organization's contacts in use, the primary one first, and those put away."""
    query = (
        visible_contacts(actor)
        .where(Contact.organization_id == organization_id)
        .order_by(Contact.is_primary.desc(), Contact.name)
    )
    found = list(session.scalars(query))
    return [c for c in found if not c.is_archived], [c for c in found if c.is_archived]


def taken_over(session: Session, actor: Actor, organization: Organization) -> list[Organization]:
    """Return the duplicates that were merged into ``organization``."""
    query = visible_organizations(actor).where(Organization.merged_into_id == organization.id)
    return list(session.scalars(query.order_by(Organization.search)))


def listed_contacts(
    actor: Actor,
    q: str = "",
    *,
    archived: bool = False,
    similar: Collection[int] | None = None,
) -> Select[Any]:
    """Select the contacts of the list, by name, address or organization.

    They are those in use, or those that were archived. ``similar`` names the ones to take
    instead of those that hold ``q``.
    """
    in_use = Contact.archived_at.is_(None) & Organization.archived_at.is_(None)
    query = visible_contacts(actor).where(~in_use if archived else in_use)
    if similar is not None:
        return query.where(Contact.id.in_(similar))
    return query.where(contact_holds(q)) if q else query


def contact(session: Session, actor: Actor, key: int, *, lock: bool = False) -> Contact:
    """Return one contact with its organization. Raises NotVisible outside the scope."""
    query = visible_contacts(actor).where(Contact.id == key)
    found = session.scalar(query.with_for_update(of=Contact) if lock else query)
    if found is None:
        raise NotVisible("There is no such contact.")
    return found


CONTACTS = Listing(
    Contact.id,
    (
        Sort("name", Contact.name),
        Sort("added", Contact.created_at, descending=True),
    ),
)
