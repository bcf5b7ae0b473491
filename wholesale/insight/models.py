"""Sums over orders that the database keeps, so that a dashboard adds up months, not orders.

Triggers on ``orders`` write what each change adds or takes away into ``order_deltas``: rows are
only added, so writers never wait for each other. ``fold_order_deltas()`` moves them into the sums.
A sum is what its table says plus what the deltas say, read in one statement.

No foreign keys: these are numbers, made anew from the orders by ``refill_order_sums()``.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, Identity, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base

EVERYONE = 0  # as ``person``: the orders of all, of nobody's too


class Counted:
    """How many orders, and what they come to."""

    orders: Mapped[int] = mapped_column(sort_order=50)
    total: Mapped[Decimal] = mapped_column(Numeric(18, 2), sort_order=51)


class OrderDelta(Counted, Base):
    """What one write of an order added to the sums, or took away."""

    __tablename__ = "order_deltas"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    salesperson_id: Mapped[int | None]
    organization_id: Mapped[int]
    status: Mapped[str]
    month: Mapped[date]  # of placing, by UTC: its first day
    delivery_rank: Mapped[date]


class StatusSum(Counted, Base):
    """The orders of a person in one status."""

    __tablename__ = "order_status_sums"

    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(primary_key=True)


class MonthSum(Counted, Base):
    """What a person sold in a month of UTC; cancelled orders do not count."""

    __tablename__ = "order_month_sums"

    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)


class CustomerSum(Counted, Base):
    """What a person sold to a customer in a year of UTC; cancelled orders do not count."""

    __tablename__ = "order_customer_sums"
    __table_args__ = (
        Index("ix_order_customer_sums_total", "person", "year", "total", "organization_id"),
    )

    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class DueSum(Counted, Base):
    """The orders of a person wanted on a day that have not left the house."""

    __tablename__ = "order_due_sums"

    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
