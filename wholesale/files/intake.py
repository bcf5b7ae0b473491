"""What comes in, checked before it is kept: size, checksum, type by content, a safe name."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

import structlog

from wholesale.core.errors import Invalid
from wholesale.files.kinds import Kind, kind_of, largest_of
from wholesale.files.models import size_words
from wholesale.files.names import safe_name
from wholesale.files.pictures import measured

log = structlog.get_logger("files")
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    name: str
    kind: Kind
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def named(given: str | None) -> str:
    """Return a name that is safe to keep; what was changed about it is logged."""
    name = safe_name(given)
    if name != given:
        log.warning("file name made safe", given=repr((given or "")[:200]), name=name)
    return name


def announced(given: str | None, size: int) -> tuple[str, int]:
    """Check what a browser says of a file before it sends it; return its safe name and size.

    Raises Invalid with a sentence for the person.
    """
    name = named(given)
    with Refusals(name):
        _refuse_size(name, size, largest_of(name))
    return name, size


def checked(file: BinaryIO, given: str | None) -> Checked:
    """Read ``file`` through and say what it is. Raises Invalid with a sentence for the person."""
    name = named(given)
    with Refusals(name):
        size, sha256 = _measure(file)
        _refuse_size(name, size, largest_of(name))
        kind = kind_of(file, name)
        _refuse_size(name, size, kind.limit)
        width, height = measured(file, name) if kind.is_picture else (None, None)
    file.seek(0)
    return Checked(name, kind, size, sha256, width, height)


class Refusals:
    """Writes a line in the log about each refusal of a file in its block."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Invalid):
            log.warning("file refused", name=self.name, reason=error.message)


def _measure(file: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _refuse_size(name: str, size: int, limit: int) -> None:
    if size <= 0:
        raise Invalid(f"{name} is empty: it has 0 bytes. Nothing was added.")
    if size > limit:
        raise Invalid(
            f"{name} has {size_words(size)}; a file of this kind has {size_words(limit)} at most."
        )
