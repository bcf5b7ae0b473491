"""Finding products as one types: by SKU, name, variant code, colour, with a letter off."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.visitor import Visitor
from wholesale.catalog.queries import pick_products
from wholesale.core.clock import now


@pytest.fixture(autouse=True)
def range_of_styles(session: Session, cast: Cast) -> None:
    """Add a hoodie and a singlet beside the jersey."""
    add_product(session, "HOD-7", "Warm hoodie", ["Crème", "Forest"])
    add_product(session, "SNG-2", "Wrestling singlet", ["Maroon"])
    session.commit()


@pytest.mark.parametrize(
    ("q", "sku"),
    [
        ("jrs", "JRS-1"),
        ("JRS-1", "JRS-1"),
        ("jrs-1-navy", "JRS-1"),
        ("home jersey", "JRS-1"),
        ("jersy", "JRS-1"),
        ("jersey navy", "JRS-1"),
        ("creme", "HOD-7"),
        ("hoddie", "HOD-7"),
        ("ho", "HOD-7"),
        ("maroon", "SNG-2"),
        ("singlt", "SNG-2"),
        ("s", "SNG-2"),
    ],
)
def test_a_product_is_found(session: Session, q: str, sku: str):
    assert sku in [product.sku for product in pick_products(session, q)]


@pytest.mark.parametrize("q", ["%", "_", "zebra", "x" * 200])
def test_nonsense_finds_none(session: Session, q: str):
    assert pick_products(session, q) == []


def test_the_exact_sku_stands_first(session: Session, cast: Cast):
    add_product(session, "JRS-11", "A jersey", ["Navy"])
    session.commit()
    assert [p.sku for p in pick_products(session, "jrs-1")] == ["JRS-1", "JRS-11"]


def test_archived_styles_and_colours_are_not_found(session: Session, cast: Cast):
    hoodie = pick_products(session, "hoodie")[0]
    hoodie.variants[0].archived_at = now()
    session.commit()
    assert pick_products(session, "creme") == []
    hoodie.archived_at = now()
    session.commit()
    assert pick_products(session, "hoodie") == []


def test_the_list_finds_by_colour_and_offers_what_is_similar(rep: Visitor, cast: Cast):
    assert "HOD-7" in rep.get("/products?q=forest").text
    page = rep.get("/products?q=singlt").text
    assert "These are similar." in page
    assert "SNG-2" in page
