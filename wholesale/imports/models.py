"""Imports: the uploaded file, what each of its rows came to, and what each one changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from wholesale.accounts.models import User
from wholesale.core.models import Base, Entered, Keyed, Timestamped, one_of
from wholesale.core.stages import Stage
from wholesale.customers.models import Organization
from wholesale.imports.entries import Outcome

# Customers without a number are told apart by name.
Index("ix_organizations_name_key", func.search_key(Organization.__table__.c.name))


class ImportStatus(Stage):
    """How far an import has come."""

    UPLOADED = "uploaded", "Columns to choose", "info"
    CHECKING = "checking", "Checking", "progress"
    CHECKED = "checked", "To confirm", "info"
    LOADING = "loading", "Importing", "progress"
    LOADED = "loaded", "Imported", "good"
    UNDOING = "undoing", "Undoing", "progress"
    UNDONE = "undone", "Undone", "neutral"
    FAILED = "failed", "Failed", "bad"


RUNNING = (ImportStatus.CHECKING, ImportStatus.LOADING, ImportStatus.UNDOING)


class Import(Keyed, Timestamped, Entered, Base):
    """One uploaded file on its way into the records."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(one_of("status", ImportStatus), name="status"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        Index("ix_imports_user", "user_id", "id"),
    )

    kind: Mapped[str]
    filename: Mapped[str]
    size: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    status: Mapped[str] = mapped_column(server_default=ImportStatus.UPLOADED)
    header: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sheets: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    sheet: Mapped[str | None]
    # Column of the file → field.
    columns: Mapped[dict[str, str]] = mapped_column(server_default="{}")
    takes_duplicates: Mapped[bool] = mapped_column(server_default="false")
    makes_categories: Mapped[bool] = mapped_column(server_default="false")
    good_rows_only: Mapped[bool] = mapped_column(server_default="false")
    progress: Mapped[int] = mapped_column(server_default="0")
    rows_done: Mapped[int] = mapped_column(server_default="0")
    # Outcome → rows.
    counts: Mapped[dict[str, int]] = mapped_column(server_default="{}")
    # Why it stopped, or what stands against undoing it: one sentence a line.
    message: Mapped[str] = mapped_column(server_default="")
    loaded_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()

    @property
    def stage(self) -> ImportStatus:
        """The status with its label and tone."""
        return ImportStatus(self.status)

    @property
    def is_running(self) -> bool:
        """Whether a run was begun and has not said that it ended."""
        return self.stage in RUNNING

    @property
    def rows(self) -> int:
        """All rows of the file, as the last run counted them."""
        return sum(self.counts.values())


class ImportChunk(Base):
    """A part of an uploaded file."""

    __tablename__ = "import_chunks"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Keyed, Base):
    """What a row of the file came to in the last run."""

    __tablename__ = "import_rows"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        Index("ix_import_rows_line", "import_id", "line", "id"),
        Index("ix_import_rows_outcome", "import_id", "outcome", "line", "id"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    line: Mapped[int]
    outcome: Mapped[str]
    # What tells the row from the others: a name or a code.
    label: Mapped[str]
    # Each with the column it is about and what is wrong there.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    # Field → before and after, of a row that changes a record.
    changes: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # The cells of a row that was not written, to hand them back.
    cells: Mapped[dict[str, str]] = mapped_column(server_default="{}")

    @property
    def result(self) -> Outcome:
        """The outcome with its label and tone."""
        return Outcome(self.outcome)


class ImportChange(Base):
    """A record that an import made or changed, so that it can be undone."""

    __tablename__ = "import_changes"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    # The table, and the key in it; no foreign key, since the record may go.
    entity: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(primary_key=True)
    # The columns it changed, as they were; nothing for a record that it made.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class ImportMapping(Timestamped, Base):
    """Which columns meant what in a file with these headers, for the next one."""

    __tablename__ = "import_mappings"

    kind: Mapped[str] = mapped_column(primary_key=True)
    signature: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, str]]
