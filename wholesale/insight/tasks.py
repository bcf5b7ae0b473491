"""What the dashboard does by itself: moves what was written since into the sums."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.jobs.queue import task


@task("insight.fold", attempts=1, cron="* * * * *")
def fold(session: Session) -> None:
    """Add what orders changed in the last minute to the sums."""
    session.execute(select(func.fold_order_deltas()))
