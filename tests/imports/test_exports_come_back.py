"""What the lists export can be imported again as it is, without a change."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.catalog.models import PriceEntry, PriceList, Product
from wholesale.customers.models import Contact, Organization

LISTS = {
    "organizations": "organizations",
    "contacts": "contacts",
    "products": "products",
    "variants": "variants",
    "order-lines": "orders",
}


@pytest.fixture
def odd_records(session: Session, cast: Cast) -> Iterator[None]:
    """Records whose texts a careless file would bend."""
    wolves = session.get_one(Organization, cast.organization)
    wolves.reference = "C-7"
    wolves.phone = "+1 555 0100"
    wolves.street = 'Oak House, "North"\nMain St; 1'
    wolves.discount_percent, wolves.credit_limit = Decimal("12.50"), Decimal("1234567.89")
    wolves.payment_terms, wolves.tax_exempt, wolves.territory = "Net 30", True, "=North"
    session.add(Contact(organization_id=cast.other_organization, name="@Zoë O'Hara"))
    session.add(Contact(organization_id=cast.organization, name="Ann", email="ann@wolves.example"))
    jersey = session.get_one(Product, cast.product)
    jersey.decoration, jersey.order_multiple = "cut_sew", 6
    jersey.description = "Two\nlines"
    jersey.base_price = Decimal("19.99")
    session.commit()
    yield


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_an_export_changes_nothing(
    ops: ImportDesk, placed: str, odd_records: None, name: str, kind: str
):
    file = ops.visitor.get(f"/{name}.{kind}")
    imported = ops.check(LISTS[name], file.data, name=f"{name}.{kind}")
    assert ops.problems(imported) == []
    outcomes = ops.outcomes(imported)
    assert outcomes == ["unchanged"] * len(outcomes)
    assert outcomes
    left_out = {"Line total"}  # computed by the database
    assert set(imported.header) - set(imported.columns) <= left_out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_prices_of_a_list_change_nothing(
    ops: ImportDesk, session: Session, cast: Cast, kind: str
):
    vip = PriceList(name="VIP", tier="vip")
    whole = PriceEntry(price_list=vip, product_id=cast.product, price=Decimal("18.00"))
    red = PriceEntry(price_list=vip, product_id=cast.product, variant_id=cast.variants["Red"])
    red.min_quantity, red.price = 24, Decimal("17.50")
    session.add_all([whole, red])
    session.commit()
    file = ops.visitor.get(f"/price-lists/{vip.id}/prices.{kind}")
    imported = ops.check("prices", file.data, name=f"prices.{kind}")
    assert ops.outcomes(imported) == ["unchanged"] * 2
    assert len(imported.columns) == len(imported.header)


def test_a_changed_cell_of_an_export_is_the_only_change(ops: ImportDesk, odd_records: None):
    file = ops.visitor.get("/products.csv").text.replace("19.99", "21,50")
    file = file.replace("21,50", '"21,50"').replace("2XL +2.00", "2XL +2.50")
    imported = ops.check("products", file)
    (row,) = ops.rows(imported)
    assert set(row.changes) == {"Base price", "Surcharges"}
    assert row.changes["Base price"] == ["19.99", "21.50"]
