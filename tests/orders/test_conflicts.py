"""Two people in one order: different cells merge, the same cell asks, nothing is overwritten."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.cast import add_product
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.orders.models import Order, OrderLine


def test_different_cells_of_one_line_both_stay(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft, session: Session
):
    mine, theirs = draft.cell("Navy", "L"), draft.cell("Navy", "XL")
    visit("ops").hx_post(f"/orders/{placed}/lines", {theirs: "4", f"was.{theirs}": ""})
    answer = rep.hx_post(f"/orders/{placed}/lines", {mine: "3", f"was.{mine}": ""})
    assert answer.status_code == 200
    session.rollback()
    line = session.get(OrderLine, draft.lines["Navy"])
    assert line.quantities == {"M": 12, "L": 3, "XL": 4}


def test_the_same_cell_is_not_overwritten_and_both_values_are_shown(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft, session: Session
):
    cell = draft.cell("Navy", "M")
    visit("ops").hx_post(f"/orders/{placed}/lines", {cell: "20", f"was.{cell}": "12"})
    answer = rep.hx_post(f"/orders/{placed}/lines", {cell: "15", f"was.{cell}": "12"})
    assert answer.status_code == 409
    assert "Somebody else set it to 20 meanwhile; you typed 15." in answer.text
    assert "Keep 15" in answer.text
    assert "Take 20" in answer.text
    session.rollback()
    assert session.get(OrderLine, draft.lines["Navy"]).quantities == {"M": 20}


def test_typing_the_same_value_as_the_other_is_no_conflict(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft
):
    cell = draft.cell("Navy", "M")
    visit("ops").hx_post(f"/orders/{placed}/lines", {cell: "20", f"was.{cell}": "12"})
    answer = rep.hx_post(f"/orders/{placed}/lines", {cell: "20", f"was.{cell}": "12"})
    assert answer.status_code == 200


def test_without_javascript_a_grid_opened_before_the_others_change_asks_once(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft, session: Session
):
    cell = draft.cell("Navy", "M")
    seen = session.query(Order).one().lines_version
    visit("ops").hx_post(f"/orders/{placed}/lines", {cell: "20"})
    answer = rep.post(f"/orders/{placed}/lines", {cell: "15", "lines_version": str(seen)})
    assert answer.status_code == 409
    assert 'value="15"' in answer.text
    again = rep.post(f"/orders/{placed}/lines", {cell: "15", "lines_version": str(seen + 1)})
    assert again.status_code == 303
    session.rollback()
    assert session.get(OrderLine, draft.lines["Navy"]).quantities == {"M": 15}


def details(**changes: str) -> dict[str, str]:
    """Return the details form as it was opened, with some fields changed."""
    opened = {"name": "", "priority": "normal", "notes": ""}
    return opened | {f"was.{name}": text for name, text in opened.items()} | changes


def test_different_details_of_two_people_both_stay(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, session: Session
):
    visit("ops").post(f"/orders/{placed}/details", details(priority="high"))
    answer = rep.post(f"/orders/{placed}/details", details(name="Mine"))
    assert answer.status_code == 303
    order = session.query(Order).one()
    assert (order.name, order.priority) == ("Mine", "high")


def test_the_same_detail_shows_mine_theirs_and_before(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, session: Session
):
    visit("ops").post(f"/orders/{placed}/details", details(name="Theirs", priority="high"))
    answer = rep.post(f"/orders/{placed}/details", details(name="Mine", priority="low"))
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    for words in ("Theirs", "High", "Low", "Normal", "Take theirs"):
        assert words in answer.text
    assert session.query(Order).one().name == "Theirs"


def test_saving_again_keeps_mine_knowingly(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, session: Session
):
    visit("ops").post(f"/orders/{placed}/details", details(name="Theirs"))
    answer = rep.post(f"/orders/{placed}/details", details(name="Mine"))
    assert 'name="was.name" value="Theirs"' in answer.text
    seen = details(name="Mine") | {"was.name": "Theirs"}
    assert rep.post(f"/orders/{placed}/details", seen).status_code == 303
    assert session.query(Order).one().name == "Mine"


def test_the_next_answer_shows_what_somebody_else_wrote(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft, session: Session
):
    seen = seen_in(rep.get(f"/orders/{placed}").text)
    theirs, mine = draft.cell("Navy", "XL"), draft.cell("Navy", "L")
    visit("ops").hx_post(f"/orders/{placed}/lines", {theirs: "4", f"was.{theirs}": ""})
    answer = rep.hx_post(f"/orders/{placed}/lines", {mine: "3", f"was.{mine}": "", **seen}).text
    assert f"{theirs}&#34;: &#34;4&#34;" in answer
    again = seen_in(answer)
    answer = rep.hx_post(f"/orders/{placed}/lines", {mine: "5", f"was.{mine}": "3", **again}).text
    assert "data-cells" not in answer


def seen_in(answer: str) -> dict[str, str]:
    """Return what a page or an answer says of the state it shows, as its grid sends it."""
    return {
        name: answer.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]
        for name in ("lines_version", "seen_at")
    }


def test_the_next_answer_tells_of_rows_that_others_added_or_removed(
    rep: Visitor,
    visit: Callable[[str], Visitor],
    placed: str,
    draft: Draft,
    session: Session,
):
    socks = add_product(session, "SCK-1", "Crew sock", ["Black", "White"])
    caps = add_product(session, "CAP-1", "Cap", ["Black"])
    session.commit()
    ops = visit("ops")
    ops.hx_post(f"/orders/{placed}/products", {"product_id": socks.id})
    seen = seen_in(rep.get(f"/orders/{placed}").text)
    jersey, black, white = session.query(OrderLine.id).order_by(OrderLine.id).all()
    ops.hx_post(f"/orders/{placed}/removal", {"line_id": black.id})
    ops.hx_post(f"/orders/{placed}/products", {"product_id": caps.id})
    mine = draft.cell("Navy", "L")
    answer = rep.hx_post(f"/orders/{placed}/lines", {mine: "3", f"was.{mine}": "", **seen}).text
    session.rollback()
    cap = session.query(OrderLine).filter_by(product_id=caps.id).one()
    assert f'data-rows="{[jersey.id, white.id, cap.id]}"' in answer
    assert f'id="s.{caps.id}"' in answer.partition("<template>")[2].partition("</template>")[0]


def test_a_refused_edit_and_a_removal_hide_nothing_of_what_others_wrote(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft
):
    seen = seen_in(rep.get(f"/orders/{placed}").text)
    theirs, mine = draft.cell("Navy", "XL"), draft.cell("Navy", "L")
    visit("ops").hx_post(f"/orders/{placed}/lines", {theirs: "4", f"was.{theirs}": ""})
    answer = rep.hx_post(f"/orders/{placed}/removal", {"line_id": draft.lines["Red"]}).text
    assert "lines_version" not in answer  # the next edit still says how far the page had seen
    answer = rep.hx_post(f"/orders/{placed}/lines", {mine: "x", f"was.{mine}": "", **seen})
    assert answer.status_code == 422
    assert f"{theirs}&#34;: &#34;4&#34;" in answer.text


def test_a_moment_that_is_none_is_left(rep: Visitor, placed: str, draft: Draft):
    cell = draft.cell("Navy", "L")
    for moment in ("x", "\x00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00-23:59"):
        form = {cell: "3", "lines_version": "0", "seen_at": moment, f"was.{cell}": ""}
        assert rep.hx_post(f"/orders/{placed}/lines", form).status_code in (200, 409)


def test_a_clock_set_back_hides_nothing_of_what_others_wrote(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, draft: Draft
):
    seen = seen_in(rep.get(f"/orders/{placed}").text)
    theirs, mine = draft.cell("Navy", "XL"), draft.cell("Navy", "L")
    visit("ops").hx_post(f"/orders/{placed}/lines", {theirs: "4", f"was.{theirs}": ""})
    tomorrow = (now() + timedelta(days=1)).isoformat()
    sent = {mine: "3", f"was.{mine}": ""} | seen | {"seen_at": tomorrow}
    assert f"{theirs}&#34;: &#34;4&#34;" in rep.hx_post(f"/orders/{placed}/lines", sent).text
