"""The trail: entries that nobody may change, and the chain of hashes that shows it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base


class AuditEntry(Base):
    """One change of one record, or one thing a person did.

    There are no foreign keys: the trail outlives what it speaks of.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_record", "entity", "entity_id", "id"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        Index("ix_audit_entries_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor_id: Mapped[int | None]
    actor: Mapped[str]
    address: Mapped[str | None] = mapped_column(INET)
    request_id: Mapped[str | None]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class AuditLink(Base):
    """One link of the chain: its hash covers the entry and the link before."""

    __tablename__ = "audit_chain"

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # No foreign key: checking one takes a right that nobody has on the trail.
    entry_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
