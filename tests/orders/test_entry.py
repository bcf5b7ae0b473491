"""Entering an order: choose the customer, add a product, type into the grid, save."""

from decimal import Decimal
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.orders.models import Order, OrderLine


def test_customers_are_found_by_typing_part_of_a_name_without_its_accents(rep: Visitor, cast: Cast):
    answer = rep.hx_get("/orders/new?q=barenf", target="organization-options")
    assert "Bärenfels Athletics" in answer.text
    assert "Wolverton" not in answer.text
    assert "<html" not in answer.text


def test_choosing_a_customer_begins_a_draft_with_its_contact_and_salesperson(
    rep: Visitor, session: Session, cast: Cast
):
    answer = rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    order = session.query(Order).one()
    assert answer.location == f"/orders/draft-{order.id}"
    assert order.code is None
    assert order.contact_id == cast.contact
    assert order.salesperson_id == cast.users["sales"]


def test_choosing_twice_with_one_form_begins_one_draft(rep: Visitor, session: Session, cast: Cast):
    form = {"organization_id": cast.organization, "key": str(uuid4())}
    first, second = rep.post("/orders/new", form), rep.post("/orders/new", form)
    assert first.location == second.location
    assert session.query(Order).count() == 1


def test_adding_a_product_makes_a_line_for_each_colour_at_the_list_price(
    draft: Draft, session: Session
):
    lines = session.query(OrderLine).all()
    assert set(draft.lines) == {"Navy", "Red", "White"}
    assert {line.unit_price for line in lines} == {Decimal("20.00")}
    assert lines[0].surcharges["2XL"] == "2.00"


def test_adding_a_product_again_adds_nothing(
    rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    answer = rep.hx_post(f"/orders/{draft.ref}/products", {"product_id": cast.product})
    assert "in the order already" in answer.text
    assert session.query(OrderLine).count() == 3


def test_a_product_is_found_by_sku_by_name_and_by_variant_code(rep: Visitor, draft: Draft):
    for typed in ("jrs-1", "HOME jer", "jrs-1-navy"):
        answer = rep.hx_get(f"/orders/{draft.ref}/products?q={typed}", target="product-options")
        assert "Home jersey" in answer.text, typed


def test_a_cell_is_saved_and_only_its_numbers_come_back(
    rep: Visitor, draft: Draft, session: Session
):
    cell = draft.cell("Red", "2XL")
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", {cell: "5", f"was.{cell}": ""})
    line = session.get(OrderLine, draft.lines["Red"])
    assert line.quantities == {"2XL": 5}
    assert line.qty_total == 5
    assert line.line_total == Decimal("110.00")  # 5 × (20.00 + 2.00)
    assert "110.00" in answer.text
    assert f'id="ru.{draft.lines["Red"]}"' in answer.text
    assert f'id="ru.{draft.lines["Navy"]}"' not in answer.text
    assert "<input name=" not in answer.text
    assert len(answer.data) < 2500


def test_totals_of_the_order_follow_every_cell(rep: Visitor, draft: Draft, session: Session):
    rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "10"})
    rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("White", "3XL"): "2"})
    order = session.query(Order).one()
    assert order.units == 12
    assert order.total == Decimal("246.00")  # 10 × 20 + 2 × 23


def test_a_discount_is_taken_from_the_line_and_rounded_half_up(
    rep: Visitor, draft: Draft, session: Session
):
    line_id = draft.lines["Navy"]
    fields = {f"q.{line_id}.M": "3", f"price.{line_id}": "9.95", f"discount.{line_id}": "10"}
    rep.hx_post(f"/orders/{draft.ref}/lines", fields)
    assert session.get(OrderLine, line_id).line_total == Decimal("26.87")  # 26.865


def test_saving_gives_a_code_and_drops_colours_without_units(
    rep: Visitor, draft: Draft, session: Session
):
    form = {draft.cell("Navy", "M"): "12", "then": "place"}
    answer = rep.hx_post(f"/orders/{draft.ref}/lines", form)
    order = session.query(Order).one()
    assert order.code.startswith("O-20")
    assert order.code in answer.headers["HX-Location"]
    assert [line.variant.colour for line in order.lines] == ["Navy"]


def test_a_product_whose_sizes_are_still_to_come_keeps_its_lines(
    rep: Visitor, draft: Draft, session: Session
):
    rep.post(f"/orders/{draft.ref}/lines", {"then": "place"})
    assert session.query(Order).one().code is not None
    assert session.query(OrderLine).count() == 3


def test_saving_twice_gives_one_order(rep: Visitor, draft: Draft, session: Session):
    form = {draft.cell("Navy", "M"): "12", "then": "place"}
    first = rep.post(f"/orders/{draft.ref}/lines", form)
    again = rep.post(f"/orders/{draft.ref}/lines", form)
    assert again.location == first.location
    assert session.query(Order).count() == 1


def test_the_address_of_a_draft_leads_to_the_order_it_became(
    rep: Visitor, draft: Draft, placed: str
):
    assert rep.get(f"/orders/{draft.ref}").location == f"/orders/{placed}"
    assert rep.get(f"/orders/{placed.lower()}").location == f"/orders/{placed}"


def test_the_saved_order_is_on_its_page_and_in_the_list(rep: Visitor, placed: str):
    assert "12" in rep.get(f"/orders/{placed}").text
    row = rep.get("/orders").text
    assert placed in row
    assert "240.00" in row


def test_a_later_price_change_leaves_the_order_as_it_was(
    rep: Visitor, placed: str, session: Session, cast: Cast
):
    session.execute(OrderLine.product.property.mapper.local_table.update().values(base_price=99))
    session.commit()
    assert "240.00" in rep.get(f"/orders/{placed}").text


def test_without_javascript_the_whole_grid_is_saved_at_once(
    rep: Visitor, draft: Draft, session: Session
):
    form = {draft.cell(colour, "L"): "4" for colour in draft.lines} | {"lines_version": "0"}
    answer = rep.post(f"/orders/{draft.ref}/lines", form)
    assert answer.status_code == 303
    assert session.query(Order).one().units == 12


def test_a_row_can_be_removed(rep: Visitor, draft: Draft, session: Session):
    rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Red", "M"): "7"})
    form = {"line_id": draft.lines["Red"]}
    asked = rep.post(f"/orders/{draft.ref}/removal", form)
    assert "This cannot be undone." in asked.text
    rep.post(f"/orders/{draft.ref}/removal", form | {"sure": "y"})
    assert session.query(OrderLine).count() == 2
    assert session.query(Order).one().units == 0


def test_a_draft_can_be_discarded_but_a_placed_order_cannot(
    rep: Visitor, draft: Draft, placed: str, session: Session
):
    assert rep.post(f"/orders/{placed}/discard").status_code == 409
    assert session.query(Order).count() == 1


def test_a_second_product_gets_its_own_section(
    rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    shorts = add_product(session, "SHO-1", "Training shorts", ["Black"])
    session.commit()
    answer = rep.hx_post(f"/orders/{draft.ref}/products", {"product_id": shorts.id})
    assert 'hx-swap-oob="beforeend:#sections"' in answer.text
    assert "Training shorts" in answer.text
    assert "Home jersey" not in answer.text
