"""Writes of files: added, replaced by a new version, archived, restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor, may
from wholesale.core.clock import now
from wholesale.core.errors import Invalid, NotPermitted
from wholesale.files.intake import Checked, checked
from wholesale.files.models import FileState, FileVersion, StoredFile, size_words
from wholesale.files.pages import Holder
from wholesale.files.queries import bytes_of_customer, files_of
from wholesale.files.storage import Storage, new_key
from wholesale.jobs.queue import defer

log = structlog.get_logger("files")
QUOTA_LOCK = 0xF11E


@dataclass(frozen=True)
class Intake:
    """Who adds files to which record, where their bytes go, and how much there may be."""

    session: Session
    storage: Storage
    holder: Holder
    by: Actor
    quota: int


def may_write(actor: Actor, holder: Holder) -> bool:
    """Tell whether ``actor`` may add and change files of a record."""
    return holder.may_write and may(actor, "files:write")


def refuse_reader(actor: Actor, holder: Holder) -> None:
    """Raise NotPermitted when ``actor`` may look at a record's files but not change them."""
    if not may_write(actor, holder):
        raise NotPermitted("You may look at these files but not change them.")


def add_file(
    intake: Intake, given: BinaryIO, name: str | None, replaced: StoredFile | None = None
) -> FileVersion:
    """Check a file that came with a form and keep it, as a new version of ``replaced`` if given.

    Returns the version; the very same content under the same name is kept once. Raises
    Invalid with a sentence about the file.
    """
    found = checked(given, name)
    known = _known(intake, found, replaced)
    if known is not None:
        return known
    key = new_key()
    intake.storage.write(key, given, found.kind.content_type)  # before the lock of the quota
    with _deleted_if_refused(intake.storage, key):
        refuse_over_quota(intake, found.size, found.name)
    return _keep(intake, found, key, replaced)


def look_at(storage: Storage, key: str, name: str) -> Checked:
    """Check what a browser put into the storage under ``key``.

    Raises ObjectMissing when nothing came, Invalid for what may not be kept; its object is
    deleted then.
    """
    with storage.open(key) as file, _deleted_if_refused(storage, key):
        return checked(file, name)


@contextmanager
def _deleted_if_refused(storage: Storage, key: str) -> Iterator[None]:
    try:
        yield
    except Invalid:
        storage.delete(key)
        raise


def keep_object(
    intake: Intake, key: str, found: Checked, size: int, replaced: StoredFile | None = None
) -> FileVersion:
    """Keep what lies in the storage under ``key``, ``found`` to be what its content is.

    Confirming twice is confirming once. Raises Invalid for what may not be kept; its object
    is deleted then.
    """
    # Two confirmations at once wait for each other.
    intake.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    known = intake.session.scalar(select(FileVersion).where(FileVersion.object_key == key))
    if known is not None:
        return known
    known = _known(intake, found, replaced)
    if known is not None:
        intake.storage.delete(key)
        return known
    with _deleted_if_refused(intake.storage, key):
        if found.size != size:
            raise Invalid(f"{found.name} did not come in whole. Send it again.")
        refuse_over_quota(intake, found.size, found.name)
    return _keep(intake, found, key, replaced)


def refuse_over_quota(intake: Intake, size: int, name: str) -> None:
    """Raise Invalid when ``size`` more bytes are more than the customer's files may take.

    Uploads of one customer wait here for each other, so that two do not both take the rest.
    """
    customer = intake.holder.customer_id
    if customer is None:
        return
    intake.session.execute(select(func.pg_advisory_xact_lock(QUOTA_LOCK, customer)))
    left = intake.quota - bytes_of_customer(intake.session, customer)
    if size > left:
        reason = f"{name} has {size_words(size)}, but only {size_words(max(left, 0))} of this"
        reason += f" customer's {size_words(intake.quota)} are left."
        log.warning("file refused", name=name, reason=reason)
        raise Invalid(reason)


def archive(file: StoredFile, *, restored: bool = False) -> None:
    """Put a file away, or bring it back; its versions stay as they are."""
    file.archived_at = None if restored else file.archived_at or now()


def _known(intake: Intake, found: Checked, replaced: StoredFile | None) -> FileVersion | None:
    """Return what is kept of this very content already, under this name."""
    files = [replaced] if replaced else files_of(intake.session, intake.holder)
    for file in files:
        last = file.current
        if (last.sent_sha256, last.name) == (found.sha256, found.name) and not file.is_archived:
            return last
    return None


def _keep(intake: Intake, found: Checked, key: str, replaced: StoredFile | None) -> FileVersion:
    file = replaced or StoredFile(customer_id=intake.holder.customer_id)
    if replaced is None:
        setattr(file, intake.holder.column, intake.holder.key)
    version = FileVersion(
        number=file.versions[0].number + 1 if replaced else 1,
        name=found.name,
        content_type=found.kind.content_type,
        byte_count=found.size,
        sha256=found.sha256,
        sent_sha256=found.sha256,
        object_key=key,
        width=found.width,
        height=found.height,
        state=FileState.WAITING if found.kind.is_picture else FileState.READY,
        uploaded_by_id=intake.by.id,
    )
    file.versions.insert(0, version)
    file.archived_at = None
    intake.session.add(file)
    intake.session.flush()
    if version.state == FileState.WAITING:
        defer(intake.session, "files.process", version_id=version.id)
    log.info("file kept", file=file.id, version=version.number, bytes=version.byte_count)
    return version
