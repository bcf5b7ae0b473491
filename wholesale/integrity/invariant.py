"""One statement about the data that always holds, and how to look for what breaks it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """A rule about the data.

    ``query`` selects what breaks it: the kind of record, its key, and words about it.
    ``meaning`` says what is true when it selects nothing, ``repair`` what to do otherwise.
    """

    name: str
    meaning: str
    repair: str
    query: str


@dataclass(frozen=True)
class Finding:
    """One record that breaks an invariant."""

    invariant: Invariant
    entity: str
    key: str
    detail: str
