"""The product list and pages."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.visitor import Visitor
from wholesale.catalog.models import Product, Variant


def test_products_are_found_by_sku_and_name(rep: Visitor, cast: Cast):
    for words in ("jrs", "home JER"):
        assert "JRS-1" in rep.get(f"/products?q={words}").text
    assert "No product matches" in rep.get("/products?q=parka").text


def test_the_list_sorts_by_price(rep: Visitor, session: Session, cast: Cast):
    add_product(session, "CAP-1", "Cap", ["Black"], price="9.50")
    session.commit()
    page = rep.get("/products?sort=-price").text
    assert page.index("JRS-1") < page.index("CAP-1")


def test_a_page_is_found_by_sku_in_any_case(rep: Visitor, cast: Cast):
    page = rep.get("/products/jrs-1").text
    assert "YXS, YS, YM, YL, XS, S, M, L, XL, 2XL, 3XL, 4XL" in page
    assert "2XL +2.00" in page


def test_cost_is_shown_to_those_who_may_see_it(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    session.execute(update(Variant).values(cost=Decimal("7.77")))
    session.commit()
    assert "7.77" in visit("ops").get("/products/JRS-1").text
    assert "7.77" not in visit("sales").get("/products/JRS-1").text


@pytest.mark.parametrize("price", ["0", "-1"])
def test_the_database_refuses_a_price_that_is_not_positive(
    session: Session, cast: Cast, price: str
):
    with pytest.raises(IntegrityError):
        session.execute(update(Product).values(base_price=Decimal(price)))


def test_the_database_refuses_a_sku_that_differs_in_case_alone(session: Session, cast: Cast):
    with pytest.raises(IntegrityError):
        add_product(session, "jrs-1", "Another", ["Navy"])


@pytest.mark.parametrize("surcharges", [{"2XL": "-1"}, {"2XL": "x"}, {"2XL": "1.234"}, []])
def test_the_database_refuses_surcharges_that_are_no_amounts(
    session: Session, cast: Cast, surcharges: object
):
    with pytest.raises(DBAPIError, match=r"surcharges|cannot call"):
        session.execute(update(Product).values(surcharges=surcharges))


@pytest.mark.parametrize("column", ["sku", "name"])
def test_the_database_refuses_blank_names(session: Session, cast: Cast, column: str):
    with pytest.raises(IntegrityError):
        session.execute(update(Product).values({column: "  "}))
