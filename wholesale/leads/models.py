"""Leads: possible sales, and how far each has come."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
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
from wholesale.leads.workflow import LeadStage

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
