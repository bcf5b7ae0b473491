"""Reads of organizations and contacts, within the person's scope."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from wholesale.access.queries import Actor, narrowed
from wholesale.core.errors import NotVisible
from wholesale.core.text import like_pattern
from wholesale.customers.models import Contact, Organization
from wholesale.web.listing import Listing, Sort, contains

PICKED = 8
SHORTEST_NAME = 4
LISTING = Listing(
    Organization.id,
    (
        Sort("name", Organization.search),
        Sort("created", Organization.created_at, descending=True),
    ),
)


def visible_organizations(actor: Actor, permission: str = "organizations:read") -> Select[Any]:
    """Select the organizations that ``permission`` reaches for ``actor``."""
    own = Organization.salesperson_id == actor.id
    return narrowed(select(Organization), actor, permission, own=own)


def listed_organizations(
    actor: Actor, q: str = "", client_type: str = "", *, archived: bool = False
) -> Select[Any]:
    """Select the organizations of the list that match ``q`` and ``client_type``.

    They are those in use, or those that were archived.
    """
    away = Organization.archived_at.is_not(None) if archived else Organization.archived_at.is_(None)
    query = visible_organizations(actor).where(away)
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
    query = (
        visible_organizations(actor)
        .where(Organization.id == key)
        .options(joinedload(Organization.salesperson))
    )
    found = session.scalar(query.with_for_update(of=Organization) if lock else query)
    if found is None:
        raise NotVisible("There is no such organization.")
    return found


def visible_contacts(actor: Actor, permission: str = "contacts:read") -> Select[Any]:
    """Select the contacts that ``permission`` reaches for ``actor``."""
    own = Organization.salesperson_id == actor.id
    query = select(Contact).join(Contact.organization)
    return narrowed(query, actor, permission, own=own).options(contains_eager(Contact.organization))


def contacts_of(session: Session, actor: Actor, organization_id: int) -> list[Contact]:
    """Return an organization's contacts in use that ``actor`` may read, the primary one first."""
    query = (
        visible_contacts(actor)
        .where(Contact.organization_id == organization_id, Contact.archived_at.is_(None))
        .order_by(Contact.is_primary.desc(), Contact.name)
    )
    return list(session.scalars(query))


def listed_contacts(actor: Actor, q: str = "") -> Select[Any]:
    """Select the contacts of the list: in use, by name, address or organization."""
    query = visible_contacts(actor).where(
        Contact.archived_at.is_(None), Organization.archived_at.is_(None)
    )
    if q:
        folded = func.search_key(Contact.name)
        at = Organization.search.like(func.search_key(like_pattern(q)))
        mail = Contact.email.contains(q, autoescape=True)
        query = query.where(folded.like(func.search_key(like_pattern(q))) | at | mail)
    return query


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
