"""The file of a dump: a zip of one member of lines per table, and the manifest last."""

import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from wholesale.core.errors import DomainError
from wholesale.transfer.manifest import LARGEST, Manifest, TableOf, parsed

MANIFEST = "manifest.json"
LEVEL = 3  # six makes the file a tenth smaller and takes twice as long
BLOCK = 1024 * 1024
BATCH = 4 * BLOCK
LONGEST_LINE = 256 * BLOCK
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

Tell = Callable[[int], object]


class Writer:
    """A dump being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def table(self, name: str, columns: list[str], lines: Iterable[bytes], tell: Tell) -> TableOf:
        """Write the lines of one table; return what they came to. ``tell`` hears of rows."""
        digest, block = hashlib.sha256(), bytearray()
        rows = told = size = 0
        with self._archive.open(f"{name}.ndjson", "w", force_zip64=True) as member:
            for line in lines:
                block += line
                rows += 1
                if len(block) >= BLOCK:
                    size += _write(member, digest, block)
                    tell(rows - told)
                    told = rows
            size += _write(member, digest, block)
        tell(rows - told)
        return TableOf(name=name, columns=columns, rows=rows, bytes=size, sha256=digest.hexdigest())

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest: with it the dump is whole."""
        self._archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))


def _write(member: IO[bytes], digest: "hashlib._Hash", block: bytearray) -> int:
    member.write(block)
    digest.update(block)
    size = len(block)
    block.clear()
    return size


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Give a writer of ``path``, which is there only when the block has ended well.

    Raises DomainError when the disk does not take it; what was at ``path`` is still there then.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with _alone(part) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
            os.replace(part, path)
        _settle(path.parent)
    except BlockingIOError as error:
        raise DomainError(f"Another export into {path} is under way.") from error
    except OSError as error:
        raise DomainError(f"{path} could not be written: {error.strerror}.") from error


@contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """Open ``part``, empty, for this process and this user only; it goes when something fails."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        here = os.fstat(file.fileno())
        if not part.exists() or not os.path.samestat(here, part.stat()):
            raise BlockingIOError  # another export has just come to its end
        try:
            if here.st_size:  # left by one that was killed
                file.truncate()
            yield file
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _settle(folder: Path) -> None:
    """Have the folder's new entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Reader:
    """A dump being read: its manifest, and the lines of each table, proved as they come."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._sizes = {one.filename: one.file_size for one in archive.infolist()}
        if MANIFEST not in self._sizes or self._sizes[MANIFEST] > LARGEST:
            raise DomainError("The file is no dump of WholesaleOS: it has no usable manifest.")
        with archive.open(MANIFEST) as member:
            self.manifest = parsed(member.read(LARGEST))
        members = {table.member: table.bytes for table in self.manifest.tables}
        if members != {n: s for n, s in self._sizes.items() if n != MANIFEST}:
            raise DomainError("The dump is damaged: its tables are not those of its manifest.")

    def batches(self, table: TableOf) -> Iterator[bytes]:
        """Give the lines of ``table`` in batches of whole lines.

        Raises DomainError, at the end at the latest, when they are not what was written.
        """
        digest, rows = hashlib.sha256(), 0
        for batch in self._lines(table.member):
            digest.update(batch)
            rows += batch.count(b"\n")
            yield batch
        if rows != table.rows:
            raise DomainError(
                f"The dump is damaged: {table.name} has {rows:,} rows instead of {table.rows:,}."
            )
        if digest.hexdigest() != table.sha256:
            raise DomainError(f"The dump is damaged: the checksum of {table.name} is another.")

    def _lines(self, member: str) -> Iterator[bytes]:
        rest = bytearray()
        with ExitStack() as stack:
            with _damage_told():
                lines = stack.enter_context(self._archive.open(member))
            while block := _block(lines):
                rest += block
                end = rest.rfind(b"\n") + 1
                if end and len(rest) >= BATCH:
                    yield bytes(rest[:end])
                    del rest[:end]
                elif len(rest) > LONGEST_LINE:
                    raise DomainError(f"The dump is damaged: {member} has an endless line.")
        if rest:
            yield bytes(rest)


def _block(lines: IO[bytes]) -> bytes:
    with _damage_told():
        return lines.read(BLOCK)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Give a reader of ``path``; raises DomainError when it is no dump or a damaged one."""
    with ExitStack() as stack:
        with _damage_told():
            reader = Reader(stack.enter_context(zipfile.ZipFile(path)))
        yield reader


@contextmanager
def _damage_told() -> Iterator[None]:
    """Turn what a damaged or missing file leads to into one line."""
    try:
        yield
    except DAMAGE as error:
        raise DomainError(
            f"The file is no dump, or only a part of one: {error or type(error).__name__}."
        ) from error
    except OSError as error:
        raise DomainError(f"The dump could not be read: {error.strerror or error}.") from error
