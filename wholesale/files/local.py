"""Files on the local disk, with signed addresses of this application's own."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from wholesale.files.storage import (
    DOWNLOAD_LIFE,
    KEY,
    LARGE,
    LARGE_UPLOAD_LIFE,
    UPLOAD_LIFE,
    LinkExpired,
    LinkRefused,
    ObjectMissing,
    Stat,
    StorageAway,
    UploadLink,
)

log = structlog.get_logger("files")
PARTIAL = ".partial"
PLACE = "/storage/"  # the addresses of routes/serve.py
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """What the holder of an upload link may put: one object of this type and size."""

    key: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Download:
    """What the holder of a download link gets."""

    key: str
    name: str
    content_type: str


@contextmanager
def _reached() -> Iterator[None]:
    """Turn trouble with the disk into StorageAway, with a line in the log."""
    try:
        yield
    except FileNotFoundError:
        raise ObjectMissing from None
    except OSError as error:
        log.error("storage failed", error=type(error).__name__, reason=str(error.strerror))
        raise StorageAway from error


class LocalStorage:
    """Objects as files under ``root``; what is being sent lies beside them until it is whole."""

    origin = ""

    def __init__(self, root: Path, secrets: list[str]) -> None:
        self.root = root
        self._uploads = URLSafeTimedSerializer(secrets, salt="files-upload")
        self._downloads = URLSafeTimedSerializer(secrets, salt="files-download")

    def upload_link(self, key: str, content_type: str, size: int, page_origin: str) -> UploadLink:
        """Return an address of this application that takes exactly this object, once."""
        token = self._uploads.dumps([key, content_type, size])
        return UploadLink(f"{PLACE}{token}", size > LARGE, {"Content-Type": content_type})

    def opened_upload(self, token: str) -> Upload:
        """Return what an upload link allows. Raises LinkRefused or LinkExpired."""
        upload = Upload(*_opened(self._uploads, token, LARGE_UPLOAD_LIFE))
        if upload.size <= LARGE:
            _opened(self._uploads, token, UPLOAD_LIFE)
        return upload

    def receive(self, upload: Upload, file: BinaryIO, start: int) -> int:
        """Take a piece that begins at byte ``start``; return how much is there now.

        A piece that does not go on where the last one stopped is left: the answer says where
        to go on. What is whole is never written again.
        """
        held = self.held(upload)
        if held == upload.size or start != held:
            return held
        with _reached():
            partial = self._path(upload.key, PARTIAL)
            partial.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("ab") as kept:
                fcntl.flock(kept, fcntl.LOCK_EX)  # the same piece, sent twice at once
                if self._path(upload.key).exists():  # whole meanwhile, and maybe this very file
                    if os.fstat(kept.fileno()).st_size == 0:
                        partial.unlink(missing_ok=True)
                    return self.held(upload)
                kept.seek(0, os.SEEK_END)  # it may have grown since it was opened
                is_next = kept.tell() == start
                if is_next:
                    _copy(file, kept, upload.size - start)
                    kept.flush()
                if is_next and kept.tell() == upload.size:
                    self._keep(partial, upload.key)
                return kept.tell()

    def held(self, upload: Upload) -> int:
        """Return how many bytes of an upload have come in."""
        for path in (self._path(upload.key), self._path(upload.key, PARTIAL)):
            with suppress(FileNotFoundError):
                return path.stat().st_size
        return 0

    def write(self, key: str, file: BinaryIO, content_type: str) -> None:
        """Keep ``file``: whole, or not at all."""
        with _reached():
            partial = self._path(key, PARTIAL)
            partial.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as kept:
                shutil.copyfileobj(file, kept, PIECE)
            self._keep(partial, key)

    def open(self, key: str) -> BinaryIO:
        """Return an object as a file. Raises ObjectMissing."""
        with _reached():
            return self._path(key).open("rb")

    def stat(self, key: str) -> Stat | None:
        """Return size and time of an object, or None."""
        with suppress(ObjectMissing), _reached():
            return _stat(self._path(key), key)
        return None

    def list(self) -> Iterator[Stat]:
        """Yield what lies on the disk, half-sent uploads too."""
        for folder in (self.root, self.root / PARTIAL):
            for path in sorted(folder.glob("??/*")):
                key = path.relative_to(folder).as_posix()
                if KEY.fullmatch(key):
                    with suppress(FileNotFoundError):
                        yield _stat(path, path.relative_to(self.root).as_posix())

    def delete(self, key: str) -> None:
        """Delete an object, and what was half sent of it."""
        bare = key.removeprefix(f"{PARTIAL}/")
        with _reached():
            for folder in ("", PARTIAL) if bare == key else (PARTIAL,):
                self._path(bare, folder).unlink(missing_ok=True)

    def download_link(self, key: str, name: str, content_type: str) -> str:
        """Return an address of this application that saves the object as ``name``."""
        return f"{PLACE}{self._downloads.dumps([key, name, content_type])}"

    def opened_download(self, token: str) -> Download:
        """Return what a download link leads to. Raises LinkRefused or LinkExpired."""
        return Download(*_opened(self._downloads, token, DOWNLOAD_LIFE))

    def _path(self, key: str, folder: str = "") -> Path:
        if not KEY.fullmatch(key):
            raise ObjectMissing
        return self.root / folder / key

    def _keep(self, partial: Path, key: str) -> None:
        """Move what is whole to its place; what is there already stays as it is."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()


def _opened(serializer: URLSafeTimedSerializer, token: str, life: timedelta) -> list[Any]:
    try:
        found: list[Any] = serializer.loads(token, max_age=int(life.total_seconds()))
    except SignatureExpired:
        log.warning("file link expired")
        raise LinkExpired from None
    except BadData:
        log.warning("file link refused", reason="signature")
        raise LinkRefused("This link is not one of ours, or a part of it is missing.") from None
    return found


def _copy(file: BinaryIO, kept: BinaryIO, most: int) -> None:
    """Copy up to ``most`` bytes; what came before a connection broke stays."""
    while most and (piece := file.read(min(PIECE, most))):
        kept.write(piece)
        most -= len(piece)


def _stat(path: Path, key: str) -> Stat:
    found = path.stat()
    return Stat(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
