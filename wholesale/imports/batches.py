"""Loads a batch of rows of one target; each row learns by itself what becomes of it."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wholesale.imports.completion import complete
from wholesale.imports.entries import Entry, Key, Links, Outcome, entries_of, link
from wholesale.imports.finding import find, set_keys
from wholesale.imports.mapping import Target
from wholesale.imports.reader import Row
from wholesale.imports.refusals import blame, is_refusal
from wholesale.imports.writing import write

BATCH = 500


class Work:
    """What the batches of one load share; its methods are where a kind of load has its say."""

    takes_duplicates = False

    def __init__(self, session: Session, links: Links) -> None:
        self.session, self.links = session, links
        # Record and key → the line on which it stands first.
        self.seen: dict[tuple[str, Key], int] = {}

    def prepare(self, target: Target, entries: list[Entry]) -> None:
        """See entries whose cells are converted."""

    def linked(self, target: Target, entries: list[Entry]) -> None:
        """See entries whose names have become keys."""

    def check(self, target: Target, entries: list[Entry]) -> None:
        """See entries whose records are found, where they exist."""

    def allow(self, target: Target, entries: list[Entry]) -> None:
        """See entries that are complete, the last time before they are written."""

    def written(self, target: Target, entries: list[Entry]) -> None:
        """See entries that are written."""


def load_batch(work: Work, target: Target, rows: Sequence[Row]) -> list[Entry]:
    """Load ``rows`` and return an entry for each, with its outcome."""
    entries = entries_of(target, rows)
    work.prepare(target, good(entries))
    link(target, good(entries), work.links)
    work.linked(target, good(entries))
    keyed = good(entries)
    set_keys(work.session, target, keyed)
    _mark_twice(work, target, keyed)
    for wave in _waves(keyed, takes_duplicates=work.takes_duplicates):
        _load_wave(work, target, wave)
    for entry in entries:
        if entry.problems:
            entry.outcome = Outcome.ERROR
        elif entry.duplicate and not work.takes_duplicates:
            entry.outcome = Outcome.DUPLICATE
    return entries


def good(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that nothing is wrong with so far."""
    return [entry for entry in entries if not entry.problems]


def _mark_twice(work: Work, target: Target, entries: list[Entry]) -> None:
    for entry in entries:
        lines = [
            work.seen.setdefault((target.record.name, key), entry.row.line) for key in entry.keys
        ]
        if lines[0] != entry.row.line:
            entry.duplicate = f"The same record stands on line {lines[0]} already."
        entry.alike = min(lines)


def _waves(entries: list[Entry], *, takes_duplicates: bool) -> Iterator[list[Entry]]:
    """Yield the entries so that of those for one record each sees what the one before did."""
    waves: list[list[Entry]] = []
    count: dict[Key, int] = {}
    for entry in entries:
        if entry.duplicate and not takes_duplicates:
            continue
        keys = [*entry.keys, *entry.apart]
        place = max(count.get(key, 0) for key in keys)
        count |= dict.fromkeys(keys, place + 1)
        if place == len(waves):
            waves.append([])
        waves[place].append(entry)
    yield from waves


def _load_wave(work: Work, target: Target, entries: list[Entry]) -> None:
    find(work.session, target, entries)
    work.check(target, good(entries))
    writable = [e for e in good(entries) if work.takes_duplicates or not e.duplicate]
    complete(work.session, target, writable)
    work.allow(target, good(writable))
    _write_some(work, target, good(writable))
    work.written(target, good(writable))


def _write_some(work: Work, target: Target, entries: list[Entry]) -> None:
    """Write all of them, or look for those that the database refuses, half by half."""
    if not entries:
        return
    try:
        with work.session.begin_nested():
            write(work.session, target, entries)
    except DBAPIError as error:
        if not is_refusal(error):
            raise
        if len(entries) == 1:
            blame(target, entries[0], error)
            return
        middle = len(entries) // 2
        _write_some(work, target, entries[:middle])
        _write_some(work, target, entries[middle:])
