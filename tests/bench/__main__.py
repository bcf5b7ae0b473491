"""Measures pages, long orders, pickers, many people at once, and all data out and in.

Prints a table of each; ``--write`` puts them and their charts into ``docs/PERFORMANCE.md``,
where the tables of parts that were not measured stay.
"""

import argparse
import logging
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from tests.bench import report
from tests.bench.crowd import SECRET, measure_crowds
from tests.bench.data import add_company, add_orders
from tests.bench.documents import measure_documents
from tests.bench.measure import P50, P95, P99, Measured
from tests.bench.pages import measure_pages
from tests.bench.pickers import measure_pickers
from tests.bench.transfer import measure_transfer
from tests.cast import Cast
from tests.databases import own_database
from wholesale import create_app, postgres
from wholesale.access.seed import seed_permissions
from wholesale.config import ROOT, Settings
from wholesale.extensions import db

CUSTOMERS = 20_000


def main() -> None:
    """Run the benchmark for each size asked for, growing one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", default="1000,100000,1000000")
    parser.add_argument("--only", default="pages,documents,crowds,pickers,transfer")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    parts = asked.only.split(",")
    tables, transfers = [], []
    with application() as (app, url), app.app_context():
        cast = add_company(db.session, CUSTOMERS)
        reach = 0
        for size in [int(size) for size in asked.orders.split(",")]:
            add_orders(db.session, cast, reach + 1, size, CUSTOMERS)
            reach = size
            if "pages" in parts:
                tables.append(pages(app, cast, size))
            if "transfer" in parts:
                transfers.append(measure_transfer(cast, url, size))
                transfers[-1].show()
        if "documents" in parts:
            tables.append(documents(app, cast))
        if "crowds" in parts:
            tables.append(crowds(app, cast, url))
        if "pickers" in parts:
            tables.append(measure_pickers(app, cast))
            tables[-1].show()
        machine = f"{reach:,} orders, {CUSTOMERS:,} customers; {_machine()}"
    if asked.write:
        report.write([*tables, *transfers], machine)


@contextmanager
def application() -> Iterator[tuple[Flask, str]]:
    """An application on a database of its own, with durable commits as in production."""
    server = postgres.ensure_running(ROOT / "instance" / "bench-postgres")
    with own_database(server.url("postgres"), "bench") as url:
        app = create_app(Settings(app_env="test", database_url=url, session_secret=SECRET))
        logging.disable(logging.INFO)
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
            seed_permissions(db.session)
            db.session.commit()
        yield app, url
        with app.app_context():
            db.engine.dispose()
    postgres.stop_if_idle(server)


def pages(app: Flask, cast: Cast, size: int) -> report.Table:
    """Measure the pages at ``size`` orders."""
    empty, found = measure_pages(app, cast)
    table = report.single(f"Pages at {size:,} orders", empty, found)
    table.show()
    report.chart(f"pages-{size}", f"{table.title}: p50 and p95", _bars([empty, *found]))
    return table


def documents(app: Flask, cast: Cast) -> report.Table:
    """Measure long orders."""
    empty, found = measure_documents(app, cast)
    table = report.single("Long orders, lines of 12 sizes", empty, found)
    table.show()
    report.chart("documents", f"{table.title}: p50 and p95", _bars([empty, *found]))
    return table


def crowds(app: Flask, cast: Cast, url: str) -> report.Table:
    """Measure many people at once."""
    found = measure_crowds(app, cast, url)
    heads, rows, bars = ["people", "requests", "p50 ms", "p95 ms", "p99 ms", "bytes"], [], []
    for place, first in enumerate(next(iter(found.values()))):
        for users, kinds in found.items():
            one = kinds[place]
            times = [f"{one.at(part):,.0f}" for part in (P50, P95, P99)]
            rows.append([first.name, str(users), str(len(one.times)), *times, f"{one.size:,}"])
            bars.append((f"{first.name}, {users}", one.at(P50), one.at(P95)))
    table = report.Table("People at once", heads, rows)
    table.show()
    report.chart("people", "People at once: p50 and p95", bars)
    return table


def _bars(found: list[Measured]) -> list[tuple[str, float, float]]:
    return [(one.name, one.at(P50), one.at(P95)) for one in found]


def _machine() -> str:
    """Say what the figures were taken on."""
    version = db.session.scalar(text("SHOW server_version"))
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {version}."


if __name__ == "__main__":
    main()
