"""Change orders: how a confirmed order is changed, with a reason, and who approved it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
from wholesale.changes.workflow import ChangeStatus
from wholesale.core.models import Base, one_of
from wholesale.lines.models import Lined, LineItem, document_rules, line_rules
from wholesale.orders.models import Order


class ChangeOrder(Audited, Lined, Base):
    """What an order shall say instead: its rows and terms, typed beside it until applied."""

    __tablename__ = "change_orders"
    noun = "change"
    __table_args__ = (
        *document_rules(),
        UniqueConstraint("order_id", "number"),
        CheckConstraint(one_of("status", ChangeStatus), name="status"),
        CheckConstraint("reason <> '' AND char_length(reason) <= 500", name="reason"),
        CheckConstraint("(status = 'applied') = (applied_at IS NOT NULL)", name="applied"),
        Index(
            "uq_change_orders_open",
            "order_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_change_orders_organization_id", "organization_id"),
        Index("ix_change_orders_salesperson_id", "salesperson_id"),
        Index("ix_change_orders_created_by_id", "created_by_id"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(server_default=ChangeStatus.OPEN)
    reason: Mapped[str]
    # What the order said when the change was begun, and how often its rows had changed by then.
    before: Mapped[dict[str, Any]]
    order_lines_version: Mapped[int]
    # Who of the customer agreed, and how one knows: where the total or the day moved.
    accepted_by: Mapped[str] = mapped_column(server_default="")
    acceptance: Mapped[str] = mapped_column(server_default="")
    applied_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    order: Mapped[Order] = relationship()
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    created_by: Mapped[User | None] = relationship(
        foreign_keys="ChangeOrder.created_by_id", viewonly=True
    )
    lines: Mapped[list["ChangeOrderLine"]] = relationship(
        back_populates="change",
        order_by="ChangeOrderLine.position, ChangeOrderLine.id",
        cascade="all, delete-orphan",
    )

    @classmethod
    def line_class(cls) -> type[LineItem]:
        """Return the class of a change order's lines."""
        return ChangeOrderLine

    @property
    def ref(self) -> str:
        """What stands for the change order in addresses: its order's code and its number."""
        return f"{self.order.code}-{self.number}"

    @property
    def title(self) -> str:
        """What the change order is called on screen."""
        return f"Change {self.number} of {self.order.code}"

    @property
    def is_open_for_entry(self) -> bool:
        """Whether it is still being written."""
        return self.status == ChangeStatus.OPEN

    @property
    def stage(self) -> ChangeStatus:
        """The status with its label and tone."""
        return ChangeStatus(self.status)


class ChangeOrderLine(Audited, LineItem, Base):
    """One variant in its sizes, as the order shall have it."""

    __tablename__ = "change_order_lines"
    __table_args__ = line_rules("change_order_id")

    change_order_id: Mapped[int] = mapped_column(ForeignKey("change_orders.id", ondelete="CASCADE"))
    document_id = synonym("change_order_id")
    change: Mapped[ChangeOrder] = relationship(back_populates="lines")
