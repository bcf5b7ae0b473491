"""Reads of files: those of one record, and what a customer's take."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from wholesale.core.errors import NotVisible
from wholesale.files.models import FileState, FileVersion, StoredFile
from wholesale.files.pages import Holder
from wholesale.files.storage import Storage, StorageAway, new_key


def files_of(session: Session, holder: Holder) -> list[StoredFile]:
    """Return a record's files with their versions, the latest first, archived ones too."""
    query = (
        select(StoredFile)
        .where(getattr(StoredFile, holder.column) == holder.key)
        .options(selectinload(StoredFile.versions).joinedload(FileVersion.uploaded_by))
        .order_by(StoredFile.id.desc())
    )
    return list(session.scalars(query))


def file_of(session: Session, holder: Holder, key: int, *, lock: bool = False) -> StoredFile:
    """Return one file of a record, locked when it will change. Raises NotVisible."""
    query = select(StoredFile).where(
        StoredFile.id == key, getattr(StoredFile, holder.column) == holder.key
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query.options(selectinload(StoredFile.versions)))
    if found is None:
        raise NotVisible("There is no such file.")
    return found


def version_of(session: Session, holder: Holder, key: int, number: int) -> FileVersion:
    """Return one version of a record's file. Raises NotVisible."""
    query = (
        select(FileVersion)
        .join(FileVersion.file)
        .where(StoredFile.id == key, FileVersion.number == number)
        .where(getattr(StoredFile, holder.column) == holder.key)
        .options(joinedload(FileVersion.file))
    )
    found = session.scalar(query)
    if found is None:
        raise NotVisible("There is no such file.")
    return found


def bytes_of_customer(session: Session, customer_id: int) -> int:
    """Return how much all versions of a customer's files take, archived ones too."""
    query = (
        select(func.coalesce(func.sum(FileVersion.byte_count), 0))
        .join(FileVersion.file)
        .where(StoredFile.customer_id == customer_id)
    )
    return int(session.scalar(query) or 0)


@dataclass(frozen=True)
class FilesHealth:
    """How files stand: pictures that wait for their job, the last good one, what failed last."""

    waiting: int
    last_success: datetime | None
    last_error: str


def health(session: Session) -> FilesHealth:
    """Return how files stand, as the database knows it."""
    waits = select(func.count()).where(FileVersion.state == FileState.WAITING)
    good = select(func.max(FileVersion.updated_at)).where(FileVersion.state == FileState.READY)
    bad = select(FileVersion.problem).where(FileVersion.state == FileState.FAILED)
    return FilesHealth(
        waiting=session.scalar(waits) or 0,
        last_success=session.scalar(good),
        last_error=session.scalar(bad.order_by(FileVersion.id.desc()).limit(1)) or "",
    )


def storage_trouble(storage: Storage) -> str:
    """Ask the storage for an object that is not there; returns what is wrong, if anything."""
    try:
        storage.stat(new_key())
    except StorageAway as trouble:
        return trouble.message
    return ""
