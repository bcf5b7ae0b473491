"""The board: a column per status with its count, its money and the orders placed last in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from wholesale.orders.models import Order
from wholesale.orders.queries import LISTING
from wholesale.orders.statuses import OrderStatus
from wholesale.web.groups import Sum, firsts, sums

CARDS = 30


@dataclass(frozen=True)
class Column:
    """One status: how many orders, what they come to, and the latest of them."""

    stage: OrderStatus
    sum: Sum
    orders: Sequence[Order]

    @property
    def more(self) -> int:
        """How many orders there are besides those shown, as far as they were counted."""
        return self.sum.count - len(self.orders)


def board(session: Session, query: Select[Any], stages: Sequence[OrderStatus]) -> list[Column]:
    """Return the columns of ``stages`` with their orders, in two statements."""
    latest, load = LISTING.sorts[0], (Order.organization,)
    cards = firsts(session, query, Order.status, stages, latest, CARDS, load)
    heads = sums(session, query, Order.status, stages, Order.total, latest)
    return [
        Column(stage, heads[stage], [card for card in cards if card.stage is stage])
        for stage in stages
    ]
