"""Making products: every field, bad input named beside it, a copy with its colours."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.catalog.conftest import SCRIPT
from tests.visitor import Visitor
from wholesale.catalog.models import Product, SizeRun, Variant

New = Callable[..., dict[str, str]]


@pytest.fixture
def new(session: Session, cast: Cast) -> New:
    """Return the filled form of a new hoodie, with some fields changed."""
    jersey = session.get_one(Product, cast.product)
    filled = {
        "sku": "HDY-1",
        "name": "Hoodie",
        "category_id": str(jersey.category_id),
        "description": "Soft\nand warm",
        "base_price": "32",
        "min_quantity": "6",
        "order_multiple": "3",
        "lead_time_days": "0",
        "decoration": "embroidery",
        "size_run_id": str(jersey.size_run_id),
        "surcharge.2XL": "1.50",
    }
    return lambda **fields: filled | {"key": str(uuid4())} | fields


def test_a_new_product_holds_what_was_typed_and_is_on_screen_at_once(
    ops: Visitor, session: Session, new: New
):
    answer = ops.post("/products/new", new())
    assert answer.location == "/products/HDY-1"
    made = session.query(Product).filter_by(sku="HDY-1").one()
    assert (made.base_price, made.lead_time_days, made.order_multiple) == (Decimal(32), 0, 3)
    assert made.surcharges == {"2XL": "1.50"}
    page = ops.get("/products/HDY-1").text
    for words in ("Hoodie", "Soft\nand warm", "2XL +1.50", "Embroidery", "$32.00", "Multiple of"):
        assert words in page
    assert "HDY-1" in ops.get("/products?q=hdy").text


def test_the_same_form_sent_twice_makes_one(ops: Visitor, session: Session, new: New):
    form = new()
    assert ops.post("/products/new", form).location == ops.post("/products/new", form).location
    assert session.query(Product).filter_by(sku="HDY-1").count() == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("sku", "", "Enter a SKU."),
        ("sku", "A/1", "A SKU has letters, digits"),
        ("sku", "A 1", "A SKU has letters, digits"),
        ("sku", ".A", "begins with a letter or digit"),
        ("sku", "é1", "A SKU has letters, digits"),
        ("sku", "x" * 5000, "60 at most"),
        ("sku", "New", "an address of its own"),
        ("sku", "jrs-1", "Another product has this SKU."),
        ("name", " ", "Enter a name."),
        ("name", "n" * 201, "200 characters at most"),
        ("category_id", "", "Choose a category."),
        ("category_id", "99999999999", "Not a valid choice"),
        ("category_id", "x", "Invalid Choice"),
        ("base_price", "", "Enter a price."),
        ("base_price", "0", "A price is more than zero."),
        ("base_price", "-5", "cannot be negative"),
        ("base_price", "9" * 40, "Enter an amount"),
        ("base_price", "1000000", "The largest amount is 999,999.99"),
        ("min_quantity", "0", "Enter a whole number from 1"),
        ("min_quantity", "9" * 5000, "Enter a whole number from 1"),
        ("order_multiple", "1.5", "Enter a whole number from 1"),
        ("lead_time_days", "-1", "Enter a whole number from 0"),
        ("decoration", "tattoo", "Not a valid choice"),
        ("size_run_id", "99999999999", "Not a valid choice"),
        ("size_run_id", "", "Choose a size run."),
        ("surcharge.2XL", "x", "Enter an amount"),
        ("surcharge.2XL", "-1", "cannot be negative"),
        ("surcharge.5XL", "2", "does not have these sizes"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_what_was_typed_stays(
    ops: Visitor, session: Session, new: New, field: str, text: str, words: str
):
    answer = ops.post("/products/new", new() | {field: text, "description": "Kept words"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text
    assert session.query(Product).count() == 1


def test_nul_bytes_and_tags_are_text(ops: Visitor, session: Session, new: New):
    answer = ops.post("/products/new", new(name=f"A\x00{SCRIPT}", description=SCRIPT))
    assert answer.status_code == 303
    page = ops.get("/products/HDY-1").text
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;") >= 3
    assert session.query(Product).filter_by(sku="HDY-1").one().name == f"A{SCRIPT}"


def test_an_imported_sku_with_a_slash_and_a_space_stays_readable_and_editable(
    ops: Visitor, session: Session, cast: Cast
):
    for sku in ("A/1 x~41é", "new", "..", "a?b#c%2F"):
        session.execute(update(Product).values(sku=sku))
        session.commit()
        page = ops.get("/products").text
        address = page.split('<th scope="row">')[1].split('<a href="')[1].split('"')[0]
        found = ops.get(address)
        assert found.status_code == 200, (sku, address)
        assert "Home jersey" in found.text
        form = {"sku": sku, "was.sku": sku, "name": "Renamed", "was.name": "Home jersey"}
        assert ops.post(f"{address}/details", form).status_code == 303
        session.execute(update(Product).values(name="Home jersey"))


def test_another_size_run_gives_the_form_its_own_fields_and_says_what_would_go(
    ops: Visitor, session: Session, new: New
):
    run = SizeRun(name="Waist", sizes=["30", "32"])
    session.add(run)
    session.commit()
    fields = {"size_run_id": str(run.id), "surcharge.2XL": "1.50"}
    part = ops.hx_get(f"/size-runs/surcharges?size_run_id={run.id}&surcharge.2XL=1.50").text
    for text in (part, ops.post("/products/new", new(then="sizes", **fields)).text):
        assert 'name="surcharge.32"' in text
        assert "these surcharges would go: 2XL +1.50" in text
    assert ops.post("/products/new", new(**fields)).status_code == 422
    assert ops.post("/products/new", new(drop="y", **fields)).status_code == 303
    assert session.query(Product).filter_by(sku="HDY-1").one().surcharges == {}


def test_a_copy_has_the_terms_and_the_colours_in_use_under_codes_of_its_own(
    ops: Visitor, session: Session, cast: Cast
):
    session.get_one(Variant, cast.variants["Navy"]).cost = Decimal("7.70")
    session.execute(update(Variant).where(Variant.colour == "Red").values(archived_at="2026-01-01"))
    session.commit()
    form = {"key": str(uuid4()), "sku": "JRS-2", "name": "Away jersey"}
    answer = ops.post("/products/JRS-1/copy", form)
    assert answer.location == ops.post("/products/JRS-1/copy", form).location == "/products/JRS-2"
    made = session.query(Product).filter_by(sku="JRS-2").one()
    assert [v.code for v in made.variants] == ["JRS-2-NAVY", "JRS-2-WHITE"]
    assert made.variants[0].cost == Decimal("7.70")
    assert (made.surcharges["2XL"], made.min_quantity, made.base_price) == ("2.00", 12, 20)


@pytest.mark.parametrize(("sku", "words"), [("JRS-1", "Another product"), ("a b", "A SKU has")])
def test_a_copy_needs_a_sku_of_its_own(ops: Visitor, cast: Cast, sku: str, words: str):
    answer = ops.post("/products/JRS-1/copy", {"key": str(uuid4()), "sku": sku, "name": "X"})
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("column", ["base_price", "min_quantity", "order_multiple"])
@pytest.mark.parametrize("value", [0, -1])
def test_the_database_refuses_amounts_that_are_not_positive(
    session: Session, cast: Cast, column: str, value: int
):
    with pytest.raises(IntegrityError, match=column):
        session.execute(update(Product).values({column: value}))


def test_the_database_refuses_a_surcharge_of_a_size_that_is_not_in_the_run(
    session: Session, cast: Cast
):
    with pytest.raises(IntegrityError, match="sizes_stay_in_the_run|not in the size run"):
        session.execute(update(Product).values(surcharges={"9XL": "1.00"}))
