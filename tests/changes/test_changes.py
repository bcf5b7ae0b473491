"""A confirmed order is changed beside it: with a reason, an approval, the customer's agreement."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.changes.models import ChangeOrder, ChangeOrderLine
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.workflow import OrderStatus

Visit = Callable[[str], Visitor]
AGREED = {"accepted_by": "Coach Carter", "acceptance": "By mail"}


@pytest.fixture
def confirmed(session: Session, placed: str) -> str:
    """The code of an order of twelve navy jerseys whose sizes are confirmed."""
    session.query(Order).one().status = OrderStatus.SIZES_VALIDATED
    session.commit()
    return placed


@pytest.fixture
def change(rep: Visitor, confirmed: str) -> str:
    """The address of a change of it that was begun."""
    return rep.post(f"/orders/{confirmed}/changes", {"reason": "Two more players"}).location


def cell(session: Session, colour: str, size: str) -> str:
    session.rollback()
    lines = session.query(ChangeOrderLine).all()
    line = next(line for line in lines if line.variant.colour == colour)
    return f"q.{line.id}.{size}"


def apply(visitor: Visitor, session: Session, url: str, **form: str):
    session.rollback()
    seen = session.query(ChangeOrder).order_by(ChangeOrder.id.desc()).first().state
    return visitor.post(f"{url}/apply", {"seen": seen, **form})


def present(session: Session) -> Order:
    session.rollback()
    session.expire_all()
    return session.query(Order).one()


def test_a_change_begins_with_the_rows_as_they_stand(rep: Visitor, session: Session, change: str):
    made = session.query(ChangeOrder).one()
    assert change == f"/changes/{made.ref}"
    assert (made.units, made.total, made.reason) == (12, Decimal("240.00"), "Two more players")
    page = rep.get(change).text
    assert "Nothing differs from the order yet." in page


def test_a_second_click_opens_the_first_one(rep: Visitor, session: Session, confirmed: str):
    form = {"reason": "More"}
    first, second = (rep.post(f"/orders/{confirmed}/changes", form) for _ in range(2))
    assert first.location == second.location
    assert session.query(ChangeOrder).count() == 1


def test_a_change_needs_a_reason(rep: Visitor, session: Session, confirmed: str):
    answer = rep.post(f"/orders/{confirmed}/changes", {"reason": " "})
    assert answer.status_code == 422
    assert "Say why the order changes." in answer.text
    assert session.query(ChangeOrder).count() == 0


@pytest.mark.parametrize("status", list(OrderStatus))
def test_only_a_confirmed_order_that_is_not_shipped_is_changed(
    rep: Visitor, session: Session, placed: str, status: OrderStatus
):
    session.query(Order).one().status = status
    session.commit()
    answer = rep.post(f"/orders/{placed}/changes", {"reason": "More"})
    may = status in ("sizes_validated", "invoiced", "production")
    assert answer.status_code == (303 if may else 409)
    assert session.query(ChangeOrder).count() == may


def test_the_order_stands_until_the_change_is_applied(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): "14"})
    assert present(session).total == Decimal("240.00")
    page = rep.get(change).text
    assert "<del>12</del>" in page and "<ins>14</ins>" in page
    assert "the customer has to agree" in visit("ops").get(change).text
    answer = apply(visit("ops"), session, change)
    assert answer.status_code == 422
    assert "say who of the customer agreed" in answer.text
    assert apply(visit("ops"), session, change, **AGREED).status_code == 303
    order = present(session)
    assert (order.units, order.total, order.status) == (14, Decimal("280.00"), "sizes_validated")
    made = session.query(ChangeOrder).one()
    assert (made.status, made.accepted_by) == ("applied", "Coach Carter")
    assert "Approved by <strong>Otto Ops</strong>" in rep.get(change).text
    assert "changed" in rep.get(f"/orders/{order.code}/history").text


def test_moving_units_between_sizes_needs_no_agreement(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    form = {cell(session, "Navy", "M"): "10", cell(session, "Navy", "L"): "2"}
    rep.post(f"{change}/lines", form)
    assert apply(visit("ops"), session, change).status_code == 303
    assert present(session).lines[0].quantities == {"M": 10, "L": 2}


def test_another_day_needs_the_customers_agreement(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    rep.post(f"{change}/terms", {"requested_delivery": "2027-03-01"})
    assert apply(visit("ops"), session, change).status_code == 422
    assert apply(visit("ops"), session, change, **AGREED).status_code == 303
    assert present(session).requested_delivery == date(2027, 3, 1)


def test_rows_are_added_and_taken_out(
    rep: Visitor, visit: Visit, session: Session, change: str, cast: Cast
):
    rep.post(f"{change}/products", {"product_id": cast.product})
    form = {cell(session, "Navy", "M"): "", cell(session, "Red", "L"): "12"}
    rep.post(f"{change}/lines", form)
    assert apply(visit("ops"), session, change).status_code == 303
    order = present(session)
    assert [(line.variant.colour, line.quantities) for line in order.lines] == [("Red", {"L": 12})]


def test_an_order_is_not_emptied(rep: Visitor, visit: Visit, session: Session, change: str):
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): ""})
    answer = apply(visit("ops"), session, change, **AGREED)
    assert answer.status_code == 409
    assert present(session).units == 12


def test_two_approvals_at_once_apply_it_once(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): "14"})
    seen = session.query(ChangeOrder).one().state
    start = Barrier(2)

    def approve(person: Visitor):
        start.wait()
        return person.post(f"{change}/apply", {"seen": seen, **AGREED})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(approve, [visit("ops"), visit("admin")]))
    assert [answer.status_code for answer in answers] == [303, 303]
    order = present(session)
    assert order.units == 14
    assert session.query(OrderLine).count() == 1


def test_a_change_edited_since_one_looked_is_not_applied(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    seen = session.query(ChangeOrder).one().state
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): "99"})
    answer = visit("ops").post(f"{change}/apply", {"seen": seen, **AGREED})
    assert answer.status_code == 409
    assert "The change was edited since you looked." in answer.text
    assert present(session).units == 12


def test_what_somebody_sets_in_the_order_meanwhile_stays(
    rep: Visitor, visit: Visit, session: Session, change: str, confirmed: str
):
    rep.post(f"/orders/{confirmed}/details", {"notes": "Fragile", "priority": "normal"})
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): "10", cell(session, "Navy", "L"): "2"})
    assert apply(visit("ops"), session, change).status_code == 303
    assert present(session).notes == "Fragile"


def test_terms_that_both_changed_are_not_overwritten(
    rep: Visitor, visit: Visit, session: Session, change: str, confirmed: str
):
    rep.post(f"/orders/{confirmed}/details", {"notes": "Fragile", "priority": "normal"})
    rep.post(f"{change}/terms", {"notes": "Heavy"})
    answer = apply(visit("ops"), session, change)
    assert answer.status_code == 409
    assert "Somebody changed the order&#39;s notes meanwhile." in answer.text
    assert present(session).notes == "Fragile"


def test_terms_edited_since_one_looked_are_not_approved(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    seen = session.query(ChangeOrder).one().state
    rep.post(f"{change}/terms", {"discount_percent": "90"})
    answer = visit("ops").post(f"{change}/apply", {"seen": seen, **AGREED})
    assert answer.status_code == 409
    assert present(session).total == Decimal("240.00")


def test_a_style_stays_at_its_minimum(rep: Visitor, visit: Visit, session: Session, change: str):
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): "11"})
    answer = apply(visit("ops"), session, change, **AGREED)
    assert answer.status_code == 409
    assert "Home jersey: 11 of at least 12." in answer.text
    assert present(session).units == 12


def test_a_dropped_change_leaves_the_order_and_can_be_read(
    rep: Visitor, visit: Visit, session: Session, change: str, confirmed: str
):
    rep.post(f"{change}/lines", {cell(session, "Navy", "M"): "14"})
    assert rep.post(f"{change}/drop").location == f"/orders/{confirmed}"
    assert rep.post(f"{change}/drop").status_code == 303
    assert present(session).units == 12
    assert "Dropped" in rep.get(f"/orders/{confirmed}/changes").text
    assert apply(visit("ops"), session, change, **AGREED).status_code == 409
    again = rep.post(f"/orders/{confirmed}/changes", {"reason": "Still"}).location
    assert again.endswith("-2")


def test_who_sells_may_write_it_and_ops_approve(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    assert apply(rep, session, change).status_code == 403
    assert visit("sales2").get(change).status_code == 404
    assert visit("designer").post(f"{change}/drop").status_code == 403
    ref = change.rpartition("/")[2]
    assert ref in visit("ops").get("/changes").text
    assert ref not in visit("sales2").get("/changes").text


def test_two_people_in_one_cell_of_a_change_are_asked(
    rep: Visitor, visit: Visit, session: Session, change: str
):
    field = cell(session, "Navy", "M")
    visit("ops").hx_post(f"{change}/lines", {field: "20", f"was.{field}": "12"})
    answer = rep.hx_post(f"{change}/lines", {field: "15", f"was.{field}": "12"})
    assert answer.status_code == 409
    assert "Somebody else set it to 20 meanwhile; you typed 15." in answer.text


@pytest.mark.parametrize("ref", ["O-1-1", "x", "O-2026-00001-x", "-", "O-1-99999999999999"])
def test_a_change_that_is_not_there_is_not_found(rep: Visitor, ref: str, draft: Draft):
    assert rep.get(f"/changes/{ref}").status_code == 404


def test_a_change_follows_its_order_to_another_customer(session: Session, change: str, cast: Cast):
    session.rollback()
    order = session.query(Order).one()
    order.contact_id, order.organization_id = None, cast.other_organization
    session.commit()
    session.expire_all()
    assert session.query(ChangeOrder).one().organization_id == cast.other_organization
