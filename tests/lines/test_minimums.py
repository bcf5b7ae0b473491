"""A style's minimum and multiple: the grid says when its units fall short, and refuses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.catalog.models import Product
from wholesale.lines.minimums import least, shortfall
from wholesale.orders.models import Order

counts = st.integers(1, 500)


@pytest.mark.parametrize(
    ("units", "minimum", "multiple", "words"),
    [
        (0, 12, 6, ""),
        (11, 12, 1, "11 of at least 12"),
        (12, 12, 1, ""),
        (13, 12, 6, "13: sold in sixes, 12 or 18"),
        (11, 10, 6, "11 of at least 12"),
        (25, 1, 24, "25: sold in 24s, 24 or 48"),
        (2, 1, 12, "2 of at least 12"),
        (1300, 1, 1000, "1,300: sold in 1,000s, 1,000 or 2,000"),
    ],
)
def test_the_words_name_the_numbers_that_would_do(
    units: int, minimum: int, multiple: int, words: str
):
    assert shortfall(units, minimum, multiple) == words


@given(counts, counts, counts)
def test_nothing_is_said_of_units_that_meet_both_rules_and_of_no_others(
    units: int, minimum: int, multiple: int
):
    meets = units >= minimum and units % multiple == 0
    assert (shortfall(units, minimum, multiple) == "") == meets
    enough = least(minimum, multiple)
    assert shortfall(enough, minimum, multiple) == ""
    assert enough - multiple < minimum <= enough


def note(draft_cast: Cast, words: str) -> str:
    """Return how the section's note begins in an answer, and its words."""
    return f'id="sh.{draft_cast.product}" class="short-note small" hx-swap-oob="true">{words}'


def test_each_edit_says_beside_the_style_what_is_missing(
    rep: Visitor, session: Session, draft: Draft, cast: Cast
):
    session.get_one(Product, cast.product).order_multiple = 6
    session.commit()
    url = f"/orders/{draft.ref}/lines"
    answer = rep.hx_post(url, {draft.cell("Navy", "M"): "5", draft.cell("Red", "M"): "6"})
    assert answer.status_code == 200
    assert note(cast, "<svg") in answer.text
    assert "11 of at least 12" in answer.text
    answer = rep.hx_post(url, {draft.cell("White", "L"): "2"})
    assert "13: sold in sixes, 12 or 18" in answer.text
    page = rep.get(f"/orders/{draft.ref}").text
    assert "minimum 12, sold in sixes" in page
    assert "13: sold in sixes, 12 or 18" in page
    answer = rep.hx_post(url, {draft.cell("White", "L"): "7"})
    assert note(cast, "</span>") in answer.text
    session.rollback()
    assert session.query(Order).one().units == 18


def test_a_style_without_units_is_not_warned_of(rep: Visitor, draft: Draft):
    assert "of at least" not in rep.get(f"/orders/{draft.ref}").text
