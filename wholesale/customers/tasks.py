"""What is due: steps that somebody meant to follow up on today."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.core.clock import today
from wholesale.customers.models import Activity
from wholesale.jobs.queue import task
from wholesale.notifications.operations import notify
from wholesale.web.urls import path_to


@task("customers.remind", attempts=3, cron="5 * * * *")
def remind(session: Session) -> None:
    """Remind of each step on its day, by the clock of whoever meant to take it, once."""
    open_steps = select(Activity).where(
        Activity.follow_up_on.is_not(None), Activity.done_at.is_(None)
    )
    for step in session.scalars(open_steps.order_by(Activity.follow_up_on, Activity.id)):
        author = step.author
        if author is None or step.follow_up_on is None:
            continue
        if step.follow_up_on <= today(author.time_zone):
            once = f"follow-up {step.id} {step.follow_up_on}"
            words = f"Follow up: {step.body[:120]}"
            notify(session, author.id, "task", words, _path(step), mail="task_due", once=once)


def _path(step: Activity) -> str:
    if step.organization_id is None:
        return path_to("leads.leads")
    return path_to("customers.organization", key=step.organization_id)
