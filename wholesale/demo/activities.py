"""What the demo company's salespeople wrote down about leads and customers."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from wholesale.customers.models import Activity, ActivityKind
from wholesale.demo.bulk import insert_all
from wholesale.demo.customers import Customer
from wholesale.demo.leads import Written
from wholesale.demo.lists import listed

CUSTOMERS = 60
_WORDS = {
    ActivityKind.CALL: listed(
        "Talked about last season: they liked the fabric.|Left a message.|"
        "They want prices for two colours.|The board decides next week.|"
        "Budget is approved; they need everything by the first game."
    ),
    ActivityKind.MAIL: listed(
        "Sent the catalog and the size chart.|Sent prices for 48 and 72 pieces.|"
        "They sent their logo as a vector file.|Asked for the roster."
    ),
    ActivityKind.MEETING: listed(
        "Met the coach at the gym and left samples.|Fitted sizes with the whole team.|"
        "Walked through the mock-up with the athletic director."
    ),
    ActivityKind.NOTE: listed(
        "School colours are navy and old gold.|Prefers to be called after practice.|"
        "Last supplier delivered two weeks late.|Invoice goes to the booster club."
    ),
}


def add_activities(
    session: Session, rng: Random, leads: list[Written], customers: list[Customer], today: date
) -> int:
    """Write the timelines of leads and of some customers and return how many entries."""
    rows = [entry for lead in leads for entry in _of_lead(rng, lead, today)]
    served = [c for c in customers if c.row["salesperson_id"] and not c.row["archived_at"]]
    for customer in rng.sample(served, CUSTOMERS):
        rows += _of_customer(rng, customer, today)
    return len(insert_all(session, Activity, rows))


def _of_lead(rng: Random, lead: Written, today: date) -> list[dict[str, Any]]:
    """Return a lead's entries: the last one is when something happened last."""
    first, last = lead.row["created_at"], lead.row["last_activity_at"]
    moments = [first + (last - first) * rng.random() for _ in range(rng.randrange(0, 4))]
    about = {"lead_id": lead.id, "organization_id": lead.row["organization_id"]}
    is_done = lead.row["archived_at"] is not None or lead.row["converted_at"] is not None
    return [
        about | _entry(rng, lead.seller, moment, today, is_done=is_done or moment < last)
        for moment in (*sorted(moments), last)
    ]


def _of_customer(rng: Random, customer: Customer, today: date) -> list[dict[str, Any]]:
    about = {"lead_id": None, "organization_id": customer.id}
    known = customer.row["created_at"]
    days = [today - timedelta(days=rng.randrange(1, 240)) for _ in range(rng.randrange(1, 5))]
    moments = [datetime.combine(day, time(rng.randrange(14, 21)), UTC) for day in sorted(days)]
    seller = customer.row["salesperson_id"]
    return [
        about | _entry(rng, seller, max(moment, known), today, is_done=rng.random() < 0.7)
        for moment in moments
    ]


def _entry(
    rng: Random, author: int, moment: datetime, today: date, *, is_done: bool
) -> dict[str, Any]:
    kind = rng.choice(list(ActivityKind))
    day = moment.date() + timedelta(days=rng.randrange(2, 15)) if rng.random() < 0.35 else None
    # What should have been done long ago was done.
    finished = day is not None and (is_done or day < today - timedelta(days=5))
    done = moment + timedelta(days=1) if finished else None
    return {
        "kind": kind.value,
        "body": rng.choice(_WORDS[kind]),
        "author_id": author,
        "happened_at": moment,
        "created_at": moment,
        "follow_up_on": day,
        "done_at": done,
        "version": 1,
    }
