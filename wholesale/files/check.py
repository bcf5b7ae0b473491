"""Compares the storage with the database: orphans both ways, and what cannot be read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.files.models import FileState, FileVersion
from wholesale.files.storage import ObjectMissing, Stat, Storage, StorageAway
from wholesale.jobs.queue import defer

# An upload may be under way, or a job about to commit: what is younger is left alone.
GRACE = timedelta(hours=2)
PIECE = 1024 * 1024
GONE = "Its content is gone from the storage. Replace it with a new version."


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and what is done about it."""

    what: str  # orphan, missing, unreadable, changed, no thumbnail, waiting
    key: str
    version_id: int | None = None
    words: str = ""


def findings(session: Session, storage: Storage, *, read: bool = True) -> list[Finding]:
    """Return what is wrong; without ``read`` the objects' contents are taken on trust.

    Raises StorageAway when the storage does not answer.
    """
    # The rows after the objects: an object that a job replaces meanwhile is young, not missing.
    there = {stat.key: stat for stat in storage.list()}
    query = select(FileVersion).where(FileVersion.state != FileState.FAILED)
    versions = list(session.scalars(query.order_by(FileVersion.id)))
    found = [one for version in versions for one in _of_version(version, there, storage, read)]
    named = set(session.scalars(select(FileVersion.object_key)))
    named |= set(session.scalars(select(FileVersion.thumbnail_key)))
    old = now() - GRACE
    orphans = [s for key, s in there.items() if key not in named and s.changed_at < old]
    return found + [Finding("orphan", s.key, None, f"{s.size} bytes") for s in orphans]


def _of_version(
    version: FileVersion, there: dict[str, Stat], storage: Storage, read: bool
) -> Iterator[Finding]:
    key, words = version.object_key, f"file {version.file_id}: {version.name}"
    stat = there.get(key) or storage.stat(key)
    if stat is None:
        yield Finding("missing", key, version.id, words)
    elif stat.size != version.byte_count:
        yield Finding("changed", key, version.id, words)
    elif read and (problem := _unread(storage, version)):
        yield Finding(problem, key, version.id, words)
    small = version.thumbnail_key
    if small and small not in there and storage.stat(small) is None:
        yield Finding("no thumbnail", small, version.id, words)
    if version.state == FileState.WAITING and version.updated_at < now() - GRACE:
        yield Finding("waiting", key, version.id, words)


def _unread(storage: Storage, version: FileVersion) -> str:
    digest = hashlib.sha256()
    try:
        with storage.open(version.object_key) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except (ObjectMissing, StorageAway, OSError):
        return "unreadable"
    return "" if digest.hexdigest() == version.sha256 else "changed"


def mend(session: Session, storage: Storage, found: list[Finding]) -> None:
    """Delete orphans, have pictures made again, and mark files whose content is lost.

    No row is deleted: what was lost stays on the record's page, with what to do about it.
    """
    for one in found:
        if one.version_id is None:
            storage.delete(one.key)
            note(session, "deleted an orphan", "storage", one.key)
            continue
        version = session.get_one(FileVersion, one.version_id)
        if one.what in ("no thumbnail", "waiting"):
            version.thumbnail_key = None
            defer(session, "files.process", version_id=version.id)
        else:
            version.state, version.problem = FileState.FAILED, GONE
    session.flush()
