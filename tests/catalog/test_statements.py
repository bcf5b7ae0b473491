"""Neither the grid of variants nor the list takes more statements with more rows."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.conftest import Statements
from tests.pictures import png
from tests.visitor import Visitor
from wholesale.catalog.images import add_images
from wholesale.catalog.models import Product, Variant


def product_of(session: Session, rows: int) -> Product:
    """Write a product with ``rows`` colours."""
    product = add_product(session, f"S-{rows}", "Style", [f"Colour {n}" for n in range(rows)])
    session.commit()
    return product


def everything(product: Product) -> dict[str, str]:
    """Return the whole grid as a browser sends it, with other cells changed in each row."""
    form = {}
    for place, variant in enumerate(product.variants):
        for column in ("code", "colour", "material", "price", "cost"):
            name, text = f"v.{variant.id}.{column}", str(getattr(variant, column) or "")
            form |= {name: text, f"was.{name}": text}
        form[f"v.{variant.id}.{('price', 'cost', 'material')[place % 3]}"] = str(place + 1)
    return form


@pytest.mark.parametrize("htmx", [False, True])
def test_three_hundred_variants_are_opened_and_saved_in_as_many_statements_as_six(
    ops: Visitor, session: Session, cast: Cast, statements: Statements, htmx: bool
):
    counts = []
    for rows in (6, 300):
        ops.get("/products")  # takes a message that waits
        product = product_of(session, rows)
        url, form = f"/products/{product.sku}", everything(product)
        statements.count = 0
        with statements:
            opened = ops.get(url)
            send = ops.hx_post if htmx else ops.post
            saved = send(f"{url}/variants", form)
        assert (opened.status_code, saved.status_code) == (200, 200 if htmx else 303)
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 22
    session.rollback()
    assert session.query(Variant).filter(Variant.price == Decimal(298)).count() == 1


def test_colours_are_added_and_moved_in_as_many_statements_however_many_there_are(
    ops: Visitor, session: Session, cast: Cast, statements: Statements
):
    counts = []
    for rows in (6, 300):
        ops.get("/products")
        product = product_of(session, rows)
        last = product.variants[-1].id
        colours = "\n".join(f"New {number}" for number in range(rows // 2))
        statements.count = 0
        with statements:
            ops.post(f"/products/{product.sku}/variants", {"new.colours": colours})
            ops.post(f"/products/{product.sku}/variants", {"do": f"up.{last}"})
        counts.append(statements.count)
    assert counts[0] == counts[1]


def test_the_list_takes_no_more_statements_with_pictures_and_never_reads_their_bytes(
    rep: Visitor, session: Session, cast: Cast, statements: Statements
):
    rep.get("/products")
    counts = []
    for products in (2, 20):
        for number in range(products):
            product = product_of_picture(session, f"L{products}-{number}")
            session.add(product)
        session.commit()
        statements.count = 0
        with statements:
            page = rep.get("/products")
        assert page.text.count("/thumbnail?v=") >= products
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 9


def product_of_picture(session: Session, sku: str) -> Product:
    """Write a product with a picture."""
    product = add_product(session, sku, sku, ["Navy"])
    add_images(session, product, [("a.png", png(20, 20))])
    return product
