"""Who may import what: one's own records by the row, one's own imports by the page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.access.models import UserPermission
from wholesale.customers.models import Contact, Organization
from wholesale.imports.models import Import
from wholesale.orders.models import Order

Desks = Callable[[str], ImportDesk]


def test_a_rep_creates_and_changes_only_their_own_customers(
    desk_of: Desks, session: Session, cast: Cast
):
    rival = desk_of("sales2")
    imported = rival.load(
        "organizations",
        "Name,City,Phone,Salesperson\n"
        "Ridge Runners,Ridge,1,\n"
        "Wolverton Wrestling Club,Wolverton,2,\n"
        "Lake Lions,Lake,3,Rita Rep\n"
        "Wolverton Wrestling Club,Wolverton,,\n",
        mode="good",
    )
    assert rival.problems(imported) == [
        (3, "Name", "This is somebody else's customer."),
        (4, "Salesperson", "You may import only your own customers."),
        (5, None, "The same record stands on line 3 already."),
    ]
    session.rollback()
    ridge = session.scalars(select(Organization).where(Organization.name == "Ridge Runners")).one()
    assert ridge.salesperson_id == cast.users["sales2"]


def test_a_row_that_changes_nothing_of_somebody_elses_is_no_error(desk_of: Desks, cast: Cast):
    rival = desk_of("sales2")
    imported = rival.check("organizations", "Name,City\nWolverton Wrestling Club,Wolverton\n")
    assert rival.outcomes(imported) == ["unchanged"]


def test_a_rep_adds_contacts_only_to_their_own_customers(
    desk_of: Desks, session: Session, cast: Cast
):
    content = "Customer,Name\nWolverton Wrestling Club,Nia North\n"
    rival, rep = desk_of("sales2"), desk_of("sales")
    assert rival.problems(rival.check("contacts", content)) == [
        (2, "Customer", "This is somebody else's customer.")
    ]
    assert rep.load("contacts", content).status == "loaded"
    session.rollback()
    assert session.scalar(select(Contact.organization_id).where(Contact.name == "Nia North"))


def test_a_rep_imports_orders_as_their_own(desk_of: Desks, session: Session, cast: Cast):
    content = "Order,Customer,Variant,M\nPO-1,Wolverton Wrestling Club,JRS-1-NAVY,12\n"
    rep, rival = desk_of("sales"), desk_of("sales2")
    assert rep.load("orders", content).status == "loaded"
    session.rollback()
    order = session.scalars(select(Order).where(Order.code == "PO-1")).one()
    assert order.salesperson_id == order.created_by_id == cast.users["sales"]
    changed = rival.check("orders", content.replace(",12", ",13"))
    assert rival.problems(changed)[0] == (2, "Order", "This is somebody else's order.")


@pytest.mark.parametrize("kind", ["products", "variants", "prices"])
def test_a_rep_imports_nothing_of_the_catalog(desk_of: Desks, kind: str):
    rep = desk_of("sales")
    assert rep.upload(kind, "SKU\nX\n").status_code == 403
    assert f"/imports/new/{kind}" not in rep.visitor.get("/imports").text


def test_who_may_import_nothing_is_told_so(desk_of: Desks):
    page = desk_of("designer").visitor.get("/imports")
    assert page.status_code == 200
    assert "Your role imports no files." in page.text


def test_orders_need_both_permissions(desk_of: Desks, session: Session, cast: Cast):
    session.add(
        UserPermission(
            user_id=cast.users["sales"], resource="orders", action="update", scope="none"
        )
    )
    session.commit()
    rep = desk_of("sales")
    assert rep.visitor.get("/imports/new/orders").status_code == 403


def test_costs_are_filled_only_by_who_may_see_them(desk_of: Desks, session: Session, cast: Cast):
    session.add(
        UserPermission(user_id=cast.users["ops"], resource="costs", action="read", scope="none")
    )
    session.commit()
    ops = desk_of("ops")
    imported = ops.check(
        "variants", "Code,SKU,Cost\nJRS-1-NAVY,JRS-1,4\n", columns={"Cost": "cost"}
    )
    assert ops.outcomes(imported) == ["unchanged"]
    admin = desk_of("admin")
    assert admin.outcomes(
        admin.check("variants", "Code,SKU,Cost\nJRS-1-NAVY,JRS-1,4\n", columns={"Cost": "cost"})
    ) == ["update"]


def test_an_import_is_its_own_uploaders_and_administrators(desk_of: Desks):
    rep = desk_of("sales")
    imported = rep.check("organizations", "Name\nRidge Runners\n")
    for path in ("", "/columns", "/undo", "/problems.csv"):
        url = f"/imports/{imported.id}{path}"
        assert desk_of("sales2").visitor.get(url).status_code == 404
        assert desk_of("ops").visitor.get(url).status_code == 404
        assert desk_of("admin").visitor.get(url).status_code in (200, 303)
    for verb in ("check", "load", "undo", "discard", "sheet"):
        assert desk_of("sales2").step(imported, verb).status_code == 404
    assert "file.csv" in desk_of("admin").visitor.get("/imports").text
    assert "file.csv" not in desk_of("ops").visitor.get("/imports").text


def test_a_permission_that_is_taken_away_stops_the_run(
    desk_of: Desks, session: Session, cast: Cast
):
    rep = desk_of("sales")
    imported = rep.check("organizations", "Name\nRidge Runners\n")
    session.add(
        UserPermission(
            user_id=cast.users["sales"], resource="organizations", action="write", scope="none"
        )
    )
    session.commit()
    rep.step(imported, "load")
    assert rep.seen(imported.id).status == "failed"
    assert "permission" in rep.page(session.get_one(Import, imported.id))
