"""Two people in one order: different cells merge, the same cell asks, nothing is overwritten."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.drafts import Draft
from tests.visitor import Visitor
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


def test_details_saved_by_another_meanwhile_are_shown_beside_mine(
    rep: Visitor, visit: Callable[[str], Visitor], placed: str, session: Session
):
    version = session.query(Order).one().version
    theirs = {"name": "Theirs", "priority": "high", "version": version}
    mine = {"name": "Mine", "priority": "low", "version": version}
    visit("ops").post(f"/orders/{placed}/details", theirs)
    answer = rep.post(f"/orders/{placed}/details", mine)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert "Theirs" in answer.text
    session.rollback()
    assert session.query(Order).one().name == "Theirs"


def test_saving_again_with_the_version_now_seen_replaces_theirs(
    rep: Visitor, placed: str, session: Session
):
    version = session.query(Order).one().version
    rep.post(f"/orders/{placed}/details", {"name": "A", "priority": "high", "version": version})
    session.rollback()
    newer = session.query(Order).one().version
    assert newer == version + 1
    rep.post(f"/orders/{placed}/details", {"name": "B", "priority": "low", "version": newer})
    session.rollback()
    assert session.query(Order).one().name == "B"
