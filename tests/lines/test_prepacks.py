"""Filling a row from a prepack: whole packs only, in place of what the row had there."""

import re
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.conftest import Statements
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.catalog.models import Prepack, Product
from wholesale.lines.entry import LARGEST_QUANTITY
from wholesale.lines.prepacks import nearest, spread
from wholesale.orders.models import Order, OrderLine
from wholesale.quotes.models import Quote, QuoteLine

ratios = st.dictionaries(
    st.sampled_from(["S", "M", "L", "XL", "2XL"]), st.integers(1, 12), min_size=1
)
FOURS = {"S": 1, "M": 2, "L": 2, "XL": 1}


def test_144_pieces_over_1_2_2_1():
    assert spread(FOURS, 144) == {"S": 24, "M": 48, "L": 48, "XL": 24}


@given(ratios, st.integers(1, 1000))
def test_whole_packs_keep_the_sum_and_the_proportions(ratio: dict[str, int], packs: int):
    pieces = packs * sum(ratio.values())
    units = spread(ratio, pieces)
    assert sum(units.values()) == pieces
    assert units.keys() == ratio.keys()
    assert all(units[a] * ratio[b] == units[b] * ratio[a] for a in ratio for b in ratio)


@given(ratios, st.integers(-5, 2 * LARGEST_QUANTITY))
def test_what_is_no_whole_packs_is_refused_and_what_is_named_instead_is_taken(
    ratio: dict[str, int], pieces: int
):
    pack = sum(ratio.values())
    try:
        assert max(spread(ratio, pieces).values()) <= LARGEST_QUANTITY
    except ValueError as refusal:
        named = [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", str(refusal))]
        most = LARGEST_QUANTITY // max(ratio.values()) * pack
        offered = nearest(pack, min(pieces, most), most)
        assert offered
        assert set(offered) <= set(named)
        assert all(sum(spread(ratio, number).values()) == number for number in offered)


@pytest.fixture
def pack(session: Session, cast: Cast) -> Prepack:
    """The prepack 1-2-2-1 of the jersey's run."""
    run = session.get_one(Product, cast.product).size_run
    made = Prepack(size_run=run, name="1-2-2-1", ratio=FOURS)
    session.add(made)
    session.commit()
    return made


def fill(draft: Draft, pack: Prepack, pieces: str, colour: str = "Navy") -> dict[str, object]:
    """Return the fields of the form."""
    return {"pack_id": pack.id, "line_id": draft.lines[colour], "pieces": pieces}


@pytest.fixture
def url(draft: Draft, cast: Cast) -> str:
    """Where the jersey of the draft is filled."""
    return f"/orders/{draft.ref}/prepack?product={cast.product}"


def quantities(session: Session, draft: Draft, colour: str = "Navy") -> dict[str, int]:
    """Return what the row holds in the database."""
    session.rollback()
    return dict(session.get_one(OrderLine, draft.lines[colour]).quantities)


def test_a_form_fills_the_row_in_place_of_what_it_had(
    rep: Visitor, session: Session, draft: Draft, pack: Prepack, url: str
):
    had = {draft.cell("Navy", "M"): "7", draft.cell("Navy", "YS"): "3"}
    rep.post(f"/orders/{draft.ref}/lines", had)
    assert url.replace("&", "&amp;") in rep.get(f"/orders/{draft.ref}").text
    assert "S 1, M 2, L 2, XL 1" in rep.get(url).text
    answer = rep.post(url, fill(draft, pack, "144"))
    assert answer.location == f"/orders/{draft.ref}"
    assert quantities(session, draft) == {"S": 24, "M": 48, "L": 48, "XL": 24, "YS": 3}
    assert session.query(Order).one().units == 147


def test_htmx_gets_the_cells_and_the_numbers_that_changed(
    rep: Visitor, draft: Draft, pack: Prepack, url: str
):
    answer = rep.hx_post(url, fill(draft, pack, "1,200"), target="dialog-slot")
    cell = draft.cell("Navy", "M")
    assert f'id="{cell}" name="{cell}" value="400"' in answer.text
    assert f'id="ru.{draft.lines["Navy"]}" hx-swap-oob="true">1,200' in answer.text
    assert draft.cell("Navy", "YS") not in answer.text
    assert f"q.{draft.lines['Red']}" not in answer.text


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ("145", "Enter 144 or 150."),
        ("4", "Enter 6."),
        ("0", "Enter 6."),
        ("a dozen", "Enter a whole number of pieces"),
        ("", "Enter how many pieces."),
        ("-6", "Enter a whole number of pieces"),
        ("999999999", "299,994 pieces at most"),
        ("9" * 40, "Enter a whole number of pieces"),
    ],
)
def test_other_numbers_are_refused_beside_the_field_and_nothing_is_lost(
    rep: Visitor, session: Session, draft: Draft, pack: Prepack, url: str, pieces: str, words: str
):
    rep.post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "7"})
    for answer in (
        rep.post(url, fill(draft, pack, pieces)),
        rep.hx_post(url, fill(draft, pack, pieces), target="dialog-slot"),
    ):
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{pieces}"' in answer.text
    assert quantities(session, draft) == {"M": 7}


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(
    rep: Visitor, session: Session, draft: Draft, pack: Prepack, url: str
):
    rep.post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "9"})
    seen = {f"seen.{draft.lines['Navy']}": ""}
    answer = rep.post(url, fill(draft, pack, "12") | seen)
    assert answer.status_code == 409
    assert "Somebody changed this row meanwhile" in answer.text
    assert 'value="M 9"' in answer.text  # sent once more it replaces that
    assert quantities(session, draft) == {"M": 9}


