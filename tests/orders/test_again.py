"""What came up in use: discarding, removing, huge amounts, odd addresses; each stays right."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.accounts.models import SignInSession
from wholesale.catalog.models import Product
from wholesale.core.clock import now
from wholesale.customers.models import Contact
from wholesale.orders.models import Order, OrderLine


def test_a_draft_with_lines_can_be_discarded(rep: Visitor, draft: Draft, session: Session):
    assert rep.post(f"/orders/{draft.ref}/discard").status_code == 303
    assert session.query(Order).count() == session.query(OrderLine).count() == 0


def test_removing_a_row_twice_is_no_error(rep: Visitor, draft: Draft, session: Session):
    form = {"line_id": draft.lines["Red"]}
    for _ in range(2):
        assert rep.hx_post(f"/orders/{draft.ref}/removal", form).status_code == 200
    assert session.query(OrderLine).count() == 2


def test_a_row_that_another_removed_leaves_the_page_when_it_is_typed_into(
    rep: Visitor, draft: Draft, session: Session
):
    session.execute(delete(OrderLine).where(OrderLine.id == draft.lines["Red"]))
    session.commit()
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Red", "M"): "4"})
    assert answer.status_code == 422
    assert f'<tr id="r.{draft.lines["Red"]}" hx-swap-oob="delete">' in answer.text


def test_a_row_of_more_money_than_the_database_holds_is_refused_at_its_cell(
    rep: Visitor, draft: Draft, session: Session
):
    line = draft.lines["Navy"]
    form = {f"q.{line}.M": "99999", f"price.{line}": "999999.99"}
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", form)
    assert answer.status_code == 422
    assert "more than" in answer.text
    assert session.get(OrderLine, line).quantities == {}


@pytest.mark.parametrize("typed", ["1,5", "0,001", "1,2345", "1.000"])
def test_a_quantity_that_could_mean_two_things_is_refused(rep: Visitor, draft: Draft, typed: str):
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): typed})
    assert answer.status_code == 422


def test_a_price_typed_with_a_comma_makes_no_conflict_with_oneself(
    rep: Visitor, draft: Draft, session: Session
):
    name = f"price.{draft.lines['Navy']}"
    rep.hx_post(f"/orders/{draft.ref}/lines", {name: "12,50", f"was.{name}": "20.00"})
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {name: "13", f"was.{name}": "12,50"})
    assert answer.status_code == 200
    assert session.get(OrderLine, draft.lines["Navy"]).unit_price == Decimal("13.00")


@pytest.mark.parametrize("was", ["sNaN", "x", "9" * 50])
def test_a_forged_former_value_is_only_a_conflict(rep: Visitor, draft: Draft, was: str):
    cell = draft.cell("Navy", "M")
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {cell: "4", f"was.{cell}": was})
    assert answer.status_code == 409


def test_a_refused_placing_keeps_what_was_typed_without_javascript(
    rep: Visitor, draft: Draft, session: Session
):
    session.execute(update(Product).values(archived_at=now()))
    session.execute(update(OrderLine).values(quantities={"L": 2}))
    session.commit()
    form = {draft.cell("Navy", "M"): "0", "then": "place"}
    answer = rep.post(f"/orders/{draft.ref}/lines", form)
    assert answer.status_code == 409
    assert "archived meanwhile" in answer.text
    assert f'name="{draft.cell("Navy", "M")}" value="0"' in answer.text


def test_a_product_that_is_gone_is_refused_in_the_picker(
    rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    session.execute(update(Product).values(archived_at=now()))
    session.commit()
    answer = rep.hx_post(f"/orders/{draft.ref}/products", {"product_id": cast.product})
    assert answer.status_code == 422
    assert "no longer sold" in answer.text


def test_a_form_that_began_an_order_begins_no_other(rep: Visitor, session: Session, cast: Cast):
    form = {"organization_id": cast.organization, "key": str(uuid4())}
    rep.post("/orders/new", form)
    other = form | {"organization_id": cast.other_organization}
    assert rep.post("/orders/new", other).status_code == 422
    assert session.query(Order).count() == 1


def test_an_archived_contact_is_not_taken_over_but_stays_where_it_is(
    rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    session.get(Contact, cast.contact).archived_at = now()
    session.commit()
    form = {"contact_id": cast.contact, "name": "A", "priority": "normal"}
    assert rep.post(f"/orders/{draft.ref}/details", form).status_code == 303
    rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    session.rollback()
    first, second = session.query(Order).order_by(Order.id)
    assert (first.contact_id, second.contact_id) == (cast.contact, None)


def test_a_session_ended_elsewhere_stays_ended(rep: Visitor, session: Session, cast: Cast):
    """A request that was under way when its session ended does not bring it back."""
    session.execute(update(SignInSession).values(seen_at=now().replace(year=2020)))
    session.commit()
    import wholesale.accounts.sessions as sessions

    original = sessions.PostgresSessions._store

    def ended_meanwhile(self: object, stored: object) -> bool:
        session.execute(delete(SignInSession))
        session.commit()
        return original(self, stored)

    sessions.PostgresSessions._store = ended_meanwhile
    try:
        rep.get("/orders")
    finally:
        sessions.PostgresSessions._store = original
    assert session.query(SignInSession).count() == 0
    assert rep.get("/orders").status_code == 302


ODD = [
    "/search?q=%00a",
    "/orders/new?q=%00a",
    "/orders?placed_to=9999-12-31",
    "/orders?endpoint=x&_scheme=y&_method=FOO&_anchor=z",
    "/orders?sort=total&after=WyIxZTk5OTk5OSIsIDFd",
    "/organizations?after=W1tbMV0sMV0sMV0",
    "/orders?after=" + "W" * 5000,
    "/products/%00",
    "/orders/%00",
    "/orders?q=%F0%9F%91%95",
]


@pytest.mark.parametrize("url", ODD)
def test_odd_addresses_get_an_answer_and_never_a_500(rep: Visitor, cast: Cast, url: str):
    assert rep.get(url).status_code < 500


@pytest.mark.parametrize("name", ["q.000000000001" + "9" * 5000 + ".S", "q.99999999999.S", "q..S"])
def test_odd_field_names_get_an_answer_and_never_a_500(rep: Visitor, draft: Draft, name: str):
    assert rep.hx_post(f"/orders/{draft.ref}/lines", {name: "1"}).status_code < 500


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("query", ["placed_from=yesterday", "salesperson=x", "status=%00"])
def test_a_download_with_a_filter_that_cannot_be_read_gives_nothing(
    rep: Visitor, placed: str, kind: str, query: str
):
    rep.get("/")  # takes the message of the save
    answer = rep.get(f"/orders.{kind}?{query}")
    assert answer.status_code == 422
    assert placed not in answer.text


def test_the_product_search_does_not_wait_for_somebody_who_saves(
    rep: Visitor, draft: Draft, engine
):
    with Session(engine) as other:
        other.query(Order).with_for_update().one()
        answer = rep.hx_get(f"/orders/{draft.ref}/products?q=jersey", target="product-options")
    assert answer.status_code == 200
