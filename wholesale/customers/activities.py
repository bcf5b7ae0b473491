"""Writes of a customer's timeline: add, change, follow up, delete."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, scope_of
from wholesale.core.clock import now
from wholesale.core.entry import made_before
from wholesale.core.errors import Invalid, NotPermitted, NotVisible
from wholesale.customers.models import Activity, Organization
from wholesale.customers.operations import may_write
from wholesale.customers.search import visible_organizations


def activity(
    session: Session, actor: Actor, key: int, *, lock: bool = False
) -> tuple[Activity, Organization]:
    """Return one entry of a customer's timeline with the customer; locked to be changed.

    Raises NotVisible outside the actor's scope.
    """
    query = (
        select(Activity, Organization)
        .join(Organization, Organization.id == Activity.organization_id)
        .where(Activity.id == key, Organization.id.in_(_reach(actor)))
        .options(joinedload(Activity.author))
    )
    row = session.execute(query.with_for_update(of=Activity) if lock else query).first()
    if row is None:
        raise NotVisible("There is no such entry.")
    return row[0], row[1]


def may_change(actor: Actor, entry: Activity) -> bool:
    """Tell whether ``actor`` may change or delete ``entry``: its author, or who writes all."""
    scope = scope_of(actor, "organizations:write")
    own = scope is not Scope.NONE and entry.author_id == actor.id
    return scope is Scope.ALL or own


def refuse_stranger(actor: Actor, entry: Activity) -> None:
    """Raise NotPermitted when ``actor`` may read ``entry`` but not change it."""
    if not may_change(actor, entry):
        raise NotPermitted("Only its author may change this entry.")


def add_activity(
    session: Session, organization: Organization, values: dict[str, Any], key: UUID, by: Actor
) -> Activity:
    """Write an entry, or return the one that this form (``key``) wrote before."""
    made = made_before(session, Activity, key)
    if made is not None:
        if (made.organization_id, made.author_id) != (organization.id, by.id):
            raise Invalid("This form was used already. Open a new one.")
        return made
    entry = Activity(organization_id=organization.id, author_id=by.id, entry_key=key, **values)
    entry.happened_at = now()
    session.add(entry)
    session.flush()
    return entry


def change_activity(entry: Activity, values: dict[str, Any]) -> None:
    """Change an entry; a new day to follow up on is something to do again."""
    for name, value in values.items():
        setattr(entry, name, value)
    if "follow_up_on" in values:
        entry.done_at = None


def follow_up(actor: Actor, entry: Activity, organization: Organization, *, done: bool) -> None:
    """Tick off what was to be done, or take the tick away.

    Raises NotPermitted unless ``actor`` may write the customer or the entry.
    """
    if not may_write(actor, organization):
        refuse_stranger(actor, entry)
    if not done:
        entry.done_at = None
    elif entry.follow_up_on is not None:
        entry.done_at = entry.done_at or now()


def _reach(actor: Actor) -> Any:
    return visible_organizations(actor).with_only_columns(Organization.id)
