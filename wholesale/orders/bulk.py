"""Changes of many orders at once: each is locked, checked and audited by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, scope_of
from wholesale.core.clock import now
from wholesale.orders.models import Order
from wholesale.orders.queries import reaches, visible_orders
from wholesale.orders.statuses import CLOSED


@dataclass
class Outcome:
    """What became of the chosen orders; ``hidden`` counts those that are not there to read."""

    changed: list[Order] = field(default_factory=list)
    same: list[Order] = field(default_factory=list)
    refused: list[tuple[Order, str]] = field(default_factory=list)
    hidden: int = 0

    @property
    def refusals(self) -> int:
        """How many orders were not changed against the wish."""
        return len(self.refused) + self.hidden


def assigns(actor: Actor) -> bool:
    """Tell whether ``actor`` may say whose an order is; others have only their own."""
    return scope_of(actor, "orders:update") is Scope.ALL


def chosen_orders(actor: Actor, keys: Sequence[int]) -> Select[Any]:
    """Select those of ``keys`` that ``actor`` may read."""
    return visible_orders(actor).where(Order.id.in_(keys))


def change_orders(
    session: Session, keys: Sequence[int], values: dict[str, Any], by: Actor
) -> Outcome:
    """Write ``values`` to each of the orders that ``by`` may update; the same twice is once.

    ``is_archived`` puts orders away, those that are closed, or back.

    Locked in the order of their keys, so that two such changes wait for each other.
    """
    query = chosen_orders(by, keys).options(joinedload(Order.organization)).order_by(Order.id)
    locked = query.with_for_update(of=Order).execution_options(populate_existing=True)
    found = list(session.scalars(locked))
    outcome = Outcome(hidden=len(set(keys)) - len(found))
    for order in found:
        if not reaches(by, order, "orders:update"):
            outcome.refused.append((order, "not yours to change"))
        elif all(getattr(order, name) == value for name, value in values.items()):
            outcome.same.append(order)
        elif values.get("is_archived") and order.status not in CLOSED:
            outcome.refused.append((order, f"still open: {order.stage.label.lower()}"))
        else:
            for name, value in values.items():
                _write(order, name, value)
            outcome.changed.append(order)
    session.flush()
    return outcome


def _write(order: Order, name: str, value: Any) -> None:
    if name == "is_archived":
        order.archived_at = now() if value else None
    else:
        setattr(order, name, value)
