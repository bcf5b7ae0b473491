"""One run over a file: the dry run does the very work of the real one, and takes it back."""

from collections.abc import Callable, Iterator
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.errors import DomainError
from wholesale.imports.batches import BATCH, load_batch
from wholesale.imports.changes import picture
from wholesale.imports.entries import Outcome
from wholesale.imports.kinds import KINDS
from wholesale.imports.mapping import Target
from wholesale.imports.models import Import
from wholesale.imports.order_rows import OrderRows
from wholesale.imports.reader import Row
from wholesale.imports.results import Result, Spool, result_of
from wholesale.imports.sources import Source, opened
from wholesale.imports.targets import targets_of
from wholesale.imports.upload_work import UploadWork
from wholesale.lines.totals import refresh_totals_of
from wholesale.orders.models import Order

Progress = Callable[[float, int], None]
MOST_PASSES = 4
# After how many rows the statistics are gathered anew.
MEASURED = {BATCH * 4**power for power in range(6)}


def run(session: Session, imported: Import, actor: User, progress: Progress, *, keep: bool) -> bool:
    """Load the file and keep what its rows came to; returns whether the records are kept.

    Without ``keep``, and where rows are wrong and all or nothing was chosen, everything is
    taken back but the results. Raises ImportRefused for a file that cannot be read to its end.
    """
    with opened(session, imported) as source:
        spool, savepoint = _passes(session, imported, actor, source, progress)
        wrong = spool.counts[Outcome.ERROR] and not imported.good_rows_only
        kept = keep and not wrong
        if kept:
            with savepoint:
                picture(session, imported.id)
        else:
            savepoint.rollback()
        spool.keep(session, imported.id)
        imported.counts = {str(outcome): spool.counts[outcome] for outcome in Outcome}
        spool.close()
    return kept


def take_time(session: Session) -> None:
    """Let this transaction take the time it needs."""
    session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    session.execute(text("SET LOCAL statement_timeout = '5min'"))
    session.execute(text("SET LOCAL lock_timeout = '30s'"))


def _passes(
    session: Session, imported: Import, actor: User, source: Source, progress: Progress
) -> tuple[Spool, Any]:
    """Load the rows; where an order has a wrong one, once more without that order."""
    left_out: dict[str, int] = {}
    before: Spool | None = None
    for _ in range(MOST_PASSES):
        savepoint = session.begin_nested()
        work, spool = UploadWork(session, imported, actor), Spool()
        orders = _load_all(work, source, spool, before, left_out, progress)
        if before:
            before.close()
        if orders is None or not orders.bad.keys() - left_out.keys():
            return spool, savepoint
        left_out, before = orders.bad, spool
        savepoint.rollback()
    raise DomainError("The orders of this file stand in each other's way. Divide the file.")


def _load_all(
    work: UploadWork,
    source: Source,
    spool: Spool,
    before: Spool | None,
    left_out: dict[str, int],
    progress: Progress,
) -> OrderRows | None:
    imported = work.imported
    targets = _targets(work, imported)
    orders = None
    if imported.kind == "orders":
        orders = OrderRows(targets[0], targets[1], left_out=left_out)
    done = 0
    for rows, known in _batches(source, before):
        if orders:
            results = [
                _as_before(new, old)
                for new, old in zip_longest(orders.load(work, rows), known)
                if new is not None
            ]
        else:
            entries = load_batch(work, targets[0], rows)
            results = [result_of(targets[0], entry) for entry in entries]
        spool.add(results)
        done += len(rows)
        if done in MEASURED:
            _measure(work.session, targets)
        progress(source.fraction, done)
    _measure(work.session, targets)
    refresh_orders(work.session, sorted(orders.order_ids) if orders else [])
    return orders


def _targets(work: UploadWork, imported: Import) -> list[Target]:
    """Return what the rows fill, without the columns that are not the person's to fill any more."""
    kind = KINDS[imported.kind]
    refused = kind.refused(work.actor, imported.columns)
    chosen = {header: name for header, name in imported.columns.items() if header not in refused}
    return targets_of(kind, chosen, imported.filename)


def _measure(session: Session, targets: list[Target]) -> None:
    """Gather statistics: the planner knows nothing of what this very transaction wrote."""
    for table in ("import_changes", *(target.record.table.name for target in targets)):
        session.execute(text(f"ANALYZE {table}"))


def refresh_orders(session: Session, order_ids: list[int]) -> None:
    """Bring sums in line, and have the sizes confirmed anew.

    It goes some orders at a time, so that each time the index is the way.
    """
    for start in range(0, len(order_ids), BATCH):
        some = order_ids[start : start + BATCH]
        refresh_totals_of(session, Order, some)
        confirmed = update(Order).where(
            Order.id == func.any(some), Order.sizes_confirmed_at.is_not(None)
        )
        session.execute(confirmed.values(sizes_confirmed_at=None))


def _batches(source: Source, before: Spool | None) -> Iterator[tuple[list[Row], list[Result]]]:
    rows, known = source.rows(), iter(before or ())
    while batch := list(islice(rows, BATCH)):
        yield batch, list(islice(known, len(batch)))


def _as_before(new: Result, old: Result | None) -> Result:
    """Of an order that is left out, a row that was wrong by itself says so as it did before."""
    left_out = new.outcome == Outcome.ERROR and old is not None and old.outcome == Outcome.ERROR
    return old if left_out and old is not None else new
