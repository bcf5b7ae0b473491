"""What is due: steps that somebody meant to follow up on today."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.access.queries import may
from wholesale.accounts.models import User
from wholesale.core.clock import now, today
from wholesale.core.text import clean_line
from wholesale.customers.models import Activity, Organization
from wholesale.customers.queries import visible_organizations
from wholesale.jobs.queue import task
from wholesale.notifications.operations import notify
from wholesale.notifications.preferences import preferences_of
from wholesale.web.urls import path_to

LATELY = timedelta(days=7)  # what lay longer is no news


@task("customers.remind", attempts=3, cron="5 * * * *")
def remind(session: Session) -> None:
    """Remind of each step on its day, by the clock of whoever meant to take it, once."""
    lately = Activity.follow_up_on.between(today() - LATELY, today() + timedelta(days=1))
    due = select(Activity).where(lately, Activity.done_at.is_(None))
    for step in session.scalars(due.order_by(Activity.follow_up_on, Activity.id)):
        author = step.author
        if author is None or not _may_see(session, author, step):
            continue
        here = now().astimezone(preferences_of(author).zone).date()
        if step.follow_up_on is not None and step.follow_up_on <= here:
            once = f"follow-up {step.id} {step.follow_up_on}"
            words = f"Follow up: {clean_line(step.body)[:120]}"
            notify(session, author.id, "task", words, _path(step), mail="task_due", once=once)


def _may_see(session: Session, author: User, step: Activity) -> bool:
    """Tell whether a step's author may still look at its customer, which is not put away."""
    if step.organization_id is None:
        return may(author, "leads:read")
    mine = visible_organizations(author).where(
        Organization.id == step.organization_id, Organization.archived_at.is_(None)
    )
    return session.scalar(mine.limit(1)) is not None


def _path(step: Activity) -> str:
    if step.organization_id is None:
        return path_to("leads.leads")
    return path_to("customers.organization", key=step.organization_id)
