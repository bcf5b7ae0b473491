"""What is done with files beside the requests: pictures made anew, what they replace forgotten."""

import hashlib
import io
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.core.errors import Invalid
from wholesale.files.models import FileState, FileVersion
from wholesale.files.pictures import THUMBNAIL_TYPE, Remade, remade
from wholesale.files.storage import ObjectMissing, Storage, new_key, storage
from wholesale.jobs.queue import defer, task

log = structlog.get_logger("files")
FORGOTTEN = timedelta(minutes=75)


@task("files.process", attempts=5)
def process(session: Session, *, version_id: int) -> None:
    """Write a picture anew, without what it carries along, and small for the panel.

    A picture that cannot be read is marked so, with the reason, and what was sent stays. One
    that is ready and has lost its thumbnail gets a new one alone.
    """
    version = session.get(FileVersion, version_id, with_for_update=True)
    if version is None or version.thumbnail_key or version.state == FileState.FAILED:
        return
    place = storage()
    try:
        with place.open(version.object_key) as file:
            made = remade(file)
    except (Invalid, ObjectMissing) as refusal:
        version.state, version.problem = FileState.FAILED, refusal.message
        log.warning("picture failed", version=version.id, reason=refusal.message)
        return
    version.thumbnail_key = _written(place, made.thumbnail, THUMBNAIL_TYPE)
    if version.state == FileState.WAITING:
        _take(session, place, version, made)


@task("files.forget", attempts=8)
def forget(session: Session, *, key: str) -> None:
    """Delete an object that nothing names any more: only once that was committed."""
    storage().delete(key)


def _take(session: Session, place: Storage, version: FileVersion, made: Remade) -> None:
    """Put what was made into the place of what was sent."""
    # Later than any confirmation of it may come once more, and sooner than it is an orphan.
    defer(session, "files.forget", at=now() + FORGOTTEN, key=version.object_key)
    version.object_key = _written(place, made.content, version.content_type)
    version.byte_count = len(made.content)
    version.sha256 = hashlib.sha256(made.content).hexdigest()
    version.width, version.height = made.width, made.height
    version.state = FileState.READY


def _written(place: Storage, content: bytes, content_type: str) -> str:
    key = new_key()
    place.write(key, io.BytesIO(content), content_type)
    return key
