"""Measures ``flask data``: seconds and peak memory of an export, and of its import elsewhere."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from tests.bench.report import Table
from tests.cast import Cast
from tests.databases import own_database
from wholesale.config import ROOT
from wholesale.transfer.left_out import travelling

HEADS = ("seconds", "rows per second", "file MB", "process MB", "database MB")
PAUSE = 0.1  # between two looks at the memory
LINES = """
INSERT INTO order_lines (order_id, variant_id, product_id, sizes, surcharges, quantities,
    unit_price)
SELECT o.id, v.id, v.product_id, r.sizes, p.surcharges,
    jsonb_build_object('M', 1 + o.id % 50, 'L', 1 + o.id % 20), 19.50
FROM orders o, variants v JOIN products p ON p.id = v.product_id
JOIN size_runs r ON r.id = p.size_run_id
WHERE v.id = :variant AND o.id % 10 = 0
    AND o.id > coalesce((SELECT max(order_id) FROM order_lines), 0)
"""


@dataclass
class Taken:
    """What a command took: seconds, and megabytes of its own and of its database session."""

    name: str
    seconds: float
    process: float
    session: float


def measure_transfer(cast: Cast, url: str, orders: int) -> Table:
    """Export ``orders`` orders, rows in every tenth, import them elsewhere, and compare every row.

    Raises AssertionError when the copy is not the same.
    """
    here = create_engine(url)
    with here.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(LINES), {"variant": next(iter(cast.variants.values()))})
    with tempfile.TemporaryDirectory() as folder, own_database(url, "bench_copy") as copy:
        there = create_engine(copy)
        plain, hidden = Path(folder) / "all.zip", Path(folder) / "anonymous.zip"
        found = [
            (_taken("export", here, "export", plain), plain),
            (_taken("export, anonymized", here, "export", hidden, "--anonymize"), hidden),
            (_taken("verify", here, "verify", plain), plain),
            (_taken("import", there, "import", plain), plain),
        ]
        rows, same = _fingerprints(here)
        assert _fingerprints(there) == (rows, same)
        table = [_row(one, rows, path) for one, path in found]
        there.dispose()
    here.dispose()
    return Table(f"All data of {orders:,} orders out and in, {rows:,} rows", HEADS, table)


def _row(one: Taken, rows: int, path: Path) -> list[str]:
    size = path.stat().st_size / 1e6
    session = f"{one.session:,.0f}" if one.session else "–"
    speed = f"{rows / one.seconds:,.0f}"
    return [one.name, f"{one.seconds:.1f}", speed, f"{size:.1f}", f"{one.process:.0f}", session]


def _taken(name: str, engine: Engine, *words: object) -> Taken:
    """Run ``flask data …`` as a process of its own, looking at its memory all the while."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "flask", "--app", "cli", "data", *map(str, words)]
    start, process_peak, session_peak = time.perf_counter(), 0.0, 0.0
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url, "APP_ENV": "test"}
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while process.poll() is None:
            process_peak = max(process_peak, _memory(process.pid, "VmHWM"))
            for pid in connection.scalars(
                text(
                    "SELECT pid FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend' AND state <> 'idle'"
                )
            ):
                session_peak = max(session_peak, _memory(pid, "RssAnon"))
            time.sleep(PAUSE)
    assert process.returncode == 0
    return Taken(name, time.perf_counter() - start, process_peak, session_peak)


def _memory(pid: int, kind: str) -> float:
    """Return megabytes of a process: ``VmHWM`` its peak, ``RssAnon`` what is its own now."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith(kind)), "0 0")
    return int(line.split()[1]) / 1024


def _fingerprints(engine: Engine) -> tuple[int, dict[str, tuple[int, int]]]:
    """Return how many rows there are, and for each table its rows and the sum of their hashes."""
    found = {}
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for name in travelling(is_anonymized=False):
            query = f"SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {name} t"  # noqa: S608
            count, total = connection.execute(text(query)).one()
            found[name] = (int(count), int(total or 0))
    return sum(count for count, _ in found.values()), found
