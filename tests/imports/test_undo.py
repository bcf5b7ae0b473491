"""Undoing an import: whole, and only while nothing stands against it."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.catalog.models import Category, Product, Variant
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order, OrderLine

FILE = """Name,City,Phone
Ridge Runners,Ridge,1
Wolverton Wrestling Club,Wolverton,555-0101
"""


def test_new_records_go_and_changed_ones_are_what_they_were(
    ops: ImportDesk, session: Session, cast: Cast
):
    imported = ops.load("organizations", FILE)
    assert "1 new, 1 changed" in ops.page(imported)
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "undone"
    assert "The import was taken back" in ops.page(imported)
    names = session.scalars(select(Organization.name).order_by(Organization.name)).all()
    assert names == ["Bärenfels Athletics", "Wolverton Wrestling Club"]
    assert session.get_one(Organization, cast.organization).phone is None


def test_it_asks_before(ops: ImportDesk):
    imported = ops.load("organizations", FILE)
    page = ops.visitor.get(f"/imports/{imported.id}/undo").text
    assert "Undo this import?" in page
    assert ops.seen(imported.id).status == "loaded"


def test_what_somebody_changed_since_stands_against_all_of_it(
    ops: ImportDesk, session: Session, cast: Cast
):
    imported = ops.load("organizations", FILE)
    session.get_one(Organization, cast.organization).phone = "555-0199"
    ridge = session.scalars(select(Organization).where(Organization.name == "Ridge Runners")).one()
    ridge.payment_terms = "Net 30"
    session.commit()
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "loaded"
    page = ops.page(imported)
    assert "It cannot be undone, and nothing was changed:" in page
    assert "The customer Ridge Runners was changed since." in page
    assert "The customer Wolverton Wrestling Club was changed since." in page
    session.rollback()
    assert session.scalar(select(Organization).where(Organization.name == "Ridge Runners"))


def test_other_fields_of_a_changed_record_may_be_edited_since(
    ops: ImportDesk, session: Session, cast: Cast
):
    imported = ops.load("organizations", "Name,City,Phone\nWolverton Wrestling Club,Wolverton,1\n")
    session.get_one(Organization, cast.organization).territory = "North"
    session.commit()
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "undone"
    wolves = session.get_one(Organization, cast.organization)
    assert (wolves.phone, wolves.territory) == (None, "North")


def test_what_refers_to_a_new_record_stands_against_it(
    ops: ImportDesk, session: Session, cast: Cast
):
    imported = ops.load("organizations", FILE)
    ridge = session.scalars(select(Organization).where(Organization.name == "Ridge Runners")).one()
    session.add(Contact(organization_id=ridge.id, name="Ann"))
    session.commit()
    ops.step(imported, "undo")
    assert "The customer Ridge Runners is used: 1 in contacts." in ops.page(imported)


def test_a_record_that_was_deleted_since_is_told(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("organizations", FILE)
    session.delete(
        session.scalars(select(Organization).where(Organization.name == "Ridge Runners")).one()
    )
    session.commit()
    ops.step(imported, "undo")
    assert "One customer that it brought was deleted since." in ops.page(imported)


def test_orders_go_with_their_lines_and_the_others_get_their_sums_back(
    ops: ImportDesk, session: Session, cast: Cast
):
    first = "Order,Customer,Variant,Price,M\nPO-1,Wolverton Wrestling Club,JRS-1-NAVY,10,12\n"
    ops.load("orders", first)
    second = (
        first.replace(",12", ",20")
        + "PO-1,,JRS-1-RED,10,5\nPO-2,Bärenfels Athletics,JRS-1-RED,,1\n"
    )
    imported = ops.load("orders", second)
    assert session.scalar(select(Order.subtotal).where(Order.code == "PO-1")) == Decimal(250)
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "undone", ops.seen(imported.id).message
    assert session.scalars(select(Order.code)).all() == ["PO-1"]
    assert session.scalar(select(Order.subtotal)) == Decimal(120)
    assert session.scalars(select(OrderLine.quantities)).all() == [{"M": 12}]


def test_a_line_that_somebody_added_stands_against_the_order(
    ops: ImportDesk, session: Session, cast: Cast
):
    imported = ops.load(
        "orders", "Order,Customer,Variant,M\nPO-1,Wolverton Wrestling Club,JRS-1-NAVY,12\n"
    )
    ops.visitor.post("/orders/PO-1/products", {"product_id": cast.product})
    ops.step(imported, "undo")
    assert "The order PO-1 is used: 2 in order lines." in ops.page(imported)


def test_products_categories_and_surcharges_are_taken_back(
    ops: ImportDesk, session: Session, cast: Cast
):
    content = (
        "SKU,Name,Category,Size run,Price,Surcharges\n"
        'JRS-1,Home jersey,Bags,Apparel,25.50,"S +1"\nBAG-1,Bag,Bags,Apparel,5,\n'
    )
    imported = ops.load("products", content, makes_categories="y")
    assert session.get_one(Product, cast.product).surcharges == {"S": "1.00"}
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "undone", ops.seen(imported.id).message
    jersey = session.get_one(Product, cast.product)
    assert (jersey.base_price, jersey.surcharges["2XL"]) == (Decimal("20.00"), "2.00")
    assert session.scalar(select(func.count(Product.id))) == 1
    assert session.scalars(select(Category.name)).all() == ["Jerseys"]


def test_a_variant_that_was_sold_since_stays(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("variants", "Code,SKU,Color\nJRS-1-GOLD,JRS-1,Gold\n")
    ops.load("orders", "Order,Customer,Variant,M\nPO-1,Wolverton Wrestling Club,JRS-1-GOLD,1\n")
    ops.step(imported, "undo")
    assert "The variant JRS-1-GOLD is used: 1 in order lines." in ops.page(imported)
    assert session.scalar(select(Variant).where(Variant.code == "JRS-1-GOLD")) is not None
