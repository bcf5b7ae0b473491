"""Orders and their line items; units and money are computed by the database."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from wholesale.audit.recording import Audited
from wholesale.core.models import Archivable, Base, one_of
from wholesale.lines.models import (
    Lined,
    LineItem,
    Searched,
    document_rules,
    line_rules,
    search_index,
)
from wholesale.orders.statuses import CLOSED, IN_HOUSE, OPEN
from wholesale.orders.workflow import OPEN_FOR_ENTRY, OrderStatus, Priority
from wholesale.quotes.models import Quote

DRAFT = "draft-"
NO_DAY = date(9999, 12, 31)  # in ``delivery_rank``: the orders without a day come last
_PLACED = text("code IS NOT NULL")


def _among(statuses: Iterable[OrderStatus]) -> str:
    return f"status IN ({', '.join(repr(str(status)) for status in statuses)})"


def _placed_index(*columns: str) -> Index:
    return Index(f"ix_orders_{columns[0]}", *columns, postgresql_where=_PLACED)


class Order(Audited, Lined, Searched, Archivable, Base):
    """A sale. Until it is placed it is its author's draft and has no code."""

    __tablename__ = "orders"
    noun = "order"
    __table_args__ = (
        *document_rules(),
        search_index("orders"),
        CheckConstraint(one_of("status", OrderStatus), name="status"),
        CheckConstraint(one_of("priority", Priority), name="priority"),
        CheckConstraint("(code IS NULL) = (placed_at IS NULL)", name="placed"),
        CheckConstraint("code NOT LIKE 'draft-%'", name="code"),
        CheckConstraint("code IS NOT NULL OR status = 'new'", name="draft_is_new"),
        CheckConstraint(f"archived_at IS NULL OR {_among(CLOSED)}", name="archived_is_closed"),
        _placed_index("placed_at", "id"),
        _placed_index("status", "placed_at", "id"),
        _placed_index("salesperson_id", "placed_at", "id"),
        _placed_index("organization_id", "placed_at", "id"),
        _placed_index("total", "id"),
        _placed_index("delivery_rank", "id"),
        Index(
            "ix_orders_salesperson_delivery",
            "salesperson_id",
            "delivery_rank",
            "id",
            postgresql_where=_PLACED,
        ),
        Index("ix_orders_customer", "organization_id"),  # drafts too: merging, deleting
        Index("ix_orders_drafts", "created_by_id", postgresql_where=text("code IS NULL")),
    )

    code: Mapped[str | None] = mapped_column(unique=True)
    # The quote that became this order; one becomes one order only.
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quotes.id"), unique=True)
    status: Mapped[str] = mapped_column(server_default=OrderStatus.NEW)
    priority: Mapped[str] = mapped_column(server_default=Priority.NORMAL)
    placed_at: Mapped[datetime | None]
    needs_no_design: Mapped[bool] = mapped_column(server_default="false")
    # Confirmed as they stand: a later edit of a quantity takes it back.
    sizes_confirmed_at: Mapped[datetime | None]
    # The delivery day for sorting: orders without one come last.
    delivery_rank: Mapped[date] = mapped_column(
        Computed("coalesce(requested_delivery, DATE '9999-12-31')", persisted=True)
    )

    quote: Mapped[Quote | None] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order",
        order_by="OrderLine.position, OrderLine.id",
        cascade="all, delete-orphan",
    )

    @classmethod
    def line_class(cls) -> type[LineItem]:
        """Return the class of an order's lines."""
        return OrderLine

    @property
    def ref(self) -> str:
        """What stands for the order in addresses: its code, or its draft number."""
        return self.code or f"{DRAFT}{self.id}"

    @property
    def title(self) -> str:
        """What the order is called on screen."""
        return self.code or "New order"

    @property
    def is_draft(self) -> bool:
        """Whether the order is still being entered and has no code."""
        return self.code is None

    @property
    def is_open_for_entry(self) -> bool:
        """Whether quantities and prices may still be typed into the order."""
        return self.status in OPEN_FOR_ENTRY

    @property
    def stage(self) -> OrderStatus:
        """The status with its label and tone."""
        return OrderStatus(self.status)

    def is_late(self, today: date) -> bool:
        """Whether the order has not left the house though its day lies before ``today``."""
        due = self.requested_delivery is not None and self.requested_delivery < today
        return due and self.status in IN_HOUSE

    @property
    def is_urgent(self) -> bool:
        """Whether the order goes first among those that are still to be done."""
        return self.priority == Priority.HIGH and self.status in OPEN

    def quantities_changed(self) -> None:
        """Have the sizes confirmed anew."""
        self.sizes_confirmed_at = None


class OrderLine(Audited, LineItem, Base):
    """One variant in its sizes, sold."""

    __tablename__ = "order_lines"
    __table_args__ = line_rules("order_id")

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    document_id = synonym("order_id")
    order: Mapped[Order] = relationship(back_populates="lines")
