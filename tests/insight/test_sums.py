"""The sums that the database keeps agree with the orders, whatever is written, by whom and when."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.access.matrix import Scope
from wholesale.core.clock import now, today
from wholesale.insight import sums
from wholesale.insight.models import EVERYONE, OrderDelta
from wholesale.insight.tasks import fold
from wholesale.orders.models import Order
from wholesale.orders.queries import listed_orders
from wholesale.orders.statuses import CLOSED, OrderStatus

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Asia/Kathmandu")
# Half of the orders are placed at the edge of a month, where zones differ about it.
FIRSTS = [
    datetime(*month, 1, tzinfo=UTC) for month in ((2025, 12), (2026, 1), (2026, 2), (2026, 11))
]
STEPS = 250
Numbers = dict[Any, tuple[int, Decimal]]


class Reader:
    """Somebody who may read all orders, or those of one person."""

    def __init__(self, person: int) -> None:
        self.id = person
        scope = Scope.ALL if person == EVERYONE else Scope.OWN
        self.grants = {"orders:read": scope}


def quick(session: Session, query: Select[Any]) -> Numbers:
    """Return what the kept sums say, without what they say nothing of."""
    found = {what: (orders, total) for what, orders, total in session.execute(query)}
    return {what: numbers for what, numbers in found.items() if numbers != (0, 0)}


def slow(session: Session, reader: Reader, wanted: dict[str, Any], zone: str, by: Any) -> Numbers:
    """Return the same from the orders, through the filters of the list of orders."""
    query = listed_orders(reader, wanted, zone)
    query = query.with_only_columns(by, func.count(), func.sum(Order.total)).group_by(by)
    return {what: (orders, total) for what, orders, total in session.execute(query)}


def months_of(year: int) -> list[date]:
    """Return the first days of a year's months and of the month after."""
    return [date(year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(1, 14)]


def compare(session: Session, person: int, zone: str) -> None:
    """Hold every sum of one reader against the orders."""
    reader = Reader(person)
    status = slow(session, reader, {"status": list(OrderStatus)}, zone, Order.status)
    assert quick(session, sums.by_status(person)) == status
    for year in (2025, 2026):
        first, last = date(year, 1, 1), date(year, 12, 31)
        wanted = {"sold": True, "placed_from": first, "placed_to": last}
        customers = slow(session, reader, wanted, zone, Order.organization_id)
        assert quick(session, sums.by_customer(person, first, zone, 9)) == customers
        firsts = months_of(year)
        found = quick(session, sums.by_month(person, firsts, zone))
        for begin, end in zip(firsts, firsts[1:], strict=False):
            wanted |= {"placed_from": begin, "placed_to": end - timedelta(days=1)}
            of_month = slow(session, reader, wanted, zone, literal(begin))
            assert found.pop(begin, None) == of_month.get(begin)
        assert found == {}
    bands = [today(zone) - timedelta(days=30), today(zone) - timedelta(days=7)]
    late = slow(
        session, reader, {"late": True}, zone, func.width_bucket(Order.delivery_rank, bands)
    )
    assert quick(session, sums.by_due_day(person, today(zone), bands)) == late


class Writer:
    """Somebody who places, changes and deletes orders at random, in transactions of their own."""

    def __init__(self, engine: Engine, cast: Cast, seed: int) -> None:
        self.engine, self.random = engine, random.Random(seed)
        self.people = [cast.users["sales"], cast.users["sales2"], None]
        self.customers = [cast.organization, cast.other_organization]

    def write(self, steps: int) -> None:
        """Do ``steps`` things, a few to a transaction; some transactions are taken back."""
        done = 0
        while done < steps:
            with self.engine.connect() as connection:
                for _ in range(self.random.randrange(1, 4)):
                    self.act(connection)
                    done += 1
                if self.random.random() < 0.9:
                    connection.commit()

    def act(self, connection: Connection) -> None:
        """Do one thing."""
        self.random.choice([self.place, self.place, self.change, self.change, self.delete])(
            connection
        )

    def place(self, connection: Connection) -> None:
        """Write a few orders in one statement, or a draft."""
        rows = [self.values() for _ in range(self.random.randrange(1, 4))]
        connection.execute(insert(Order).values(rows))

    def values(self) -> dict[str, Any]:
        """Return an order as it may be; about one in five is a draft."""
        draft = self.random.random() < 0.2
        status = self.random.choice(list(OrderStatus))
        hours = self.random.choice([self.random.randrange(700), self.random.randrange(-14, 14)])
        moment = self.random.choice(FIRSTS) + timedelta(hours=hours, seconds=self.random.random())
        late = date.today() - timedelta(days=self.random.randrange(-5, 60))
        return {
            "code": None if draft else f"T-{self.random.getrandbits(60)}",
            "placed_at": None if draft else moment,
            "status": OrderStatus.NEW if draft else status,
            "archived_at": now() if not draft and status in CLOSED else None,
            "salesperson_id": self.random.choice(self.people),
            "organization_id": self.random.choice(self.customers),
            "requested_delivery": self.random.choice([None, late]),
            "subtotal": self.random.randrange(100_000) / Decimal(100),
        }

    def change(self, connection: Connection) -> None:
        """Change some of what the sums depend on, in one order: placing it, taking it back too."""
        values = self.values()
        names = self.random.sample(
            ["salesperson_id", "organization_id", "requested_delivery", "subtotal"], 2
        )
        chosen = {name: values[name] for name in names}
        if self.random.random() < 0.5:
            chosen |= {name: values[name] for name in ("code", "placed_at", "status")}
            chosen["archived_at"] = values["archived_at"]
        connection.execute(update(Order).where(Order.id == self.some(connection)).values(**chosen))

    def delete(self, connection: Connection) -> None:
        """Delete one order."""
        connection.execute(delete(Order).where(Order.id == self.some(connection)))

    def some(self, connection: Connection) -> int | None:
        """Take an order that nobody else is at.

        In a statement of its own: within another, a choice by chance may be made once per row.
        """
        query = select(Order.id).order_by(func.random()).limit(1)
        return connection.scalar(query.with_for_update(skip_locked=True))


def snapshot(engine: Engine) -> Session:
    """Return a session that sees the data of one moment, whatever is written meanwhile."""
    return Session(engine.execution_options(isolation_level="REPEATABLE READ"))


def test_sums_agree_while_many_write_and_others_fold(engine: Engine, session: Session, cast: Cast):
    writers = [Writer(engine, cast, seed) for seed in range(3)]
    people = (EVERYONE, cast.users["sales"], cast.users["sales2"])
    with ThreadPoolExecutor() as threads:
        found = [threads.submit(writer.write, STEPS) for writer in writers]
        looks = 0
        while not all(one.done() for one in found) or looks < 4:
            with snapshot(engine) as seen:
                compare(seen, people[looks % 3], ZONES[looks % 5])
            fold(session)
            looks += 1
            if looks % 4:
                session.commit()
            else:
                session.rollback()
        for one in found:
            one.result()
    fold(session)
    session.commit()
    assert session.scalar(select(func.count()).select_from(OrderDelta)) == 0
    assert session.scalar(select(func.count()).select_from(Order)) > 100
    for zone in ZONES:
        for person in people:
            compare(session, person, zone)
