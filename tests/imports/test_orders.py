"""Orders from files: a row is a line, an order goes in whole, its prices stay."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.orders.models import Order, OrderLine

GRID = """PO,Customer,Order name,Date,Variant,Price,M,L,2XL
po-1,Wolverton Wrestling Club,Finals,2026-03-01,JRS-1-NAVY,"18,50",12,8,
po-1,,,,JRS-1-RED,,,,2
PO-2,Bärenfels Athletics,,,jrs-1-white,20,1,,
"""


def order(session: Session, code: str) -> Order | None:
    session.rollback()
    session.expire_all()
    return session.scalar(select(Order).where(Order.code == code))


def test_sizes_are_columns(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("orders", GRID)
    assert ops.outcomes(imported) == ["create", "create", "create"]
    made = order(session, "PO-1")
    assert made is not None
    assert (made.name, made.status, made.units) == ("Finals", "new", 22)
    assert made.contact_id == cast.contact
    assert made.shipping_address == "Wolverton"
    navy, red = made.lines
    assert navy.quantities == {"M": 12, "L": 8}
    assert (navy.unit_price, navy.is_price_manual, navy.pricing) == (Decimal("18.50"), True, {})
    assert (red.unit_price, red.is_price_manual) == (Decimal("20.00"), False)
    assert made.subtotal == Decimal("370.00") + 2 * Decimal("22.00")


def test_importing_orders_again_changes_nothing(ops: ImportDesk, cast: Cast):
    ops.load("orders", GRID)
    assert ops.outcomes(ops.check("orders", GRID)) == ["unchanged"] * 3


def test_one_size_a_row_adds_up_to_lines(ops: ImportDesk, session: Session, cast: Cast):
    content = (
        "Order,Customer,Variant,Size,Qty\n"
        "PO-1,Wolverton Wrestling Club,JRS-1-NAVY,M,12\n"
        "PO-1,Wolverton Wrestling Club,JRS-1-NAVY,l,8\n"
        "PO-1,Wolverton Wrestling Club,JRS-1-NAVY,M,3\n"
        "PO-1,,JRS-1-RED,S,1\n"
    )
    imported = ops.load("orders", content)
    assert ops.outcomes(imported) == ["create", "create", "duplicate", "create"]
    made = order(session, "PO-1")
    assert made is not None
    assert [line.quantities for line in made.lines] == [{"M": 12, "L": 8}, {"S": 1}]
    again = ops.check("orders", content.replace(",12", ",13"))
    assert ops.outcomes(again) == ["update", "unchanged", "duplicate", "unchanged"]


def test_an_order_with_a_wrong_row_stays_out_as_a_whole(
    ops: ImportDesk, session: Session, cast: Cast
):
    content = GRID + "PO-1,,,,JRS-1-WHITE,,x,,\nPO-2,Wolverton Wrestling Club,,,JRS-1-RED,,1,,\n"
    content += "PO-3,Wolverton Wrestling Club,,,JRS-1-RED,,1,,\n"
    imported = ops.load("orders", content, mode="good")
    assert ops.outcomes(imported) == ["error"] * 5 + ["create"]
    left_out = "An order is imported whole or not."
    assert ops.problems(imported) == [
        (2, None, f"Line 5 of this order is wrong. {left_out}"),
        (3, None, f"Line 5 of this order is wrong. {left_out}"),
        (4, None, f"Line 6 of this order is wrong. {left_out}"),
        (5, "M", "“x” is not a whole number."),
        (6, "Customer", "Line 4 says “Bärenfels Athletics” of this order."),
    ]
    assert order(session, "PO-1") is None
    assert order(session, "PO-2") is None
    assert order(session, "PO-3") is not None


def test_numbers_that_cannot_stand_or_are_given_out_here_are_refused(ops: ImportDesk, cast: Cast):
    rows = "".join(
        f"{code},Wolverton Wrestling Club,JRS-1-RED,1\n"
        for code in ("O-2026-00001", "draft-7", "a b", "A/1", "")
    )
    imported = ops.check("orders", f"Order,Customer,Variant,M\n{rows}")
    assert ops.outcomes(imported) == ["error"] * 5
    assert {column for _, column, _ in ops.problems(imported)} == {"Order"}


def test_sizes_that_a_product_does_not_come_in_are_refused_at_the_cell(ops: ImportDesk, cast: Cast):
    imported = ops.bring(
        "orders", "Order,Customer,Variant,M,9XL\nPO-1,Wolverton Wrestling Club,JRS-1-RED,1,4\n"
    )
    ops.choose(imported, columns={"9XL": "units"})
    assert ops.problems(ops.seen(imported.id)) == [(2, "9XL", "Home jersey does not come in 9XL.")]


def test_lines_of_an_order_under_way_stand(ops: ImportDesk, session: Session, cast: Cast):
    ops.load("orders", GRID)
    made = order(session, "PO-1")
    assert made is not None
    made.status = "production"
    session.commit()
    changed = ops.check("orders", GRID.replace(",12,", ",13,"))
    assert ops.problems(changed)[0] == (2, "PO", "The order is in production: it stands as it is.")
    assert ops.outcomes(ops.check("orders", GRID)) == ["unchanged"] * 3


def test_five_hundred_rows_of_one_order_over_several_batches(
    ops: ImportDesk, session: Session, cast: Cast
):
    sizes = ("XS", "S", "M", "L", "XL")
    rows = [
        f"PO-{n},Wolverton Wrestling Club,JRS-1-{colour},{size},{n % 7 + 1}\n"
        for n in range(60)
        for colour in ("NAVY", "RED")
        for size in sizes
    ]
    imported = ops.load("orders", "Order,Customer,Variant,Size,Qty\n" + "".join(rows))
    assert imported.counts["create"] == 600
    session.rollback()
    lines = session.scalars(select(OrderLine)).all()
    assert len(lines) == 120
    assert all(len(line.quantities) == 5 for line in lines)
