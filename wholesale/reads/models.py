"""What was read: by whom, from where, which record or list, how often; an hour in one row."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.core.models import Base, one_of


class Way(StrEnum):
    """How something was read."""

    PAGE = "page"
    LIST = "list"
    EXPORT = "export"
    DOWNLOAD = "download"


class AccessRead(Base):
    """One record, or one list, as one device read it within an hour.

    There are no foreign keys: this outlives what it speaks of, as the trail does.
    """

    __tablename__ = "access_reads"
    __table_args__ = (
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint("times > 0 AND rows >= 0", name="numbers"),
        CheckConstraint("user_id IS NOT NULL OR link_id IS NOT NULL", name="reader"),
        UniqueConstraint(
            *("user_id", "link_id", "hour", "kind", "record", "detail", "way"),
            *("session_id", "address"),
            name="uq_access_reads_read",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_access_reads_record", "kind", "record", "hour"),
        Index("ix_access_reads_hour", "hour"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int | None]
    link_id: Mapped[int | None]  # a customer's link, read without an account
    hour: Mapped[datetime]
    kind: Mapped[str]  # as addresses name it: orders, contacts, search
    record: Mapped[str]  # as its address names it: a code or a key; empty for a list
    detail: Mapped[str]  # which part of the record; by which filters, for a list
    way: Mapped[str]
    session_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(INET)
    times: Mapped[int]
    rows: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
