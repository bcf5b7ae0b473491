"""Large files: memory that does not grow with the rows, and statements that grow by the batch."""

import io
import tracemalloc
from typing import Any

from openpyxl import Workbook

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.imports.sources import Source


def clubs(count: int) -> str:
    """Return a file of so many customers."""
    rows = (f"C-{n},Club {n} of the North,Main Street {n},Town\n" for n in range(count))
    return "Number,Name,Street,City\n" + "".join(rows)


def peak_of_check(ops: ImportDesk, count: int) -> int:
    """Return the most memory that a dry run of so many rows holds at once."""
    imported = ops.bring("organizations", clubs(count))
    tracemalloc.start()
    ops.choose(imported)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ops.seen(imported.id).counts["create"] == count
    return peak


def test_a_dry_run_holds_a_batch_and_not_the_file(ops: ImportDesk, cast: Cast):
    small, large = peak_of_check(ops, 1500), peak_of_check(ops, 6000)
    # What is kept of each row is its key and its line.
    assert large - small < 4500 * 1000, f"{small:,} and {large:,} bytes"


def test_a_workbook_is_read_row_by_row(ops: ImportDesk):
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Clubs")
    sheet.append(["Number", "Name"])
    for n in range(20_000):
        sheet.append([n, n * 1.5])
    file = io.BytesIO()
    book.save(file)
    tracemalloc.start()
    count = sum(1 for _ in Source(file, "clubs.xlsx", "Clubs").rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 6_000_000, f"{peak:,} bytes"


def test_statements_grow_by_the_batch_and_not_by_the_row(
    ops: ImportDesk, cast: Cast, statements: Any
):
    counts = []
    for rows in (100, 450):
        with statements:
            ops.check("organizations", clubs(rows))
        counts.append(statements.count)
        statements.count = 0
    assert counts[1] - counts[0] < 6  # the progress is told by the clock
