"""What rows came to: put together while a file is loaded, kept for the page that shows it."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from wholesale.imports.batches import BATCH
from wholesale.imports.changes import plain
from wholesale.imports.entries import Entry, Outcome
from wholesale.imports.mapping import Target
from wholesale.imports.models import ImportRow
from wholesale.imports.reader import Row

LABELS = ("name", "code", "sku")
LONGEST = 120


@dataclass
class Result:
    """One row of the file and what became of it."""

    line: int
    outcome: str
    label: str
    problems: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


def result_of(target: Target, entry: Entry) -> Result:
    """Return what a row came to that fills one record."""
    problems = [{"column": p.column, "reason": p.reason} for p in entry.problems]
    if entry.outcome is Outcome.DUPLICATE:
        problems = [{"column": None, "reason": entry.duplicate}]
    changes = {}
    if entry.outcome is Outcome.UPDATE:
        changes = _changes(target, entry)
    written = entry.outcome not in (Outcome.ERROR, Outcome.DUPLICATE)
    cells = {} if written else dict(entry.row.cells)
    label = _label(target, entry.row)
    outcome = str(entry.outcome or Outcome.ERROR)
    return Result(entry.row.line, outcome, label, problems, changes, cells)


def _label(target: Target, row: Row) -> str:
    """Return what tells the row from others, from the columns of its key."""
    names = dict.fromkeys((*target.record.key, *LABELS))
    given = {item.name: item for item in target.fields}
    texts = [given[name].text(row.cells) for name in names if name in given and not row.fault]
    return " · ".join(dict.fromkeys(text.strip() for text in texts if text.strip()))[:LONGEST]


def _changes(target: Target, entry: Entry) -> dict[str, Any]:
    """Return what a row changes, by the column of the file; of other records the name given."""
    found = {}
    for given in target.fields:
        name = target.record.column(given.name).name
        if name in entry.changes:
            old, new = entry.changes[name]
            if given.name in target.record.references:
                old, new = "", given.text(entry.row.cells)
            column = ", ".join(given.columns) if given.sizes else given.column(entry.row.cells)
            found[column] = [plain(old), plain(new)]
    return found


class Spool:
    """Results on their way to the database, held in a file: a dry run takes its work back first."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.counts: Counter[str] = Counter()

    def add(self, results: Iterable[Result]) -> None:
        """Append results."""
        for result in results:
            self.counts[result.outcome] += 1
            self._file.write(json.dumps(asdict(result)) + "\n")

    def __iter__(self) -> Iterator[Result]:
        self._file.flush()
        self._file.seek(0)
        for line in self._file:
            yield Result(**json.loads(line))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def keep(self, session: Session, key: int) -> None:
        """Put the results in the place of those of the run before."""
        session.execute(delete(ImportRow).where(ImportRow.import_id == key))
        results = iter(self)
        while batch := list(islice(results, BATCH)):
            rows = [{"import_id": key, **asdict(result)} for result in batch]
            session.execute(insert(ImportRow), rows)
