"""Quotes, their line items, the revisions that were sent, and what customers decided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
from wholesale.core.clock import today
from wholesale.core.models import Base, Keyed, one_of
from wholesale.lines.models import (
    Lined,
    LineItem,
    Searched,
    document_rules,
    line_rules,
    search_index,
)
from wholesale.quotes.workflow import QuoteStatus


class Quote(Audited, Lined, Searched, Base):
    """An offer. Its lines are those of the revision being written, or of the last one sent."""

    __tablename__ = "quotes"
    noun = "quote"
    __table_args__ = (
        *document_rules(),
        search_index("quotes"),
        CheckConstraint(one_of("status", QuoteStatus), name="status"),
        CheckConstraint("status = 'draft' OR sent_at IS NOT NULL", name="sent"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_quotes_begun_at", "begun_at", "id"),
        Index("ix_quotes_status", "status", "begun_at", "id"),
        Index("ix_quotes_salesperson_id", "salesperson_id", "begun_at", "id"),
        Index("ix_quotes_organization_id", "organization_id", "begun_at", "id"),
        Index(
            "ix_quotes_pipeline",
            "status",
            "salesperson_id",
            postgresql_include=["ordered_at", "valid_until", "total"],
        ),
        Index("ix_quotes_total", "total", "id"),
        Index("ix_quotes_created_by_id", "created_by_id"),
        Index("ix_quotes_usual", "organization_id", postgresql_where=text("is_usual")),
    )

    code: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default=QuoteStatus.DRAFT)
    begun_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # Number of the revision being written, or of the last one sent.
    revision: Mapped[int] = mapped_column(server_default="1")
    sent_at: Mapped[datetime | None]
    # When an order was made of it: then it stands, and changes are the order's.
    ordered_at: Mapped[datetime | None]
    valid_until: Mapped[date | None]
    terms: Mapped[str] = mapped_column(server_default="")
    internal_notes: Mapped[str] = mapped_column(server_default="")
    # What this customer usually orders: new quotes and orders may start from it.
    is_usual: Mapped[bool] = mapped_column(server_default="false")

    lines: Mapped[list["QuoteLine"]] = relationship(
        back_populates="quote",
        order_by="QuoteLine.position, QuoteLine.id",
        cascade="all, delete-orphan",
    )

    @classmethod
    def line_class(cls) -> type[LineItem]:
        """Return the class of a quote's lines."""
        return QuoteLine

    @property
    def ref(self) -> str:
        """What stands for the quote in addresses: its code."""
        return self.code

    @property
    def title(self) -> str:
        """What the quote is called on screen: its code and, from the second on, its revision."""
        return self.code if self.revision == 1 else f"{self.code} revision {self.revision}"

    @property
    def is_open_for_entry(self) -> bool:
        """Whether rows may be typed into: what was sent stands."""
        return self.is_draft

    @property
    def is_draft(self) -> bool:
        """Whether the revision is being written."""
        return self.status == QuoteStatus.DRAFT

    @property
    def is_past(self) -> bool:
        """Whether the last day of the offer is over, where its salesperson lives."""
        zone = self.salesperson.time_zone if self.salesperson else "UTC"
        return self.valid_until is not None and self.valid_until < today(zone)

    @property
    def stage(self) -> QuoteStatus:
        """The status with its label and tone; a sent quote past its last day has expired."""
        if self.status == QuoteStatus.SENT and self.is_past and self.ordered_at is None:
            return QuoteStatus.EXPIRED
        return QuoteStatus(self.status)


class QuoteLine(Audited, LineItem, Base):
    """One variant in its sizes, offered."""

    __tablename__ = "quote_lines"
    __table_args__ = line_rules("quote_id")

    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id", ondelete="CASCADE"))
    document_id = synonym("quote_id")
    quote: Mapped[Quote] = relationship(back_populates="lines")


class QuoteRevision(Keyed, Base):
    """What was sent to the customer, word by word and cent by cent; it never changes."""

    __tablename__ = "quote_revisions"
    __table_args__ = (
        UniqueConstraint("quote_id", "number"),
        CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="content_hash"),
    )

    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(index=True)
    valid_until: Mapped[date | None]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    sent_by: Mapped[User | None] = relationship()


class QuoteDecision(Keyed, Base):
    """What was decided of a revision, by whom, and on what content: one that counts at a time."""

    __tablename__ = "quote_decisions"
    __table_args__ = (
        CheckConstraint("decision IN ('accepted', 'rejected')", name="decision"),
        CheckConstraint("name <> '' AND char_length(name) <= 200", name="name"),
        Index(
            "uq_quote_decisions_standing",
            "revision_id",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("quote_revisions.id", ondelete="CASCADE"))
    decision: Mapped[str]
    content_hash: Mapped[str]
    # The customer's name as it was typed, or the person's who noted the decision.
    name: Mapped[str]
    remark: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    address: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(server_default="")
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("customer_links.id"), index=True)
    # A later revision takes the decision back; it stays to be read.
    voided_at: Mapped[datetime | None]

    revision: Mapped[QuoteRevision] = relationship()


class QuoteDocument(Base):
    """A quote's PDF, kept by the hash of what it says: the same content is made once."""

    __tablename__ = "quote_documents"

    content_hash: Mapped[str] = mapped_column(primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
