"""The declarative base and the columns that most tables share."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Identity, Index, Integer, MetaData, Numeric, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def one_of(column: str, values: type[StrEnum]) -> str:
    """Return the SQL condition that ``column`` holds one of an enum's values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def begins_index(table: str) -> Index:
    """Return the index of a table's search keys by their bytes, for what begins with a text."""
    ops = {"search": "text_pattern_ops"}
    return Index(f"ix_{table}_begins", "search", postgresql_ops=ops)


class Base(DeclarativeBase):
    """Every model's base: text without a length limit, time with its zone."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            str: Text,
            datetime: DateTime(timezone=True),
            Decimal: Numeric(12, 2),
            dict[str, Any]: JSONB,
            dict[str, int]: JSONB,
            dict[str, str]: JSONB,
        },
    )


class Keyed:
    """A numeric key that the database hands out."""

    id: Mapped[int] = mapped_column(Identity(), primary_key=True, sort_order=-1)


class Timestamped:
    """When the row was made and last changed, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), sort_order=91
    )


class Versioned:
    """Optimistic lock: an update of a row that somebody else saved meanwhile fails."""

    version: Mapped[int] = mapped_column(Integer, server_default="1", sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class Entered:
    """One key per opened form: a replayed request finds what the first one made."""

    entry_key: Mapped[UUID | None] = mapped_column(unique=True, sort_order=94)


class Archivable:
    """Put away rather than deleted: gone from lists and pickers, readable in old documents."""

    archived_at: Mapped[datetime | None] = mapped_column(sort_order=93)

    @property
    def is_archived(self) -> bool:
        """Whether the record has been put away."""
        return self.archived_at is not None
