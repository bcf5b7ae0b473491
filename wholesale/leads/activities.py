"""Writes of a lead's timeline: add an entry, mark its follow-up done, take it out."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.core.entry import made_before
from wholesale.core.errors import DomainError, NotVisible
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead


def add_activity(
    session: Session, lead: Lead, values: dict[str, Any], key: UUID, by: User
) -> Activity:
    """Add what happened with a lead, or return what this form (``key``) added before."""
    made = made_before(session, Activity, key)
    if made is not None:
        if made.lead_id != lead.id:
            raise DomainError("This form was used already. Open a new one.")
        return made
    moment = now()
    activity = Activity(
        **values, lead_id=lead.id, organization_id=lead.organization_id, entry_key=key
    )
    activity.author_id, activity.happened_at = by.id, moment
    lead.last_activity_at = moment
    session.add(activity)
    session.flush()
    return activity


def activity_of(session: Session, lead: Lead, key: int) -> Activity:
    """Return one entry of a lead's timeline, locked. Raises NotVisible when it has none."""
    query = select(Activity).where(Activity.id == key, Activity.lead_id == lead.id)
    found = session.scalar(query.with_for_update())
    if found is None:
        raise NotVisible("This entry is not there any more.")
    return found


def finish(activity: Activity) -> None:
    """Mark the follow-up of an entry as done."""
    if activity.follow_up_on is not None:
        activity.done_at = activity.done_at or now()


def delete_activity(session: Session, activity: Activity, by: User) -> None:
    """Take out an entry of one's own. Raises DomainError for somebody else's."""
    if activity.author_id != by.id:
        raise DomainError("Only who wrote an entry can delete it.")
    note(session, "deleted an entry of", "leads", activity.lead_id, body=activity.body)
    session.delete(activity)
