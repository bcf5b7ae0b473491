"""Where the bytes of files lie: one interface for the local disk and for a bucket."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol, cast

from flask import Flask, current_app

from wholesale.config import Settings
from wholesale.core.errors import DomainError, NotVisible

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
UPLOAD_LIFE = timedelta(minutes=15)
LARGE_UPLOAD_LIFE = timedelta(hours=1)  # a hundred megabytes over a slow line
DOWNLOAD_LIFE = timedelta(minutes=5)
LARGE = 8 * 1024 * 1024  # from here on a file is sent in pieces, and goes on where it stopped
OPAQUE = "application/octet-stream"


class StorageAway(DomainError):
    """The bucket, or the disk, does not answer at the moment."""

    status = 503
    code = "storage_away"

    def __init__(self) -> None:
        super().__init__("Files cannot be reached at the moment. Nothing was lost: try again soon.")


class ObjectMissing(NotVisible):
    """There is no object of this key."""

    def __init__(self) -> None:
        super().__init__("The content of this file is not in the storage.")


class LinkRefused(DomainError):
    """A signed address that is not ours, or that is used for something else."""

    status = 400
    code = "link_refused"


class LinkExpired(DomainError):
    """A signed address that was good once."""

    status = 410
    code = "link_expired"

    def __init__(self) -> None:
        super().__init__("This link has expired. Open the file from its record again.")


@dataclass(frozen=True)
class UploadLink:
    """Where a browser may put one object: by PUT, with these headers, once."""

    url: str
    is_resumable: bool  # taken in pieces with Content-Range, as Google's resumable sessions do
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stat:
    """What the storage says of an object."""

    key: str
    size: int
    changed_at: datetime


class Storage(Protocol):
    """What rooms may do with objects. Every method raises StorageAway when it is not there."""

    origin: str  # where browsers send and fetch, empty for this application itself

    def upload_link(self, key: str, content_type: str, size: int, page_origin: str) -> UploadLink:
        """Return a short-lived address for one upload of exactly this type and size."""
        ...

    def write(self, key: str, file: BinaryIO, content_type: str) -> None:
        """Keep ``file``, read from where it stands, under a key that is not taken."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Return an object as a seekable file to be closed. Raises ObjectMissing."""
        ...

    def stat(self, key: str) -> Stat | None:
        """Return what is known of an object, or None when there is none."""
        ...

    def list(self) -> Iterator[Stat]:
        """Yield every object, half-sent ones of the disk too."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object; one that is gone already is no error."""
        ...

    def download_link(self, key: str, name: str, content_type: str) -> str:
        """Return a short-lived address at which the object is saved as ``name``."""
        ...


def new_key() -> str:
    """Return a key that nobody can guess and that says nothing of what it stands for."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


def init_app(app: Flask, settings: Settings) -> None:
    """Give ``app`` the bucket of ``GCS_BUCKET_NAME``, or the local disk when there is none."""
    made: Storage
    if settings.gcs_bucket_name:
        from wholesale.files.gcs import GcsStorage

        made = GcsStorage(settings.gcs_bucket_name, settings.storage_emulator_host)
    else:
        from wholesale.files.local import LocalStorage

        secrets = [*settings.session_secret_fallbacks, settings.session_secret]
        made = LocalStorage(settings.instance_path / "files", secrets)
    app.extensions["storage"] = made
    app.config["STORAGE_ORIGIN"] = made.origin
    app.config["FILES_QUOTA"] = settings.files_quota_mb * 1024 * 1024


def storage() -> Storage:
    """Return the application's storage."""
    return cast(Storage, current_app.extensions["storage"])
