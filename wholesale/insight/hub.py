"""What each role does next: counts of lists that wait for somebody, in one statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wholesale.access.matrix import ROLES
from wholesale.access.queries import may
from wholesale.accounts.models import User
from wholesale.leads.queries import MINE, listed_leads
from wholesale.orders.queries import listed_orders
from wholesale.orders.workflow import OrderStatus
from wholesale.quotes.queries import listed_quotes
from wholesale.quotes.workflow import QuoteStatus
from wholesale.web.listing import COUNT_CAP

LISTS: Mapping[str, Callable[[User, dict[str, Any], str], Select[Any]]] = {
    "leads": listed_leads,
    "orders": listed_orders,
    "quotes": listed_quotes,
}


@dataclass(frozen=True)
class Task:
    """Something that waits: ``filters`` of the list of ``room`` say what."""

    role: str
    room: str
    label: str
    filters: Mapping[str, Any]
    is_pressing: bool = False


@dataclass(frozen=True)
class Tile:
    """A task, how often it waits for one person, and the filters of the list that shows it."""

    task: Task
    count: int
    filters: Mapping[str, Any]

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNT_CAP

    @property
    def args(self) -> dict[str, Any]:
        """The filters as the query string has them."""
        return {name: "y" if value is True else value for name, value in self.filters.items()}

    @property
    def shown(self) -> int:
        """The count as far as it goes."""
        return min(self.count, COUNT_CAP)


_O, _Q = OrderStatus, QuoteStatus
TASKS = (
    Task("sales", "quotes", "Quotes to send", {"status": [_Q.DRAFT.value]}),
    Task("sales", "quotes", "Quotes about to expire", {"expiring": True}, is_pressing=True),
    Task("sales", "quotes", "Accepted, to be ordered", {"to_order": True}),
    Task("sales", "orders", "Waiting for sizes", {"status": [_O.WAITING_SIZES.value]}),
    Task("sales", "leads", "Leads with a step overdue", {"overdue": True}, is_pressing=True),
    Task("designer", "orders", "To be designed", {"status": [_O.DESIGN_CREATED.value]}),
    Task("ops", "orders", "Sizes confirmed, to invoice", {"status": [_O.SIZES_VALIDATED.value]}),
    Task("ops", "orders", "Late orders", {"late": True}, is_pressing=True),
    Task("finance", "orders", "Invoiced, to be paid", {"status": [_O.INVOICED.value]}),
)


def tiles(session: Session, person: User, zone: str) -> list[Tile]:
    """Return what waits for ``person``, by role; an administrator's roles see what they may."""
    wanted = [(task, _filters(task, person)) for task in TASKS if _is_for(task, person)]
    if not wanted:
        return []
    counts = [_count(LISTS[task.room](person, filters, zone)) for task, filters in wanted]
    row = session.execute(select(*counts)).one()
    return [Tile(task, count, filters) for (task, filters), count in zip(wanted, row, strict=True)]


def _is_for(task: Task, person: User) -> bool:
    is_theirs = person.role in (task.role, "admin") or person.role not in ROLES
    return is_theirs and may(person, f"{task.room}:read")


def _filters(task: Task, person: User) -> dict[str, Any]:
    """Return the filters: who sells looks after their own leads, not after the unclaimed."""
    own = {"owner": MINE} if task.room == "leads" and person.role == "sales" else {}
    return {**task.filters, **own}


def _count(query: Select[Any]) -> Any:
    capped = query.with_only_columns(query.selected_columns.id).limit(COUNT_CAP + 1).subquery()
    return select(func.count()).select_from(capped).scalar_subquery()
