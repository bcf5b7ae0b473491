"""The folder of backups: each a dump and a manifest beside it, written whole or not at all."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from wholesale.backup.errors import BackupError, Unfit, telling

DUMP, MANIFEST, PART = ".dump", ".json", ".part"
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What is known of a backup without opening it."""

    database: str
    schema: str
    rows: dict[str, int]
    created_at: str
    created_by: str
    app: str
    server: int  # PostgreSQL's version
    program: int  # that of pg_dump
    owner: str
    roles: list[str]  # whom rights were given to
    withheld: dict[str, list[str]]  # rights on tables that the owner has not
    size: int = 0
    sha256: str = ""
    verified: dict[str, Any] = field(default_factory=dict)  # at, ok, words

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.created_at)


@dataclass(frozen=True)
class Backup:
    """One backup in the folder; ``problem`` says why it is not to be relied on."""

    path: Path
    manifest: Manifest | None
    problem: str = ""

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.path.stem

    def known(self) -> Manifest:
        """Return its manifest.

        Raises BackupError when something is known to be wrong with the backup.
        """
        if self.manifest is None or self.problem:
            raise BackupError(f"{self.name} cannot be used: {self.problem}.")
        return self.manifest


def entries(folder: Path) -> list[Backup]:
    """Return the backups of a folder, the newest first; reads no dump.

    Raises BackupError when the folder cannot be read.
    """
    with telling(str(folder)):
        names = list(folder.iterdir()) if folder.exists() else []
    dumps = {path.with_suffix(DUMP) for path in names if path.suffix in (DUMP, MANIFEST)}
    found = [entry(path) for path in dumps]
    return sorted(found, key=_age, reverse=True)


def _age(one: Backup) -> tuple[str, str]:
    made = f"{one.manifest.moment:%Y%m%dT%H%M%S%f}" if one.manifest else one.name
    return made, one.name


def entry(path: Path) -> Backup:
    """Return the backup whose dump is, or should be, at ``path``."""
    try:
        manifest = Manifest(**json.loads(path.with_suffix(MANIFEST).read_text()))
        manifest.moment  # noqa: B018 - one that is not a moment is refused here
    except FileNotFoundError:
        return Backup(path, None, "it has no manifest, so it was cut off or its manifest is lost")
    except (OSError, ValueError, TypeError):
        return Backup(path, None, "its manifest cannot be read")
    return Backup(path, manifest, _problem(path, manifest))


def _problem(path: Path, manifest: Manifest) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return "its dump is missing"
    if size != manifest.size:
        return f"its dump has {size:,} bytes instead of {manifest.size:,}"
    failed = manifest.verified and not manifest.verified.get("ok")
    return f"it failed to verify: {manifest.verified.get('words')}" if failed else ""


def unjudged(backup: Backup) -> Backup:
    """Return a backup as if it had never been verified: what it failed may be over."""
    if backup.manifest is None:
        return backup
    manifest = replace(backup.manifest, verified={})
    return Backup(backup.path, manifest, _problem(backup.path, manifest))


def check_whole(backup: Backup) -> None:
    """Read the dump and compare its checksum. Raises BackupError when it is another."""
    manifest = backup.known()
    with telling(backup.name):
        found = checksum(backup.path)
    if found != manifest.sha256:
        raise Unfit(f"{backup.name} was changed: its checksum is not that of the manifest.")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


@dataclass
class Draft:
    """A backup under way: a file that nobody takes for one."""

    path: Path
    part: Path
    file: IO[bytes]

    def keep(self, manifest: dict[str, Any]) -> Backup:
        """Make it a backup, whose checksum and size are added to ``manifest``."""
        os.fsync(self.file.fileno())
        size, digest = self.part.stat().st_size, checksum(self.part)
        self.part.rename(self.path)
        try:
            write_manifest(self.path, Manifest(**manifest, size=size, sha256=digest))
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise
        return entry(self.path)


@contextmanager
def draft(folder: Path, stem: str) -> Iterator[Draft]:
    """Give a new file in ``folder``, under a name that nobody else has; gone unless it is kept.

    What killed runs left behind is removed first. Raises BackupError when the disk refuses.
    """
    with telling(f"No backup was made in {folder}"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(folder):
            _sweep(folder)
            path = _unused(folder, stem)
            part = Path(f"{path}{PART}")
            file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            fcntl.flock(file, fcntl.LOCK_EX)  # pg_dump inherits it, should we be killed
        try:
            with file:
                yield Draft(path, part, file)
        finally:
            part.unlink(missing_ok=True)


def write_manifest(dump: Path, manifest: Manifest) -> None:
    """Write the manifest beside ``dump``, whole or not at all. Raises OSError."""
    target = dump.with_suffix(MANIFEST)
    part = Path(f"{target}{PART}")
    with _locked(dump.parent):
        try:
            made = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(made, "w") as file:
                json.dump(asdict(manifest), file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
        folder = os.open(dump.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def delete(backup: Backup) -> None:
    """Delete a backup. Raises BackupError when the disk refuses."""
    with telling(f"{backup.name} could not be deleted"):
        backup.path.unlink(missing_ok=True)
        backup.path.with_suffix(MANIFEST).unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = os.open(folder / ".lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"*{PART}"):
        with left.open("rb") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _unused(folder: Path, stem: str) -> Path:
    for number in range(1, 1000):
        path = folder / (f"{stem}{DUMP}" if number == 1 else f"{stem}-{number}{DUMP}")
        if not path.exists() and not Path(f"{path}{PART}").exists():
            return path
    raise BackupError(f"{folder} holds a thousand backups of this second.")
