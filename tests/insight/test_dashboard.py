"""The dashboard and the search."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.orders.models import Order


def add_order(session: Session, cast: Cast, code: str, who: str) -> None:
    """Write a placed order of one of the cast."""
    session.add(
        Order(
            code=code,
            placed_at=now(),
            organization_id=cast.organization,
            salesperson_id=cast.users[who],
            subtotal=100,
        )
    )
    session.commit()


def test_stages_count_what_the_person_may_see(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    add_order(session, cast, "O-2026-00001", "sales")
    add_order(session, cast, "O-2026-00002", "sales2")
    assert "$100.00" in visit("sales").get("/").text
    assert "$200.00" in visit("admin").get("/").text


def test_the_first_day_says_how_to_begin(visit: Callable[[str], Visitor]):
    assert "No order yet. Begin with" in visit("sales").get("/").text


def test_searching_for_a_code_opens_the_order(rep: Visitor, session: Session, cast: Cast):
    add_order(session, cast, "O-2026-00001", "sales")
    assert rep.get("/search?q=o-2026-00001").location == "/orders/O-2026-00001"


def test_searching_finds_customers_products_and_own_orders(
    rep: Visitor, session: Session, cast: Cast
):
    add_order(session, cast, "O-2026-00002", "sales2")
    page = rep.get("/search?q=wolverton").text
    assert f"/organizations/{cast.organization}" in page
    assert "O-2026-00002" not in page
    assert "JRS-1" in rep.get("/search?q=jersey").text


def test_searching_for_nothing_says_what_can_be_found(rep: Visitor):
    assert "What are you looking for?" in rep.get("/search").text
    assert "Nothing found" in rep.get("/search?q=zzz").text
