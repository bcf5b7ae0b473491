"""Loads files by a mapping: all of it or nothing, and a second time without any change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from wholesale.imports.batches import BATCH, Work, load_batch
from wholesale.imports.entries import Entry, Links, Outcome
from wholesale.imports.mapping import Mapping, Target
from wholesale.imports.reader import Row, read_rows
from wholesale.imports.report import MOST_PROBLEMS, Counts, ImportRefused, Problem, Report
from wholesale.lines.totals import refresh_totals_of
from wholesale.orders.models import Order

IMPORT_LOCK = 0x1177
HALF_A_CENT = Decimal("0.005")


@dataclass
class _Run:
    """The state of one import."""

    work: Work
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
    run = _Run(Work(session, Links(session)), report)
    with session.begin_nested() as savepoint:
        for target in mapping.targets:
            _load_target(run, target, folder)
        session.execute(text("ANALYZE orders, order_lines"))  # the planner does not know them
        refresh_totals_of(session, Order, run.order_ids)
        _sum_orders(run)
        if dry_run:
            savepoint.rollback()
    return report


def _load_target(run: _Run, target: Target, folder: Path) -> None:
    """Load one target. Raises ImportRefused after it: what follows would only repeat it."""
    counts = Counts(target.record.name)
    run.report.counts.append(counts)
    rows = _rows(target, folder)
    while batch := list(islice(rows, BATCH)):
        entries = load_batch(run.work, target, batch)
        _note(run, target, entries, counts)
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


def _note(run: _Run, target: Target, entries: list[Entry], counts: Counts) -> None:
    for entry in entries:
        run.problems += entry.problems
        match entry.outcome:
            case Outcome.CREATE:
                counts.created += 1
            case Outcome.UPDATE:
                counts.updated += 1
            case Outcome.UNCHANGED:
                counts.unchanged += 1
            case Outcome.DUPLICATE:
                run.problems.append(Problem(target.file, entry.row.line, None, entry.duplicate))
        if entry.id and entry.alias:
            run.work.links.note(target.record.name, entry.alias, entry.id)
        if entry.id and target.record.name == "order_lines":
            run.order_ids.add(entry.values["order_id"])


def _sum_orders(run: _Run) -> None:
    ids = run.work.links.ids("orders")
    if not ids:
        return
    query = select(func.sum(Order.subtotal)).where(Order.id.in_(ids))
    run.report.subtotal = run.work.session.scalar(query) or Decimal(0)
    lines = sum(
        c.created + c.updated + c.unchanged for c in run.report.counts if c.record == "order_lines"
    )
    run.report.tolerance = lines * HALF_A_CENT
