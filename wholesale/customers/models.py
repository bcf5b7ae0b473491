"""Organizations, contacts, and what happened with them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    func,
    text,
)
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
    begins_index,
    one_of,
)


class ClientType(StrEnum):
    """What kind of customer an organization is."""

    RETAIL = "retail"
    WHOLESALE = "wholesale"
    ENTERPRISE = "enterprise"
    GOVERNMENT = "government"
    HIGH_SCHOOL = "high_school"
    COLLEGE = "college"
    TOUR = "tour"
    IN_HOUSE = "in_house"

    @property
    def label(self) -> str:
        """The words on screen."""
        return self.value.replace("_", " ").capitalize()


class Tier(StrEnum):
    """The price tier an organization buys at."""

    STANDARD = "standard"
    WHOLESALE = "wholesale"
    VIP = "vip"

    @property
    def label(self) -> str:
        """The words on screen."""
        return "VIP" if self is Tier.VIP else self.value.capitalize()


class Organization(Audited, Keyed, Timestamped, Versioned, Archivable, Entered, Base):
    """A customer."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("length(btrim(name)) > 0", name="name"),
        CheckConstraint(one_of("client_type", ClientType), name="client_type"),
        CheckConstraint(one_of("tier", Tier), name="tier"),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount"),
        CheckConstraint("credit_limit >= 0", name="credit_limit"),
        CheckConstraint("merged_into_id <> id", name="merged"),
        Index("ix_organizations_folded", "search", "id"),
        Index("ix_organizations_created_at", "created_at", "id"),
        begins_index("organizations"),
        Index(
            "ix_organizations_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    name: Mapped[str]
    reference: Mapped[str | None] = mapped_column(CITEXT, unique=True)
    client_type: Mapped[str] = mapped_column(server_default="retail")
    tier: Mapped[str] = mapped_column(server_default="standard")
    territory: Mapped[str | None]
    street: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    phone: Mapped[str | None]
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), server_default="0")
    credit_limit: Mapped[Decimal] = mapped_column(server_default="0")
    payment_terms: Mapped[str | None]
    tax_exempt: Mapped[bool] = mapped_column(server_default="false")
    # Set while it is a duplicate whose records another one took over.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    search: Mapped[str] = mapped_column(
        Computed(
            "search_key(name || ' ' || coalesce(reference::text, '') || ' ' || coalesce(city, ''))",
            persisted=True,
        )
    )
    salesperson: Mapped[User | None] = relationship()
    merged_into: Mapped["Organization | None"] = relationship(remote_side="Organization.id")
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="organization", order_by="Contact.is_primary.desc(), Contact.name"
    )
    # The contact that a search found it by, not of the table.
    found_by = None  # type: Contact | None

    @property
    def kind(self) -> ClientType:
        """The client type with its label."""
        return ClientType(self.client_type)

    @property
    def price_tier(self) -> Tier:
        """The tier with its label."""
        return Tier(self.tier)

    @property
    def place(self) -> str:
        """City and country or region, for lists."""
        return ", ".join(part for part in (self.city, self.region or self.country) if part)

    @property
    def address(self) -> str:
        """The postal address, one part a line."""
        town = " ".join(part for part in (self.city, self.region, self.postal_code) if part)
        return "\n".join(part for part in (self.street, town, self.country) if part)


class Contact(Audited, Keyed, Timestamped, Versioned, Archivable, Entered, Base):
    """A person at an organization; at most one of them is the primary one."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("length(btrim(name)) > 0", name="name"),
        UniqueConstraint("id", "organization_id"),  # an order's contact is its customer's
        Index(
            "uq_contacts_primary",
            "organization_id",
            unique=True,
            postgresql_where=text("is_primary"),
        ),
        Index("ix_contacts_name", "name", "id"),
        Index("ix_contacts_created_at", "created_at", "id"),
        begins_index("contacts"),
        Index(
            "ix_contacts_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str]
    title: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(CITEXT)
    phone: Mapped[str | None]
    is_primary: Mapped[bool] = mapped_column(server_default="false")
    search: Mapped[str] = mapped_column(
        Computed("search_key(name || ' ' || coalesce(email::text, ''))", persisted=True)
    )
    organization: Mapped[Organization] = relationship(back_populates="contacts")


class ActivityKind(StrEnum):
    """What somebody did with a customer or about a lead."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The word on screen."""
        return self.value.capitalize()


class Activity(Audited, Keyed, Timestamped, Versioned, Entered, Base):
    """One entry of a timeline; with a day to follow up on, it is also something to do."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint(one_of("kind", ActivityKind), name="kind"),
        CheckConstraint("length(btrim(body)) > 0", name="body"),
        CheckConstraint("num_nonnulls(organization_id, lead_id) > 0", name="about"),
        Index("ix_activities_organization", "organization_id", "happened_at", "id"),
        Index("ix_activities_lead", "lead_id", "happened_at", "id"),
        Index(
            "ix_activities_open",
            "author_id",
            "follow_up_on",
            postgresql_where=text("follow_up_on IS NOT NULL AND done_at IS NULL"),
        ),
    )

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"))
    kind: Mapped[str] = mapped_column(server_default=ActivityKind.NOTE)
    body: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    follow_up_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    author: Mapped[User | None] = relationship()

    @property
    def what(self) -> ActivityKind:
        """The kind with its label."""
        return ActivityKind(self.kind)
