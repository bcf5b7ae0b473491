"""Measures the pickers at 100,000 customers and 50,000 variants: server time per typed text."""

import time
from collections.abc import Callable
from uuid import uuid4

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.bench.measure import P50, P95, percentile
from tests.bench.people import add_trade
from tests.bench.report import Table
from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.extensions import db

OPTIONS, PRODUCTS = "organization-options", "product-options"
CUSTOMERS, CONTACTS, STYLES = 100_000, 150_000, 5_000
ROUNDS = 12
TYPED = {
    "one letter": "w b z",
    "two letters": "wo ba st",
    "three letters": "wol bar fox",
    "four letters": "wolv bare high",
    "full word|": "wolverton|university|high school|wolverton wrestling",
    "with accents|": "Bärenfels|Mölln|São",
    "a typo|": "wolvertn|bearenfels|universty|hgh school",
    "a city": "foxbury ashford mollnton",
    "a number": "C-12345 c-55 C-99999",
    "an e-mail|": "berta.carter|jorg.muller|@wolver.example",
    "a person|": "Jörg Müller|chloe|Berta Cartr",
    "nothing": "zzzzzz qqxw",
}
STYLED = {
    "two letters": "ho st",
    "four letters": "sing jers",
    "a SKU": "ST-1234 st-2 ST-5999-NAV",
    "a colour|": "navy|wolver singlet navy|creme",
    "a typo|": "jersy|singlt|hoddie",
}
LISTS = {
    "customers, list": "/organizations?q=",
    "contacts, list": "/contacts?q=",
    "products, list": "/products?q=",
    "search page": "/search?q=",
}


def measure_pickers(app: Flask, cast: Cast) -> Table:
    """Fill the database and return a table of what typing into each picker takes."""
    with app.app_context():
        add_trade(db.session, cast, CUSTOMERS, CONTACTS, STYLES)
        with Session(db.engine) as session:
            admin = Visitor(app, session).signed_in(cast.users["admin"])
        draft = admin.post("/orders/new", _begun(cast)).location.rsplit("/", 1)[1]
    rows = [
        _measure(app, kind, typed, lambda q: admin.hx_get(f"/orders/new?q={q}", OPTIONS))
        for kind, typed in TYPED.items()
    ]
    for kind, typed in STYLED.items():
        url = f"/orders/{draft}/products?q="
        call = lambda q, url=url: admin.hx_get(url + q, PRODUCTS)  # noqa: E731
        rows.append(_measure(app, f"product: {kind}", typed, call))
    for kind, url in LISTS.items():
        call = lambda q, url=url: admin.get(url + q)  # noqa: E731
        rows.append(_measure(app, kind, "wolv school carter navy zzzzz", call))
    title = f"Typing, at {CUSTOMERS:,} customers and {STYLES * 10:,} variants"
    return Table(title, ("p50 ms", "p95 ms", "max ms", "indexes"), rows)


def _begun(cast: Cast) -> dict[str, object]:
    return {"organization_id": cast.organization, "key": str(uuid4())}


def _measure(app: Flask, kind: str, typed: str, call: Callable[[str], TestResponse]) -> list[str]:
    """Return one row: how long answers take, and the indexes that the plans name."""
    texts = typed.split("|") if kind.endswith("|") else typed.split()
    times, indexes = [], set()
    for q in texts:
        indexes |= _indexes(app, lambda q=q: call(q))
        for _ in range(ROUNDS):
            start = time.perf_counter()
            answer = call(q)
            times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, f"{kind} “{q}” answered {answer.status_code}"
    times.sort()
    shown = [f"{percentile(times, part):.1f}" for part in (P50, P95, 1)]
    return [kind.strip("|"), *shown, " ".join(sorted(indexes))]


def _indexes(app: Flask, call: Callable[[], TestResponse]) -> set[str]:
    """Return the indexes of search keys in the plans of the statements that ``call`` runs."""
    seen: list[tuple[str, object]] = []

    def keep(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        if "search" in statement:
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", keep)
    call()
    event.remove(Engine, "before_cursor_execute", keep)
    found: set[str] = set()
    with app.app_context(), db.engine.connect() as connection:
        for statement, parameters in seen:
            if "set_config" in statement:
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            for (line,) in plan:
                words = line.split()
                found |= {w for w in words if w.startswith("ix_") and "Scan" in words}
    return found
