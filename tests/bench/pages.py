"""Measures pages as one person sees them: lists, boards, searches, the dashboard, a customer."""

from functools import partial

from flask import Flask
from sqlalchemy.orm import Session

from tests.bench.measure import Measured, measure
from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.extensions import db

EMPTY = "/search"  # a page without a question: the frame, the session, nothing else
PAGES = {
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
    "calendar, own": "/orders?view=calendar",
    "search, one order": "/orders?q=B-777",
    "search, a customer": "/orders?q=cedar haven college",
    "search, a common word": "/orders?q=high school",
    "search, nothing": "/orders?q=zzzzzz",
    "customers, picker": "/orders/new?q=cedar hav",
    "dashboard": "/",
    "dashboard, own": "/",
    "customer": "/organizations/{customer}",
    "customer, at a glance": "/organizations/{customer}/summary",
    "customer, timeline": "/organizations/{customer}/timeline",
}


def measure_pages(app: Flask, cast: Cast) -> tuple[Measured, list[Measured]]:
    """Return the empty page, and each page as an admin sees it, who sees every order.

    Pages called ``own`` are those of a salesperson with an eighth of the orders.
    """
    with Session(db.engine) as session:
        admin = Visitor(app, session).signed_in(cast.users["admin"])
        rep = Visitor(app, session).signed_in(cast.users["sales"])
    url = "/orders"
    for _ in range(19):  # nineteen pages down
        url = "/orders?after=" + admin.get(url).text.split("?after=")[1].split('"')[0]
    known = {"rep": cast.users["sales"], "deep": url, "customer": cast.organization + 7}
    empty = measure(db.engine, "empty page", partial(admin.get, EMPTY))
    return empty, [
        measure(
            db.engine,
            name,
            partial((rep if name.endswith(", own") else admin).get, address.format(**known)),
        )
        for name, address in PAGES.items()
    ]
