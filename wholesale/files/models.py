"""Files kept with a record, and their versions; the bytes lie in the storage."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.audit.recording import Audited
from wholesale.core.models import Archivable, Base, Keyed, Timestamped, one_of

# The column of each kind of record that files are kept with; exactly one of them is set.
COLUMNS = {
    "organizations": "organization_id",
    "leads": "lead_id",
    "quotes": "quote_id",
    "orders": "order_id",
    "products": "product_id",
}


class FileState(StrEnum):
    """How far a version is: pictures wait until they were made anew without what they carry."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"waiting": "Being prepared", "ready": "Ready", "failed": "Failed"}[self.value]

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return {"waiting": "progress", "ready": "good", "failed": "bad"}[self.value]


def _record(table: str, ondelete: str | None = "CASCADE") -> Any:
    return mapped_column(ForeignKey(f"{table}.id", ondelete=ondelete))


def _by(column: str) -> Index:
    return Index(f"ix_stored_files_{column}", column)


class StoredFile(Audited, Keyed, Timestamped, Archivable, Base):
    """One file of one record, through all its versions."""

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint(f"num_nonnulls({', '.join(COLUMNS.values())}) = 1", name="record"),
        *(_by(column) for column in (*COLUMNS.values(), "customer_id")),
    )

    organization_id: Mapped[int | None] = _record("organizations")
    lead_id: Mapped[int | None] = _record("leads")
    quote_id: Mapped[int | None] = _record("quotes")
    order_id: Mapped[int | None] = _record("orders")
    product_id: Mapped[int | None] = _record("products")
    # Whose quota it counts against; nobody's for a product's.
    customer_id: Mapped[int | None] = _record("organizations", ondelete="SET NULL")

    versions: Mapped[list["FileVersion"]] = relationship(
        back_populates="file", order_by="FileVersion.number.desc()", cascade="all, delete-orphan"
    )

    @property
    def current(self) -> "FileVersion":
        """The version that counts: the last one."""
        return self.versions[0]

    @property
    def name(self) -> str:
        """What the file is called now."""
        return self.current.name


class FileVersion(Audited, Keyed, Timestamped, Base):
    """What was sent at one time, checked by its content."""

    __tablename__ = "file_versions"
    __table_args__ = (
        UniqueConstraint("file_id", "number"),
        CheckConstraint(one_of("state", FileState), name="state"),
        CheckConstraint("number > 0 AND byte_count > 0", name="numbers"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="picture"),
        CheckConstraint(
            "name <> '' AND char_length(name) <= 150 AND name !~ '[/\\\\]'", name="name"
        ),
        CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$' AND sent_sha256 ~ '^[0-9a-f]{64}$'", name="sha256"
        ),
        CheckConstraint("(state = 'failed') = (problem <> '')", name="problem"),
        Index("ix_file_versions_uploaded_by_id", "uploaded_by_id"),
        Index("ix_file_versions_waiting", "id", postgresql_where=text("state = 'waiting'")),
    )

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str]
    content_type: Mapped[str]
    byte_count: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    sent_sha256: Mapped[str]  # of what came in, before a picture was made anew
    object_key: Mapped[str] = mapped_column(unique=True)
    thumbnail_key: Mapped[str | None] = mapped_column(unique=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default=FileState.READY)
    problem: Mapped[str] = mapped_column(server_default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    file: Mapped[StoredFile] = relationship(back_populates="versions")
    uploaded_by: Mapped[User | None] = relationship()

    @property
    def stage(self) -> FileState:
        """The state with its label and tone."""
        return FileState(self.state)

    @property
    def is_ready(self) -> bool:
        """Whether it may be handed out: what could not be made safe is not."""
        return self.state == FileState.READY

    @property
    def size_words(self) -> str:
        """The size as people say it: ``820 KB``, ``3.4 MB``."""
        return size_words(self.byte_count)


def size_words(count: int) -> str:
    """Return a number of bytes as people say it."""
    if count < 1024:
        return f"{count} bytes"
    if count < 1024**2:
        return f"{count / 1024:,.0f} KB"
    return f"{count / 1024**2:,.1f} MB".replace(".0 ", " ")
