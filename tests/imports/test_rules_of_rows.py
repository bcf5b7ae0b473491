"""Rules that rows share with the pages: prices by quantity, people of one name, others' orders."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.access.models import UserPermission
from wholesale.catalog.models import PriceEntry, PriceList
from wholesale.customers.models import Contact
from wholesale.orders.models import Order

Desks = Callable[[str], ImportDesk]
PRICES = "Price list,SKU,From quantity,Price\n"


def test_a_larger_quantity_cannot_cost_more(ops: ImportDesk, session: Session, cast: Cast):
    made = PriceList(name="Club", organization_id=cast.organization)
    session.add(made)
    session.flush()
    session.add(PriceEntry(price_list_id=made.id, product_id=cast.product, price=10))
    session.commit()
    rising = ops.check("prices", PRICES + "Club,JRS-1,12,11\nClub,JRS-1,24,9\n")
    words = "A larger quantity cannot cost more: from 1 units it is 10.00."
    assert ops.problems(rising)[0] == (2, "Price", words)
    both = ops.check("prices", PRICES + "Club,JRS-1,1,12\nClub,JRS-1,12,11\nClub,JRS-1,24,9\n")
    assert ops.outcomes(both) == ["update", "create", "create"]


def test_people_of_one_name_are_told_apart_by_their_address(
    ops: ImportDesk, session: Session, cast: Cast
):
    people = [
        Contact(organization_id=cast.organization, name="Ann Ace", email=f"ann{n}@a.example")
        for n in (1, 2)
    ]
    session.add_all(people)
    session.commit()
    second = people[1].id
    row = "Wolverton Wrestling Club,Ann Ace,{},{}\n"
    head = "Customer,Name,E-mail,Phone\n"
    same = head + row.format("ann1@a.example", "") + row.format("ann2@a.example", "")
    assert ops.outcomes(ops.check("contacts", same)) == ["unchanged"] * 2
    imported = ops.load("contacts", head + row.format("ANN2@a.example", "555"))
    assert ops.outcomes(imported) == ["update"]
    session.rollback()
    session.expire_all()
    assert session.scalar(select(Contact.id).where(Contact.phone == "555")) == second


def test_nothing_is_told_of_an_order_that_one_may_not_see(
    desk_of: Desks, session: Session, cast: Cast
):
    head = "Order,Customer,Variant,M\n"
    same = head + "PO-1,Wolverton Wrestling Club,JRS-1-NAVY,12\n"
    desk_of("sales").load("orders", same)
    session.scalars(select(Order)).one().status = "production"
    session.commit()
    rival = desk_of("sales2")
    for content in (same, same.replace("Wolverton Wrestling Club", "Bärenfels Athletics")):
        told = rival.problems(rival.check("orders", content))
        assert told == [(2, "Order", "This is somebody else's order.")]


def test_who_manages_people_sees_all_imports_whatever_their_role(
    desk_of: Desks, session: Session, cast: Cast
):
    imported = desk_of("sales").check("organizations", "Name\nRidge Runners\n")
    ops = desk_of("ops")
    assert ops.visitor.get(f"/imports/{imported.id}").status_code == 404
    exception = {"resource": "users", "action": "read", "scope": "all"}
    session.add(UserPermission(user_id=cast.users["ops"], **exception))
    session.commit()
    assert ops.visitor.get(f"/imports/{imported.id}").status_code == 200


def test_who_may_import_nothing_is_told_so_and_invited_to_nothing(desk_of: Desks):
    page = desk_of("designer").visitor.get("/imports").text
    assert "Your role imports no files." in page
    assert "Files you upload stand here" not in page
