"""Which records files are kept with: each room says who reads and who changes its own."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.core.errors import NotVisible
from wholesale.files.models import COLUMNS


@dataclass(frozen=True)
class Holder:
    """A record that files are kept with, as one person sees it."""

    kind: str
    ref: str  # what stands for it in addresses
    key: int
    title: str
    url: str
    may_write: bool
    customer_id: int | None = None

    @property
    def column(self) -> str:
        """The column that names the record."""
        return COLUMNS[self.kind]


# Takes what stands in the address; raises NotVisible outside what the actor may read.
Finder = Callable[[Session, Actor, str], Holder]
_FINDERS: dict[str, Finder] = {}


def keeps_files(kind: str) -> Callable[[Finder], Finder]:
    """Register how a record of ``kind`` is found within a person's scope."""

    def register(finder: Finder) -> Finder:
        if kind not in COLUMNS:
            raise ValueError(f"files have no column for {kind!r}")
        _FINDERS[kind] = finder
        return finder

    return register


def holder(session: Session, actor: Actor, kind: str, ref: str) -> Holder:
    """Return the record ``ref`` as ``actor`` sees it. Raises NotVisible outside the scope."""
    if kind not in _FINDERS:
        raise NotVisible
    return _FINDERS[kind](session, actor, ref)
