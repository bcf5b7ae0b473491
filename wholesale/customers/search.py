"""Finding customers as one types: what begins so, then what holds it, then what resembles it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session, aliased, contains_eager

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, may, narrowed, scope_of
from wholesale.core.search import (
    RESEMBLING,
    SHORTEST,
    begins,
    begins_a_word,
    first_of,
    has_word_like,
    holds,
    in_byte_order,
    likeness,
    resembles,
    widen,
)
from wholesale.customers.models import Contact, Organization

PICKED = 8
FEW = 3  # with fewer hits than this, similar ones are offered
CANDIDATES = 200
LOOKALIKES = 400
LISTED_SIMILAR = 100
MODELS: tuple[Any, Any] = (Organization, Contact)
READ = "organizations:read"
Reach = tuple[Select[Any], Select[Any]]  # the customers and the contacts to look among


def visible_organizations(actor: Actor, permission: str = "organizations:read") -> Select[Any]:
    """Select the organizations that ``permission`` reaches for ``actor``."""
    own = Organization.salesperson_id == actor.id
    return narrowed(select(Organization), actor, permission, own=own)


def visible_contacts(actor: Actor, permission: str = "contacts:read") -> Select[Any]:
    """Select the contacts that ``permission`` reaches for ``actor``."""
    own = Organization.salesperson_id == actor.id
    query = select(Contact).join(Contact.organization)
    return narrowed(query, actor, permission, own=own).options(contains_eager(Contact.organization))


def pick_organizations(
    session: Session, actor: Actor, q: str, permission: str = READ
) -> list[Organization]:
    """Return the best matches for a typed name, number, city, or a contact's name or e-mail.

    Those that begin with it come first, then those that hold it, and where these are few,
    those that resemble it. One found by a contact carries it as ``found_by``. They lie
    within what ``permission`` reaches.
    """
    found: dict[int, Organization] = {}
    if not q:
        return []
    reach = (_in_use(actor, permission), _people(actor, permission))
    _keep(found, session.scalars(reach[0].where(Organization.reference == q)))
    first = reach[0].where(begins(Organization.search, q))
    _keep(found, session.scalars(first.order_by(in_byte_order(Organization.search)).limit(PICKED)))
    if len(found) < PICKED:
        _keep(found, _holding(session, reach, q))
    if len(found) < FEW and len(q) >= SHORTEST:
        _keep(found, _resembling(session, reach, q, PICKED))
    return list(found.values())[:PICKED]


def holds_any(actor: Actor, q: str) -> Any:
    """Return the condition that a customer, or a contact of it, holds every word of ``q``."""
    own = holds(Organization.search, q)
    if len(q) < SHORTEST or not may(actor, "contacts:read"):
        return own
    people = visible_contacts(actor).where(Contact.archived_at.is_(None), holds(Contact.search, q))
    keys = union_all(
        select(Organization.id).where(own), people.with_only_columns(Contact.organization_id)
    )
    return Organization.id.in_(keys)


def contact_holds(q: str) -> Any:
    """Return the condition that a contact, or its organization, holds every word of ``q``."""
    by_name = select(Contact.id).where(holds(Contact.search, q))
    there = select(Contact.id).join(Contact.organization).where(holds(Organization.search, q))
    return Contact.id.in_(union_all(by_name, there))


def is_found(session: Session, query: Select[Any]) -> bool:
    """Tell whether ``query`` selects anything at all."""
    found = session.scalar(select(query.with_only_columns(literal(1)).order_by(None).exists()))
    return bool(found)


def similar_keys(session: Session, actor: Actor, q: str) -> list[int]:
    """Return the keys of customers in use that resemble ``q``, or a contact of which does."""
    if len(q) < SHORTEST:
        return []
    found: dict[int, Organization] = {}
    _keep(found, _resembling(session, (_in_use(actor), _people(actor)), q, LISTED_SIMILAR))
    return list(found)


def similar_contact_keys(session: Session, actor: Actor, q: str) -> list[int]:
    """Return the keys of contacts in use that resemble ``q``."""
    if len(q) < SHORTEST:
        return []
    alike = _people(actor).where(resembles(Contact.search, q))
    found: list[int] = []
    for share in RESEMBLING:
        widen(session, share)
        found = found or list(session.scalars(first_of(alike, Contact.id, LISTED_SIMILAR)))
    return found


def _in_use(actor: Actor, permission: str = READ) -> Select[Any]:
    return visible_organizations(actor, permission).where(Organization.archived_at.is_(None))


def _people(actor: Actor, permission: str = READ) -> Select[Any]:
    """Select the contacts to look among; whose customer is away is left to ``_some``."""
    if all(scope_of(actor, each) is Scope.ALL for each in ("contacts:read", permission)):
        return select(Contact).where(Contact.archived_at.is_(None))
    own = Organization.salesperson_id == actor.id
    query = narrowed(visible_contacts(actor), actor, permission, own=own)
    return query.where(Contact.archived_at.is_(None))


def _keep(found: dict[int, Organization], more: Iterable[Any]) -> None:
    """Add what is not there yet; a contact counts as its customer."""
    for record in more:
        organization = record if isinstance(record, Organization) else record.organization
        if organization.id not in found:
            organization.found_by = None if record is organization else record
            found[organization.id] = organization


def _holding(session: Session, reach: Reach, q: str) -> list[Organization | Contact]:
    """Customers and contacts that hold it; first those with a word that begins with it."""
    short = len(q) < SHORTEST
    customers = reach[0].where((has_word_like if short else holds)(Organization.search, q))
    people = reach[1].where((begins if short else holds)(Contact.search, q))
    hits: list[Any] = []
    for query, model in ((customers, Organization), (people, Contact)):
        hit, some = _some(query, model, CANDIDATES)
        starts = begins_a_word(hit.search, q)
        hits += session.execute(some.add_columns(starts).order_by(starts.desc(), hit.search))
    hits.sort(key=lambda row: not row[1])  # stable: customers before contacts
    return [record for record, _ in hits]


def _resembling(session: Session, reach: Reach, q: str, limit: int) -> list[Organization | Contact]:
    """Customers and contacts that resemble it, the most alike first."""
    hits: list[Any] = []
    for share in RESEMBLING:
        widen(session, share)
        hits = []
        for query, model in zip(reach, MODELS, strict=True):
            hit, some = _some(query.where(resembles(model.search, q)), model, LOOKALIKES, limit)
            close = likeness(hit.search, q)
            hits += session.execute(some.add_columns(close).order_by(close.desc(), hit.search))
        if len(hits) >= FEW:
            break
    hits.sort(key=lambda row: -row[1])
    return [record for record, _ in hits]


def _some(
    query: Select[Any], model: type[Any], candidates: int, limit: int = PICKED
) -> tuple[Any, Select[Any]]:
    """Return an alias and a query of it, over a bounded number of ``query``'s rows.

    Of a word that thousands hold, the best of these are good enough, and quick.
    """
    hit = aliased(model)
    found = select(hit).where(hit.id.in_(first_of(query, model.id, candidates))).limit(limit)
    if model is Organization:
        return hit, found
    owner = aliased(Organization)
    whose = hit.organization.of_type(owner)
    return hit, found.join(whose).where(owner.archived_at.is_(None)).options(contains_eager(whose))
