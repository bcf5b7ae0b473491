"""Loads files by a mapping: all of it or nothing, and a second time without any change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wholesale.imports.completion import complete
from wholesale.imports.entries import Entry, Links, entries_of, link
from wholesale.imports.mapping import Mapping, Target
from wholesale.imports.reader import Row, read_rows
from wholesale.imports.report import MOST_PROBLEMS, Counts, ImportRefused, Problem, Report
from wholesale.imports.writing import Key, key_of, write
from wholesale.orders.models import Order
from wholesale.orders.operations import refresh_totals_of

BATCH = 500
IMPORT_LOCK = 0x1177
# Classes of SQLSTATE: the data cannot be stored, breaks a rule, or is too long for an index.
REFUSALS = ("22", "23", "54")
HALF_A_CENT = Decimal("0.005")


@dataclass
class _Run:
    """The state of one import."""

    session: Session
    links: Links
    report: Report
    problems: list[Problem] = field(default_factory=list)
    order_ids: set[int] = field(default_factory=set)


def load(session: Session, mapping: Mapping, folder: Path, *, dry_run: bool = False) -> Report:
    """Load the files of ``folder`` as ``mapping`` says and return what was done.

    The caller commits. Records are matched by their key, so loading again changes nothing;
    a dry run does the same work and takes it back. One import runs at a time. Raises
    ImportRefused, with nothing written, when anything in the files is wrong.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
    report = Report(mapping.title, dry_run, expected_subtotal=mapping.expected_subtotal)
    run = _Run(session, Links(session), report)
    with session.begin_nested() as savepoint:
        for target in mapping.targets:
            _load_target(run, target, folder)
        refresh_totals_of(session, run.order_ids)
        _sum_orders(run)
        if dry_run:
            savepoint.rollback()
    return report


def _load_target(run: _Run, target: Target, folder: Path) -> None:
    """Load one target. Raises ImportRefused after it: what follows would only repeat it."""
    counts = Counts(target.record.name)
    run.report.counts.append(counts)
    seen: dict[Key, int] = {}
    rows = _rows(target, folder)
    while batch := list(islice(rows, BATCH)):
        _load_batch(run, target, batch, counts, seen)
        if len(run.problems) >= MOST_PROBLEMS:
            break
    if run.problems:
        raise ImportRefused(run.problems)


def _rows(target: Target, folder: Path) -> Iterator[Row]:
    if target.rows is not None:
        yield from (Row(place, dict(cells)) for place, cells in enumerate(target.rows, 1))
        return
    try:
        stream = (folder / target.file).open("rb")
    except OSError as error:
        reason = f"It cannot be read ({error.strerror})."
        raise ImportRefused([Problem(target.file, None, None, reason)]) from error
    with stream:
        yield from read_rows(stream, target.file, target.columns)


def _load_batch(
    run: _Run, target: Target, rows: Sequence[Row], counts: Counts, seen: dict[Key, int]
) -> None:
    before = len(run.problems)
    entries = entries_of(target, rows, run.problems)
    if len(run.problems) == before:
        link(target, entries, run.links, run.problems)
    if len(run.problems) == before:
        _refuse_twice(run, target, entries, seen)
    if len(run.problems) > before:
        return
    with _refusals(run, target, rows):
        run.problems += complete(run.session, target, entries)
        if len(run.problems) == before:
            run.problems += write(run.session, target, entries, counts)
    if len(run.problems) == before:
        _note(run, target, entries)


def _refuse_twice(run: _Run, target: Target, entries: list[Entry], seen: dict[Key, int]) -> None:
    for entry in entries:
        first = seen.setdefault(key_of(target.record, entry), entry.line)
        if first != entry.line:
            reason = f"The same record stands on line {first} already."
            run.problems.append(Problem(target.file, entry.line, None, reason))


@contextmanager
def _refusals(run: _Run, target: Target, rows: Sequence[Row]) -> Iterator[None]:
    """Say in words what the database's own rules refuse; it names the batch, not the row."""
    try:
        with run.session.begin_nested():
            yield
    except DBAPIError as error:
        if not str(getattr(error.orig, "sqlstate", "")).startswith(REFUSALS):
            raise
        detail = getattr(getattr(error.orig, "diag", None), "message_detail", None)
        reason = f"Lines {rows[0].line} to {rows[-1].line}: the database refused it."
        reason += f" {detail or str(error.orig).splitlines()[0]}"
        run.problems.append(Problem(target.file, None, None, reason))


def _note(run: _Run, target: Target, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.alias:
            run.links.note(target.record.name, entry.alias, entry.id)
        if target.record.name == "order_lines":
            run.order_ids.add(entry.values["order_id"])


def _sum_orders(run: _Run) -> None:
    ids = run.links.ids("orders")
    if not ids:
        return
    query = select(func.sum(Order.subtotal)).where(Order.id.in_(ids))
    run.report.subtotal = run.session.scalar(query) or Decimal(0)
    lines = sum(
        c.created + c.updated + c.unchanged for c in run.report.counts if c.record == "order_lines"
    )
    run.report.tolerance = lines * HALF_A_CENT