def test_a_row_without_one_of_the_sizes_is_refused(
    rep: Visitor, session: Session, draft: Draft, pack: Prepack, url: str, cast: Cast
):
    session.get_one(OrderLine, draft.lines["Navy"]).sizes = ["S", "M"]
    session.commit()
    answer = rep.post(url, fill(draft, pack, "6"))
    assert answer.status_code == 422
    assert "does not come in L, XL" in answer.text


@pytest.mark.parametrize("query", ["", "?product=0", "?product=x", f"?product={2**40}"])
def test_a_style_without_rows_here_has_nothing_to_fill(
    rep: Visitor, draft: Draft, pack: Prepack, query: str
):
    assert rep.get(f"/orders/{draft.ref}/prepack{query}").status_code == 404


@pytest.mark.parametrize("wrong", ["", "0", "x", "\x00", str(2**40)])
def test_a_pack_or_row_that_is_no_choice_is_refused(
    rep: Visitor, draft: Draft, pack: Prepack, url: str, wrong: str
):
    for field in ("pack_id", "line_id"):
        answer = rep.post(url, fill(draft, pack, "6") | {field: wrong})
        assert answer.status_code == 422, field


def test_a_quote_is_filled_the_same_way(rep: Visitor, session: Session, pack: Prepack, cast: Cast):
    rep.post("/quotes/new", {"organization_id": cast.organization, "key": str(uuid4())})
    code = session.query(Quote).one().code
    rep.post(f"/quotes/{code}/products", {"product_id": cast.product})
    line = session.query(QuoteLine.id).filter_by(variant_id=cast.variants["Red"]).scalar()
    url = f"/quotes/{code}/prepack?product={cast.product}"
    assert url in rep.get(f"/quotes/{code}").text
    rep.post(url, {"pack_id": pack.id, "line_id": line, "pieces": "12"})
    session.rollback()
    assert session.get_one(QuoteLine, line).quantities == {"S": 2, "M": 4, "L": 4, "XL": 2}


def test_the_prepacks_of_all_styles_are_one_statement(
    rep: Visitor, session: Session, draft: Draft, pack: Prepack, statements: Statements
):
    counts = []
    for styles in (1, 2, 3):
        statements.count = 0
        with statements:
            page = rep.get(f"/orders/{draft.ref}")
        assert page.text.count("Fill a prepack of") == styles
        counts.append(statements.count)
        product = add_product(session, f"A-{styles}", f"Style {styles}", ["Black"])
        session.commit()
        answer = rep.hx_post(f"/orders/{draft.ref}/products", {"product_id": product.id})
        assert f"Fill a prepack of Style {styles}" in answer.text
    assert len(set(counts)) == 1
