"""Leads: possible sales, and how far each has come."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ColumnElement, Computed, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
from wholesale.core.clock import now
from wholesale.core.errors import DomainError
from wholesale.core.models import (
    Archivable,
    Base,
    Entered,
    Keyed,
    Timestamped,
    Versioned,
    one_of,
)
from wholesale.customers.models import ClientType, Contact, Organization
from wholesale.leads.workflow import OPEN, STALE_AFTER, LeadStage

_IN_USE = text("archived_at IS NULL")


class Lead(Audited, Keyed, Timestamped, Versioned, Archivable, Entered, Base):
    """A possible sale to a customer, or to somebody who is none yet (``company``, ``person``)."""

    __tablename__ = "leads"
    __table_args__ = (
        CheckConstraint("length(btrim(name)) > 0", name="name"),
        CheckConstraint(one_of("stage", LeadStage), name="stage"),
        CheckConstraint(one_of("client_type", ClientType), name="client_type"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint(
            "organization_id IS NOT NULL OR length(btrim(company)) > 0", name="company"
        ),
        CheckConstraint("(owner_id IS NULL) = (claimed_at IS NULL)", name="claimed"),
        Index("ix_leads_owner", "owner_id", "stage", "last_activity_at", postgresql_where=_IN_USE),
        Index("ix_leads_stage", "stage", "last_activity_at", "id", postgresql_where=_IN_USE),
        Index("ix_leads_last_activity_at", "last_activity_at", "id"),
        Index("ix_leads_name", "name", "id"),
        Index("ix_leads_next_step_rank", "next_step_rank", "id"),
        Index("ix_leads_score", "score", "id"),
        Index("ix_leads_value", "value", "id"),
        Index(
            "ix_leads_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    company: Mapped[str] = mapped_column(server_default="")
    person: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(CITEXT)
    phone: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    client_type: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(server_default=LeadStage.LEAD)
    source: Mapped[str | None]
    score: Mapped[int] = mapped_column(server_default="0")
    # What the sale may come to.
    value: Mapped[Decimal] = mapped_column(server_default="0")
    next_step: Mapped[str | None]
    next_step_on: Mapped[date | None]
    # The day of the next step for sorting: leads without one come last.
    next_step_rank: Mapped[date] = mapped_column(
        Computed("coalesce(next_step_on, DATE '9999-12-31')", persisted=True)
    )
    notes: Mapped[str | None]
    last_activity_at: Mapped[datetime] = mapped_column(server_default=func.now())
    converted_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(
        Computed(
            "search_key(code || ' ' || name || ' ' || company || ' ' || coalesce(person, '')"
            " || ' ' || coalesce(email::text, '') || ' ' || coalesce(city, ''))",
            persisted=True,
        )
    )
    organization: Mapped[Organization | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    owner: Mapped[User | None] = relationship()

    @property
    def phase(self) -> LeadStage:
        """The stage with its label and tone."""
        return LeadStage(self.stage)

    @property
    def client_kind(self) -> ClientType | None:
        """The client type with its label, once it is known."""
        return ClientType(self.client_type) if self.client_type else None

    @property
    def customer(self) -> str:
        """Whom it would be sold to: the customer's name, or what was typed."""
        return self.organization.name if self.organization else self.company

    def refuse_archived(self) -> None:
        """Raise DomainError when the lead was put away."""
        if self.is_archived:
            raise DomainError(f"{self.code} is archived. Restore it first.")

    def is_overdue(self, today: date) -> bool:
        """Whether the next step should have been taken before ``today``."""
        due = self.next_step_on is not None and self.next_step_on < today
        return due and self.phase in OPEN

    @hybrid_property
    def is_stale(self) -> bool:
        """Whether it is still to be won and nothing has happened for two weeks."""
        waits = self.phase in OPEN and not self.is_archived
        return waits and self.last_activity_at < now() - STALE_AFTER

    @is_stale.inplace.expression
    @classmethod
    def _is_stale(cls) -> ColumnElement[bool]:
        waits = cls.stage.in_(OPEN) & cls.archived_at.is_(None)
        return waits & (cls.last_activity_at < now() - STALE_AFTER)
