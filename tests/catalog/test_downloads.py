"""The downloads hold what a new import needs, and cost only for those who may see it."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.visitor import Visitor
from wholesale.catalog.models import Product, Variant


def rows(text: str) -> list[dict[str, str]]:
    """Return a CSV's rows."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_products_row_has_all_fields(rep: Visitor, session: Session, cast: Cast):
    session.execute(update(Product).values(description="=1+1", decoration="dtg", order_multiple=6))
    session.commit()
    (row,) = rows(rep.get("/products.csv").text)
    assert row == {
        "SKU": "JRS-1",
        "Name": "Home jersey",
        "Description": "'=1+1",
        "Category": "Jerseys",
        "Size run": "Apparel",
        "Base price": "20.00",
        "Minimum quantity": "12",
        "Order multiple": "6",
        "Lead time (days)": "14",
        "Decoration": "dtg",
        "Surcharges": "2XL +2.00, 3XL +3.00, 4XL +4.00",
        "Archived": "False",
    }


def test_a_product_without_surcharges_is_there_too(rep: Visitor, session: Session, cast: Cast):
    session.execute(update(Product).values(surcharges={}))
    session.commit()
    assert [row["Surcharges"] for row in rows(rep.get("/products.csv").text)] == [""]


@pytest.mark.parametrize(("who", "sees"), [("ops", True), ("sales", False)])
def test_variants_with_cost_for_those_who_may_see_it(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, who: str, sees: bool
):
    session.execute(update(Variant).values(cost=Decimal("7.77"), archived_at=None))
    session.execute(update(Variant).where(Variant.colour == "Red").values(archived_at="2026-01-01"))
    session.commit()
    found = rows(visit(who).get("/variants.csv").text)
    assert [row["Code"] for row in found] == ["JRS-1-NAVY", "JRS-1-RED", "JRS-1-WHITE"]
    assert [row["Archived"] for row in found] == ["False", "True", "False"]
    assert found[0]["Product (SKU)"] == "JRS-1"
    assert (found[0].get("Cost") == "7.77") is sees
    assert ("Cost" in found[0]) is sees


def test_the_downloads_follow_the_filter_and_the_menu_leads_to_both(
    rep: Visitor, session: Session, cast: Cast
):
    add_product(session, "CAP-1", "Cap", ["Black"])
    session.commit()
    page = rep.get("/products?q=cap").text
    for kind in ("csv", "xlsx"):
        assert f"/products.{kind}?q=cap" in page
        assert f"/variants.{kind}?q=cap" in page
    assert [row["Code"] for row in rows(rep.get("/variants.csv?q=cap").text)] == ["CAP-1-BLACK"]
    assert [row["SKU"] for row in rows(rep.get("/products.csv?q=cap&sort=-price").text)] == [
        "CAP-1"
    ]
    book = load_workbook(io.BytesIO(rep.get("/variants.xlsx?q=cap&sort=sku").data))
    assert book.active["A2"].value == "CAP-1-BLACK"


@pytest.mark.parametrize("url", ["/variants.csv?category=x", "/products.csv?decoration=tattoo"])
def test_a_filter_that_cannot_be_read_gives_no_file(rep: Visitor, cast: Cast, url: str):
    assert rep.get(url).status_code == 422


def test_the_list_is_filtered_by_decoration_and_by_size_run(
    rep: Visitor, session: Session, cast: Cast
):
    session.execute(update(Product).values(decoration="dtg"))
    session.commit()
    run = session.get_one(Product, cast.product).size_run_id
    for query, there in (
        ("decoration=dtg", True),
        ("decoration=embroidery", False),
        (f"size_run={run}", True),
        (f"size_run={run + 1}", False),
    ):
        assert (">JRS-1<" in rep.get(f"/products?{query}").text) is there
