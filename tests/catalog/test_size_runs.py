"""Size runs and prepacks: sizes in their order, none lost that something names."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.catalog.conftest import SCRIPT, changed
from tests.visitor import Visitor
from wholesale.catalog.models import APPAREL_RUN, Prepack, Product, SizeRun

ALL = ", ".join(APPAREL_RUN)


@pytest.fixture
def run(session: Session, cast: Cast) -> int:
    """The key of the apparel run, which the jersey comes in."""
    return session.get_one(Product, cast.product).size_run_id


def test_a_run_is_made_of_commas_or_lines_in_the_order_typed(ops: Visitor, session: Session):
    for name, sizes in (("Waist", "30, 32,34"), ("Shoes", "8\r\n8.5\n\n 9 ")):
        form = {"key": str(uuid4()), "name": name, "sizes": sizes}
        assert ops.post("/size-runs/new", form).status_code == 303
        assert ops.post("/size-runs/new", form).status_code == 303  # the same one again
    found = {made.name: made.sizes for made in session.query(SizeRun)}
    assert found["Waist"] == ["30", "32", "34"]
    assert found["Shoes"] == ["8", "8.5", "9"]
    assert "30, 32, 34" in ops.get("/size-runs").text


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (", ,", "Enter at least one size."),
        (",".join(f"S{n}" for n in range(41)), "40 sizes at most; these are 41"),
        ("S, m, M", "Twice in the run: M, m."),
        ("x" * 21, "20 characters at most"),
    ],
)
def test_sizes_that_make_no_run_are_refused(
    ops: Visitor, session: Session, cast: Cast, sizes: str, words: str
):
    form = {"key": str(uuid4()), "name": "Odd", "sizes": sizes}
    answer = ops.post("/size-runs/new", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.query(SizeRun).count() == 1


def test_a_name_is_taken_whatever_its_case(ops: Visitor, cast: Cast):
    form = {"key": str(uuid4()), "name": "APPAREL", "sizes": "S"}
    assert "Another size run has this name." in ops.post("/size-runs/new", form).text


@pytest.mark.parametrize("sizes", [[], [f"S{n}" for n in range(41)]])
def test_the_database_refuses_no_size_and_more_than_forty(
    session: Session, cast: Cast, sizes: list[str]
):
    with pytest.raises(IntegrityError):
        session.execute(update(SizeRun).values(sizes=sizes))
        session.commit()


def test_a_size_that_a_surcharge_or_a_prepack_names_stays_and_the_words_say_where(
    ops: Visitor, session: Session, cast: Cast, run: int
):
    session.add(Prepack(size_run_id=run, name="Dozen", ratio={"M": 12}))
    session.commit()
    opened = {"name": "Apparel", "sizes": ALL}
    answer = ops.post(f"/size-runs/{run}/edit", changed(opened, sizes="S, L"))
    assert answer.status_code == 422
    assert "2XL is in use: surcharge of JRS-1." in answer.text
    assert "M is in use: prepack Dozen." in answer.text
    assert session.get_one(SizeRun, run).sizes == list(APPAREL_RUN)


def test_the_database_refuses_the_same(session: Session, cast: Cast):
    with pytest.raises(IntegrityError, match="2XL"):
        session.execute(update(SizeRun).values(sizes=["S", "M"]))


def test_an_order_keeps_quantities_of_a_size_that_the_run_lost(
    ops: Visitor, rep: Visitor, placed: str, session: Session, cast: Cast, run: int
):
    sizes = ", ".join(size for size in APPAREL_RUN if size != "M") + ", 5XL"
    opened = {"name": "Apparel", "sizes": ALL}
    url = f"/size-runs/{run}/edit"
    assert ops.post(url, changed(opened, sizes=sizes)).status_code == 303
    page = rep.get(f"/orders/{placed}").text
    assert 'class="size">M</th>' in page
    assert ">12<" in page
    assert "$240.00" in page


def test_two_people_in_one_run(
    ops: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast, run: int
):
    url, opened = f"/size-runs/{run}/edit", {"name": "Apparel", "sizes": ALL}
    visit("admin").post(url, changed(opened, sizes=f"{ALL}, 5XL"))
    assert ops.post(url, changed(opened, name="Clothes")).status_code == 303
    assert ops.post(url, changed(opened, sizes=f"{ALL}, 6XL")).status_code == 409
    found = session.get_one(SizeRun, run)
    assert (found.name, found.sizes[-1]) == ("Clothes", "5XL")


def test_a_run_that_products_come_in_is_not_deleted(
    ops: Visitor, session: Session, cast: Cast, run: int
):
    page = ops.get(f"/size-runs/{run}/deletion").text
    assert "1 product" in page
    assert f"/products?size_run={run}" in page
    assert ops.post(f"/size-runs/{run}/deletion").status_code == 409
    empty = SizeRun(name="Empty", sizes=["S"])
    session.add(empty)
    session.flush()
    session.add(Prepack(size_run_id=empty.id, name="Six", ratio={"S": 6}))
    session.commit()
    assert ops.post(f"/size-runs/{empty.id}/deletion").location == "/size-runs"
    session.expire_all()
    assert session.query(Prepack).count() == 0


def test_a_prepack_is_typed_over_the_sizes_edited_and_deleted(
    ops: Visitor, session: Session, cast: Cast, run: int
):
    form = {"key": str(uuid4()), "name": "1-2-2-1", "ratio.S": "1", "ratio.M": "2", "ratio.L": "2"}
    url = f"/size-runs/{run}/prepacks/new"
    for _ in range(2):
        answer = ops.hx_post(url, form | {"ratio.XL": "1", "ratio.YS": "0"}, target="prepacks")
    assert "S 1, M 2, L 2, XL 1" in answer.text
    pack = session.query(Prepack).one()
    assert (pack.units, pack.ratio) == (6, {"S": 1, "M": 2, "L": 2, "XL": 1})
    opened = {"name": "1-2-2-1", "ratio.S": "1", "ratio.M": "2"}
    ops.post(f"/prepacks/{pack.id}/edit", changed(opened) | {"ratio.S": "", "ratio.M": "4"})
    session.expire_all()
    assert pack.ratio == {"M": 4, "L": 2, "XL": 1}
    ops.post(f"/prepacks/{pack.id}/deletion")
    session.expire_all()
    assert session.query(Prepack).count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Give at least one size a part."),
        ({"ratio.M": "-1"}, "Enter a whole number from 0 to 999."),
        ({"ratio.M": "1000"}, "Enter a whole number from 0 to 999."),
        ({"ratio.M": "x"}, "Enter a whole number from 0 to 999."),
        ({"name": "", "ratio.M": "1"}, "Enter a name."),
        ({"ratio.9XL": "1"}, "Give at least one size a part."),
        ({"name": "DOZEN", "ratio.M": "1"}, "Another prepack of this run has this name."),
    ],
)
def test_a_ratio_that_is_none_is_refused(
    ops: Visitor, session: Session, cast: Cast, run: int, fields: dict[str, str], words: str
):
    session.add(Prepack(size_run_id=run, name="Dozen", ratio={"M": 12}))
    session.commit()
    form = {"key": str(uuid4()), "name": "Kept name"} | fields
    answer = ops.post(f"/size-runs/{run}/prepacks/new", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.query(Prepack).count() == 1


def test_the_database_refuses_a_part_of_a_size_that_the_run_does_not_have(
    session: Session, run: int
):
    session.add(Prepack(size_run_id=run, name="Odd", ratio={"9XL": 1}))
    with pytest.raises(IntegrityError, match="not in the size run: 9XL"):
        session.flush()


def test_tags_in_names_and_sizes_are_text(ops: Visitor, session: Session, cast: Cast):
    form = {"key": str(uuid4()), "name": SCRIPT, "sizes": "<b>x</b>"}
    url = ops.post("/size-runs/new", form).location
    for page in (ops.get("/size-runs").text, ops.get(url).text, ops.get(f"{url}/edit").text):
        assert SCRIPT not in page
        assert "<b>x</b>" not in page
