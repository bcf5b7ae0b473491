"""Bad input: a 4xx with a message by the field, what was typed stays, nothing is written."""

from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.access.models import UserPermission
from wholesale.catalog.models import Product, Variant
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.orders.models import Order, OrderLine

BAD_QUANTITIES = ["-1", "1.5", "abc", "100000", "9" * 40, "１２", "1e3", "=1+1", "\x00"]


@pytest.mark.parametrize("typed", BAD_QUANTITIES)
def test_a_bad_quantity_is_refused_beside_its_cell_and_stays_typed(
    rep: Visitor, draft: Draft, session: Session, typed: str
):
    cell = draft.cell("Navy", "M")
    answer = rep.post(f"/orders/{draft.ref}/lines", {cell: typed, "lines_version": "0"})
    assert answer.status_code == 422
    assert "Home jersey, Navy, M:" in answer.text
    assert f'aria-describedby="e.{cell}"' in answer.text
    if typed.isprintable():
        assert f'value="{typed}"' in answer.text
    assert session.get(OrderLine, draft.lines["Navy"]).quantities == {}


@pytest.mark.parametrize("typed", ["-5", "abc", "1.234", "99999999999999", "NaN", "Infinity"])
def test_a_bad_price_is_refused(rep: Visitor, draft: Draft, session: Session, typed: str):
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {f"price.{draft.lines['Navy']}": typed})
    assert answer.status_code == 422
    assert "Navy, price:" in answer.text
    assert session.get(OrderLine, draft.lines["Navy"]).unit_price == 20


def test_a_discount_over_a_hundred_percent_is_refused(rep: Visitor, draft: Draft):
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {f"discount.{draft.lines['Navy']}": "101"})
    assert answer.status_code == 422


def test_one_bad_cell_keeps_all_the_others_from_being_written(
    rep: Visitor, draft: Draft, session: Session
):
    form = {draft.cell("Navy", "M"): "5", draft.cell("Red", "M"): "x"}
    answer = rep.post(f"/orders/{draft.ref}/lines", form)
    assert answer.status_code == 422
    assert 'value="5"' in answer.text
    assert session.query(Order).one().units == 0


def test_an_empty_cell_is_zero(rep: Visitor, draft: Draft, session: Session):
    cell = draft.cell("Navy", "M")
    rep.hx_post(f"/orders/{draft.ref}/lines", {cell: "5"})
    assert rep.hx_post(f"/orders/{draft.ref}/lines", {cell: "  "}).status_code == 200
    assert session.get(OrderLine, draft.lines["Navy"]).quantities == {}


def test_a_size_that_the_line_does_not_have_is_refused(rep: Visitor, draft: Draft):
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "XXXXL"): "1"})
    assert answer.status_code == 422


def test_another_orders_line_is_refused(rep: Visitor, draft: Draft, session: Session, cast: Cast):
    rep.post("/orders/new", {"organization_id": cast.other_organization, "key": str(uuid4())})
    other = session.query(Order).filter_by(organization_id=cast.other_organization).one()
    answer = rep.hx_post(f"/orders/{other.ref}/lines", {draft.cell("Navy", "M"): "1"})
    assert answer.status_code == 422
    assert session.get(OrderLine, draft.lines["Navy"]).quantities == {}


def test_a_variant_archived_meanwhile_takes_no_units(
    rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    session.execute(
        update(Variant).where(Variant.id == cast.variants["Navy"]).values(archived_at=now())
    )
    session.commit()
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "1"})
    assert answer.status_code == 422
    assert "archived meanwhile" in answer.text


def test_an_order_with_a_product_archived_meanwhile_is_not_placed(
    rep: Visitor, draft: Draft, session: Session
):
    rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "1"})
    session.execute(update(Product).values(archived_at=now()))
    session.commit()
    answer = rep.post(f"/orders/{draft.ref}/lines", {"then": "place"})
    assert answer.status_code == 409
    assert "archived meanwhile" in answer.text
    assert session.query(Order).one().code is None


def test_an_order_without_lines_is_not_placed(rep: Visitor, session: Session, cast: Cast):
    rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    ref = session.query(Order).one().ref
    answer = rep.post(f"/orders/{ref}/lines", {"then": "place"})
    assert answer.status_code == 409
    assert "Add at least one product" in answer.text


@pytest.mark.parametrize("key", ["0", "-1", "999999", "99999999999999999999", "abc", ""])
def test_an_organization_that_is_not_there_is_refused(rep: Visitor, session: Session, key: str):
    answer = rep.post("/orders/new", {"organization_id": key, "key": str(uuid4())})
    assert answer.status_code == 422
    assert session.query(Order).count() == 0


def test_an_organization_outside_ones_scope_does_not_exist(
    rep: Visitor, session: Session, cast: Cast
):
    rule = {"resource": "organizations", "action": "read", "scope": "own"}
    session.add(UserPermission(user_id=cast.users["sales"], **rule))
    session.get(Organization, cast.other_organization).salesperson_id = cast.users["sales2"]
    session.commit()
    form = {"organization_id": cast.other_organization, "key": str(uuid4())}
    assert rep.post("/orders/new", form).status_code == 422
    assert "Bärenfels" not in rep.get("/orders/new?q=baren").text
    assert session.query(Order).count() == 0


def test_an_archived_customer_gets_no_new_order(rep: Visitor, session: Session, cast: Cast):
    session.get(Organization, cast.organization).archived_at = now()
    session.commit()
    answer = rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    assert answer.status_code == 422
    assert "archived" in answer.text


def test_a_contact_of_another_customer_is_refused(
    rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    form = {"contact_id": cast.other_contact, "priority": "normal"}
    answer = rep.post(f"/orders/{draft.ref}/details", form)
    assert answer.status_code == 422
    assert session.query(Order).one().contact_id == cast.contact


def test_the_database_itself_refuses_another_customers_contact(
    draft: Draft, session: Session, cast: Cast
):
    with pytest.raises(IntegrityError):
        session.execute(update(Order).values(contact_id=cast.other_contact))


@pytest.mark.parametrize("quantities", [{"M": 0}, {"M": -1}, {"M": 1.5}, {"QQ": 1}, {"M": "x"}, []])
def test_the_database_itself_refuses_quantities_that_do_not_fit(
    draft: Draft, session: Session, quantities: object
):
    with pytest.raises(Exception, match=r"quantities|cannot call|invalid input"):
        session.execute(update(OrderLine).values(quantities=quantities))


def test_a_name_of_ten_thousand_characters_is_refused_and_stays_typed(
    rep: Visitor, draft: Draft, session: Session
):
    name = "n" * 10_000
    form = {"name": name, "priority": "normal"}
    answer = rep.post(f"/orders/{draft.ref}/details", form)
    assert answer.status_code == 422
    assert "200 characters at most" in answer.text
    assert name in answer.text
    assert session.query(Order).one().name == ""


def test_script_in_a_name_is_shown_as_text(rep: Visitor, draft: Draft):
    form = {"name": "<script>alert(1)</script>", "priority": "normal"}
    rep.post(f"/orders/{draft.ref}/details", form)
    assert "<script>alert" not in rep.get(f"/orders/{draft.ref}").text
