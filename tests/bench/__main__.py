"""Measures lists, searches, opening, cell edits and pickers; prints a table of each."""

import argparse
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from uuid import uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.bench.data import add_company, add_orders
from tests.bench.pickers import measure_pickers
from tests.cast import Cast
from tests.databases import own_database
from tests.visitor import Visitor
from wholesale import create_app, postgres
from wholesale.access.seed import seed_permissions
from wholesale.config import ROOT, Settings
from wholesale.extensions import db
from wholesale.orders.models import Order, OrderLine

CUSTOMERS = 20_000
ROUNDS = 40
PAGES = {
    "empty page": "/search",
    "list": "/orders",
    "list, status": "/orders?status=production",
    "list, salesperson": "/orders?salesperson={rep}",
    "list, two filters": "/orders?status=completed&salesperson={rep}&placed_from=2020-01-01",
    "list, by total": "/orders?sort=-total",
    "list, by delivery": "/orders?sort=delivery",
    "list, deep page": "{deep}",
    "board": "/orders?view=board",
    "board, salesperson": "/orders?view=board&salesperson={rep}",
    "board, late": "/orders?view=board&late=y",
    "calendar": "/orders?view=calendar",
    "calendar, salesperson": "/orders?view=calendar&salesperson={rep}",
    "search, one order": "/orders?q=B-777",
    "search, a customer": "/orders?q=cedar haven college",
    "search, a common word": "/orders?q=high school",
    "search, nothing": "/orders?q=zzzzzz",
    "customers, picker": "/orders/new?q=cedar hav",
    "dashboard": "/",
    "customer": "/organizations/{customer}",
    "customer, at a glance": "/organizations/{customer}/summary",
    "customer, timeline": "/organizations/{customer}/timeline",
}


def main() -> None:
    """Run the benchmark for each size asked for, growing one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", default="1000,100000,1000000")
    sizes = [int(size) for size in parser.parse_args().orders.split(",")]
    with application() as app:
        with app.app_context():
            cast = add_company(db.session, CUSTOMERS)
            reach = 0
            for size in sizes:
                add_orders(db.session, cast, reach + 1, size, CUSTOMERS)
                reach = size
                print(f"\n{size:,} orders".ljust(27), "p50 ms  p95 ms  p99 ms   bytes  x empty")
                measure_pages(app, cast)
        measure_grid(app, cast)
        measure_pickers(app, cast)


@contextmanager
def application() -> Iterator[Flask]:
    """An application on a database of its own, with durable commits as in production."""
    server = postgres.ensure_running(ROOT / "instance" / "bench-postgres")
    with own_database(server.url("postgres"), "bench") as url:
        app = create_app(Settings(app_env="test", database_url=url, session_secret="bench"))
        logging.disable(logging.INFO)
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
            seed_permissions(db.session)
            db.session.commit()
        yield app
        with app.app_context():
            db.engine.dispose()
    postgres.stop_if_idle(server)


def measure_pages(app: Flask, cast: Cast) -> None:
    """Measure the pages as an admin, who sees every order."""
    with Session(db.engine) as session:
        admin = Visitor(app, session).signed_in(cast.users["admin"])
    url = "/orders"
    for _ in range(19):  # nineteen pages down
        url = "/orders?after=" + admin.get(url).text.split("?after=")[1].split('"')[0]
    known = {"rep": cast.users["sales"], "deep": url, "customer": cast.organization + 7}
    empty = 0.0
    for name, address in PAGES.items():
        times, size = timed(partial(admin.get, address.format(**known)))
        empty = empty or times[len(times) // 2]
        report(name, times, size, empty)


def measure_grid(app: Flask, cast: Cast) -> None:
    """Measure opening an order and editing one cell at 1, 50, 200 and 500 lines."""
    with app.app_context():
        session = db.session
        rep = Visitor(app, session).signed_in(cast.users["sales"])
        products = session.scalars(text("SELECT id FROM products WHERE sku LIKE 'BEN-%'")).all()
    print(f"\n{'size grid':26} p50 ms  p95 ms  p99 ms   bytes  x empty")
    times, _ = timed(partial(rep.get, "/search"))
    empty = times[len(times) // 2]
    for lines in (1, 50, 200, 500):
        ref, keys = entered(app, rep, cast, list(products), lines)
        times, size = timed(partial(rep.get, f"/orders/{ref}"))
        report(f"open, {lines} lines", times, size, empty)
        times, size = timed(edits(rep, ref, f"q.{keys[0]}.M"))
        report(f"edit a cell, {lines} lines", times, size, empty)


def edits(rep: Visitor, ref: str, field: str) -> Callable[[], TestResponse]:
    """Return a call that types another quantity into ``field`` each time."""
    quantities = count(1)
    return lambda: rep.hx_post(f"/orders/{ref}/lines", {field: str(next(quantities))})


def entered(
    app: Flask, rep: Visitor, cast: Cast, products: list[int], lines: int
) -> tuple[str, list[int]]:
    """Enter an order of ``lines`` lines; return its address part and its lines' keys."""
    form = {"organization_id": cast.organization, "key": str(uuid4())}
    ref = rep.post("/orders/new", form).location.rsplit("/", 1)[1]
    for product in products[: max(1, lines // 10)]:
        rep.hx_post(f"/orders/{ref}/products", {"product_id": product})
    with app.app_context():
        order = db.session.query(Order).order_by(Order.id.desc()).first()
        keys = [line.id for line in order.lines]
        full = {"S": 3, "M": 4, "L": 5, "XL": 3, "2XL": 1}
        mine = db.session.query(OrderLine).filter(OrderLine.order_id == order.id)
        mine.update({"quantities": full})
        mine.filter(OrderLine.id.in_(keys[lines:])).delete()
        db.session.commit()
    return ref, keys[:lines]


def timed(call: Callable[[], TestResponse]) -> tuple[list[float], int]:
    """Call ``call`` a number of times; return the sorted milliseconds and the answer's size."""
    call()
    times, size = [], 0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        size = len(call().data)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times), size


def report(name: str, times: list[float], size: int, empty: float) -> None:
    """Print one line of the table."""
    middle, late, last = (times[int(len(times) * part)] for part in (0.5, 0.95, 0.99))
    ratio = middle / empty
    print(f"{name:26} {middle:6.1f}  {late:6.1f}  {last:6.1f} {size:8,} {ratio:7.1f}", flush=True)


if __name__ == "__main__":
    main()
