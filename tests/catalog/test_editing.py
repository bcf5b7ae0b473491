"""Editing products in place: merged with others, archived, deleted only when nothing refers."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.catalog.conftest import changed
from tests.visitor import Visitor
from wholesale.catalog.models import PriceEntry, PriceList, Product, SizeRun, Variant

TERMS = {
    "base_price": "20.00",
    "min_quantity": "12",
    "order_multiple": "1",
    "lead_time_days": "14",
    "decoration": "",
}


def test_details_are_edited_in_place_and_title_and_breadcrumb_follow(
    ops: Visitor, session: Session, cast: Cast
):
    url = "/products/JRS-1/details"
    assert "<form" in ops.hx_get(url, target="details").text
    form = changed({"sku": "JRS-1", "name": "Home jersey"}, name="Road jersey")
    answer = ops.hx_post(url, form, target="details")
    assert answer.status_code == 200
    assert "<form" not in answer.text
    assert 'id="product-title" hx-swap-oob="true"' in answer.text
    assert "<title>Road jersey · WholesaleOS</title>" in answer.text
    assert 'id="crumbs"' in answer.text
    assert session.get_one(Product, cast.product).name == "Road jersey"


def test_another_sku_leads_to_its_own_address(ops: Visitor, cast: Cast):
    form = changed({"sku": "JRS-1", "name": "Home jersey"}, sku="JRS-9")
    assert (
        '"/products/JRS-9"' in ops.hx_post("/products/JRS-1/details", form).headers["HX-Location"]
    )
    assert ops.get("/products/JRS-1").status_code == 404
    assert ops.get("/products/JRS-9").status_code == 200


def test_a_new_base_price_shows_over_the_grid_at_once(ops: Visitor, cast: Cast):
    answer = ops.hx_post("/products/JRS-1/terms", changed(TERMS, base_price="25"), target="terms")
    assert '<span id="base-price" hx-swap-oob="true">$25.00</span>' in answer.text


@pytest.mark.parametrize("price", ["0", "-1", "", "x"])
def test_a_price_that_is_none_is_refused_in_place(ops: Visitor, cast: Cast, price: str):
    answer = ops.post("/products/JRS-1/terms", changed(TERMS, base_price=price))
    assert answer.status_code == 422
    assert 'id="terms-base_price-error"' in answer.text


def test_different_fields_of_two_people_merge_and_the_same_field_asks(
    ops: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    url = "/products/JRS-1/terms"
    visit("admin").post(url, changed(TERMS, base_price="30"))
    assert ops.post(url, changed(TERMS, min_quantity="24")).status_code == 303
    clash = ops.post(url, changed(TERMS, base_price="31", lead_time_days="7"))
    assert clash.status_code == 409
    assert "Take theirs" in clash.text
    found = session.get_one(Product, cast.product)
    assert (found.base_price, found.min_quantity, found.lead_time_days) == (Decimal(30), 24, 14)


def test_surcharges_of_different_sizes_merge_and_the_same_size_asks(
    ops: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    run = str(session.get_one(Product, cast.product).size_run_id)
    opened = {"size_run_id": run, "surcharge.L": "", "surcharge.2XL": "2.00"}
    url = "/products/JRS-1/sizes"
    visit("admin").post(url, changed(opened) | {"surcharge.2XL": "2.50"})
    assert ops.post(url, changed(opened) | {"surcharge.L": "1"}).status_code == 303
    assert ops.post(url, changed(opened) | {"surcharge.2XL": "3"}).status_code == 409
    surcharges = session.get_one(Product, cast.product).surcharges
    assert surcharges == {"L": "1.00", "2XL": "2.50", "3XL": "3.00", "4XL": "4.00"}


def test_another_run_drops_surcharges_only_after_saying_so(
    ops: Visitor, session: Session, cast: Cast
):
    run = SizeRun(name="Short", sizes=["S", "M", "2XL"])
    session.add(run)
    session.commit()
    form = {"size_run_id": str(run.id)}
    answer = ops.post("/products/JRS-1/sizes", form)
    assert answer.status_code == 422
    assert "3XL +3.00, 4XL +4.00" in answer.text
    assert session.get_one(Product, cast.product).size_run_id != run.id
    session.rollback()
    assert ops.post("/products/JRS-1/sizes", form | {"drop": "y"}).status_code == 303
    session.expire_all()
    found = session.get_one(Product, cast.product)
    assert (found.size_run_id, found.surcharges) == (run.id, {"2XL": "2.00"})


def test_a_product_in_an_order_is_not_deleted_and_says_what_stands_against_it(
    ops: Visitor, placed: str, session: Session, cast: Cast
):
    prices = PriceList(name="VIP", tier="vip")
    session.add(prices)
    session.flush()
    session.add(PriceEntry(price_list_id=prices.id, product_id=cast.product, price=Decimal(5)))
    session.commit()
    page = ops.get("/products/JRS-1/deletion").text
    assert "1 order line<" in page
    assert "1 price of a price list" in page
    assert "Archive instead" in page
    assert 'class="button danger"' not in page
    link = f"/orders?product={cast.product}"
    assert link in page
    assert placed in ops.get(link).text
    assert ops.post("/products/JRS-1/deletion").status_code == 409
    assert session.get(Product, cast.product) is not None


def test_a_product_that_nothing_refers_to_is_deleted_with_its_colours(
    ops: Visitor, session: Session, cast: Cast
):
    assert ops.post("/products/JRS-1/deletion").location == "/products"
    assert session.get(Product, cast.product) is None
    assert session.query(Variant).count() == 0


def test_a_colour_is_deleted_only_while_no_order_names_it(
    ops: Visitor, placed: str, session: Session, cast: Cast
):
    navy, red = (f"/products/JRS-1/variants/{cast.variants[c]}" for c in ("Navy", "Red"))
    page = ops.get(f"{navy}/deletion").text
    assert "1 order line" in page
    assert ops.post(f"{navy}/deletion").status_code == 409
    assert ops.post(f"{navy}/archive").status_code == 303
    assert ops.post(f"{red}/deletion").status_code == 303
    assert session.get(Variant, cast.variants["Red"]) is None
    assert session.get_one(Variant, cast.variants["Navy"]).is_archived


def test_an_archived_product_says_so_and_is_restored(ops: Visitor, rep: Visitor, cast: Cast):
    ops.post("/products/JRS-1/archive")
    ops.get("/")  # takes the message
    page = ops.get("/products/JRS-1").text
    assert "This product was archived on" in page
    assert "Restore" in page
    assert "Restore" not in rep.get("/products/JRS-1").text
    assert "JRS-1" not in ops.get("/products").text.split('id="results"')[1]
    assert "JRS-1" in ops.get("/products?archived=y").text
    ops.post("/products/JRS-1/restore")
    assert "JRS-1" in ops.get("/products").text


def test_an_order_of_an_archived_product_opens_with_a_mark_and_pickers_leave_it_out(
    ops: Visitor, rep: Visitor, placed: str, cast: Cast
):
    ops.post("/products/JRS-1/archive")
    page = rep.get(f"/orders/{placed}")
    assert page.status_code == 200
    assert "Home jersey <span" in page.text
    assert ">Archived<" in page.text
    assert ">12<" in page.text
    assert "No product matches" in rep.get(f"/orders/{placed}/products?q=jrs").text
    assert "JRS-1" not in rep.get("/search?q=jrs").text


def test_an_order_of_an_archived_colour_opens_with_a_mark(
    ops: Visitor, rep: Visitor, placed: str, cast: Cast
):
    ops.post(f"/products/JRS-1/variants/{cast.variants['Navy']}/archive")
    assert 'Navy <span class="badge bad">Archived' in rep.get(f"/orders/{placed}").text


@pytest.mark.parametrize(
    "url", ["/products/none/details", "/products/JRS-1/variants/2147483647/deletion"]
)
def test_what_is_not_there_is_a_404(ops: Visitor, cast: Cast, url: str):
    assert ops.get(url).status_code == 404


def test_a_key_over_the_range_is_no_address(ops: Visitor, cast: Cast):
    assert ops.get("/products/JRS-1/variants/99999999999/deletion").status_code == 404
    assert ops.get("/categories/99999999999/edit").status_code == 404
    assert ops.get("/products?category=99999999999").status_code == 422


def test_a_nul_byte_in_an_address_is_refused(ops: Visitor, cast: Cast):
    assert ops.get("/products/%00").status_code in (400, 404)
