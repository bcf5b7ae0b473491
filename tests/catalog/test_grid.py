"""The grid of variants: cell by cell, all or nothing, never over somebody's newer edit."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.catalog.conftest import SCRIPT
from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.catalog.models import Product, Variant

URL = "/products/JRS-1/variants"


@pytest.fixture
def cell(cast: Cast) -> Callable[..., dict[str, str]]:
    """Return one cell as a form sends it: ``cell("Navy", "price", "21", was="")``."""

    def fields(colour: str, column: str, typed: str, was: str = "") -> dict[str, str]:
        name = f"v.{cast.variants[colour]}.{column}"
        return {name: typed, f"was.{name}": was}

    return fields


def variant(session: Session, cast: Cast, colour: str) -> Variant:
    """Return a variant as the database holds it now."""
    session.rollback()
    return session.get_one(Variant, cast.variants[colour])


Cell = Callable[..., dict[str, str]]


def test_all_rows_go_in_one_form_and_only_changed_cells_are_written(
    ops: Visitor, session: Session, cast: Cast, cell: Cell
):
    form = {}
    for colour in ("Navy", "Red", "White"):
        form |= cell(colour, "code", f"JRS-1-{colour.upper()}", f"JRS-1-{colour.upper()}")
        form |= cell(colour, "colour", colour, colour) | cell(colour, "price", "")
    form |= cell("Red", "price", "21.5") | cell("Navy", "material", "Mesh")
    assert ops.post(URL, form).location == "/products/JRS-1"
    assert "2 cells saved." in ops.get("/products/JRS-1").text
    assert variant(session, cast, "Red").price == Decimal("21.50")
    assert variant(session, cast, "Navy").material == "Mesh"
    written = session.query(AuditEntry).filter_by(entity="variants", action="updated")
    keys = [str(cast.variants[colour]) for colour in ("Navy", "Red", "White")]
    found = written.filter(AuditEntry.entity_id.in_(keys)).all()
    assert [entry.after for entry in found if entry.entity_id == keys[2]] == []
    assert {"price": "21.50"} in [entry.after for entry in found]


@pytest.mark.parametrize(
    ("column", "typed", "words"),
    [
        ("price", "0", "A price is more than zero"),
        ("price", "-1", "An amount cannot be negative."),
        ("price", "1000000", "The largest amount"),
        ("price", "x", "Enter an amount"),
        ("cost", "-1", "An amount cannot be negative."),
        ("code", " ", "Enter a code."),
        ("code", "c" * 101, "100 characters at most"),
        ("code", "jrs-1-red", "Another variant has the code jrs-1-red."),
        ("colour", "c" * 101, "100 characters at most"),
    ],
)
def test_a_refused_cell_says_why_and_nothing_else_is_written(
    ops: Visitor, session: Session, cast: Cast, cell: Cell, column: str, typed: str, words: str
):
    was = "JRS-1-NAVY" if column == "code" else "Navy" if column == "colour" else ""
    form = cell("Navy", column, typed, was) | cell("White", "material", "Kept as typed")
    answer = ops.post(URL, form)
    assert answer.status_code == 422
    name = f"v.{cast.variants['Navy']}.{column}"
    assert words in answer.text
    assert f'data-field="{name}"' in answer.text
    assert f'aria-invalid="true" aria-describedby="e.{name}"' in answer.text
    assert 'value="Kept as typed"' in answer.text
    assert variant(session, cast, "White").material is None


def test_a_code_taken_by_another_product_or_twice_in_the_form_is_refused(
    ops: Visitor, session: Session, cast: Cast, cell: Cell
):
    add_product(session, "CAP-1", "Cap", ["Black"])
    session.commit()
    assert ops.post(URL, cell("Navy", "code", "cap-1-black", "JRS-1-NAVY")).status_code == 422
    both = cell("Navy", "code", "Same", "JRS-1-NAVY") | cell("Red", "code", "SAME", "JRS-1-RED")
    assert ops.post(URL, both).status_code == 422
    assert variant(session, cast, "Navy").code == "JRS-1-NAVY"


def test_another_case_of_the_same_code_is_allowed(
    ops: Visitor, session: Session, cast: Cast, cell: Cell
):
    assert ops.post(URL, cell("Navy", "code", "Jrs-1-Navy", "JRS-1-NAVY")).status_code == 303
    assert variant(session, cast, "Navy").code == "Jrs-1-Navy"


def test_different_cells_of_two_people_merge_and_the_same_cell_asks(
    ops: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast, cell: Cell
):
    visit("admin").post(URL, cell("Navy", "price", "30"))
    mine = cell("Navy", "material", "Mesh") | cell("Navy", "price", "")  # as it was opened
    assert ops.post(URL, mine).status_code == 303
    assert variant(session, cast, "Navy").price == Decimal(30)
    clash = ops.post(URL, cell("Navy", "price", "31") | cell("Red", "price", "32"))
    assert clash.status_code == 409
    assert "Somebody else set it to 30.00 after you opened the page; you typed 31." in clash.text
    assert 'data-theirs="30.00"' in clash.text
    name = f"v.{cast.variants['Navy']}.price"
    assert f'name="was.{name}" value="30.00"' in clash.text  # so that saving again keeps mine
    assert variant(session, cast, "Red").price is None
    assert ops.post(URL, {name: "31", f"was.{name}": "30.00"}).status_code == 303
    assert variant(session, cast, "Navy").price == Decimal(31)


def test_a_cell_of_a_row_that_was_deleted_meanwhile_is_refused(
    ops: Visitor, cast: Cast, cell: Cell
):
    ops.post(f"{URL}/{cast.variants['Red']}/deletion")
    assert ops.post(URL, cell("Red", "price", "5")).status_code == 422
    assert ops.post(URL, cell("Red", "price", "")).status_code == 303  # it was not changed


def test_cost_is_neither_seen_nor_overwritten_without_the_permission(
    visit: Callable[[str], Visitor], ops: Visitor, session: Session, cast: Cast, cell: Cell
):
    session.execute(update(Variant).values(cost=Decimal("7.77")))
    session.commit()
    user = cast.users["ops"]
    visit("admin").post(
        f"/admin/users/{user}/exceptions", {"permission": "costs:read", "scope": "none"}
    )
    page = ops.get("/products/JRS-1").text
    assert "Save colours" in page
    assert "7.77" not in page
    form = cell("Navy", "cost", "1", "7.77") | {"row": str(cast.variants["Red"]), "set.cost": "1"}
    ops.post(URL, form)
    for colour in ("Navy", "Red"):
        assert variant(session, cast, colour).cost == Decimal("7.77")
    assert "Cost" not in ops.get("/variants.csv").text
    assert "7.77" not in ops.get("/products/JRS-1/history").text


def test_a_price_is_set_for_all_selected_rows_and_cleared_again(
    ops: Visitor, session: Session, cast: Cast
):
    rows = [str(cast.variants["Navy"]), str(cast.variants["Red"])]
    ops.post(URL, {"row": rows, "set.price": "23", "set.material": "Mesh"})
    assert variant(session, cast, "Red").price == Decimal(23)
    assert variant(session, cast, "Red").material == "Mesh"
    assert variant(session, cast, "White").price is None
    ops.post(URL, {"row": rows, "set.price": "none"})
    assert variant(session, cast, "Navy").price is None


@pytest.mark.parametrize(
    ("form", "words"),
    [({"set.price": "5"}, "Choose the rows first."), ({"set.price": "0"}, "more than zero")],
)
def test_what_cannot_be_set_is_said_once(
    ops: Visitor, cast: Cast, form: dict[str, str], words: str
):
    rows = [str(key) for key in cast.variants.values()] if "0" in form.values() else []
    answer = ops.post(URL, form | {"row": rows})
    assert answer.status_code == 422
    assert answer.text.count('data-field="set.price"') == 1
    assert words in answer.text


def test_several_colours_are_pasted_at_once_and_get_codes(
    ops: Visitor, session: Session, cast: Cast
):
    form = {"new.colours": "Heather Grey\r\nnavy, Kelly Green\n\n金", "new.materials": ""}
    ops.post(URL, form)
    page = ops.get("/products/JRS-1").text
    assert "3 colours added. There already: navy." in page
    ops.post(URL, form)  # the same once more adds nothing
    codes = [v.code for v in session.get_one(Product, cast.product).variants]
    assert codes[3:] == ["JRS-1-HEATHER-GREY", "JRS-1-KELLY-GREEN", "JRS-1-2"]


def test_colours_times_materials(ops: Visitor, session: Session, cast: Cast):
    ops.post(URL, {"new.colours": "Gold", "new.materials": "Mesh\nFleece"})
    added = session.get_one(Product, cast.product).variants[3:]
    assert [(v.code, v.material) for v in added] == [
        ("JRS-1-GOLD-MESH", "Mesh"),
        ("JRS-1-GOLD-FLEECE", "Fleece"),
    ]


def test_too_many_or_too_long_new_rows_are_refused(ops: Visitor, session: Session, cast: Cast):
    many = "\n".join(f"Colour {number}" for number in range(600))
    for colours in (many, "c" * 101):
        assert ops.post(URL, {"new.colours": colours}).status_code == 422
    assert session.query(Variant).count() == 3


def test_rows_move_and_are_archived_with_what_was_typed(
    ops: Visitor, session: Session, cast: Cast, cell: Cell
):
    order = lambda: [v.colour for v in session.get_one(Product, cast.product).variants]  # noqa: E731
    ops.post(URL, {"do": f"up.{cast.variants['White']}"} | cell("Navy", "price", "22"))
    assert order() == ["Navy", "White", "Red"]
    assert variant(session, cast, "Navy").price == Decimal(22)
    ops.post(URL, {"do": f"down.{cast.variants['Red']}"})  # the last one stays
    ops.post(URL, {"do": f"archive.{cast.variants['Navy']}"})
    assert variant(session, cast, "Navy").is_archived
    ops.post(URL, {"do": f"restore.{cast.variants['Navy']}"})
    assert not variant(session, cast, "Navy").is_archived
    assert order() == ["Navy", "White", "Red"]


@pytest.mark.parametrize("do", ["up.999999", "explode.1", "up.99999999999", "up.x", "."])
def test_a_strange_command_breaks_nothing(ops: Visitor, cast: Cast, do: str):
    assert ops.post(URL, {"do": do}).status_code in (303, 422)


def test_strange_names_nul_bytes_and_tags(ops: Visitor, session: Session, cast: Cast, cell: Cell):
    odd = {"v.99999999999.price": "1", "v.x.price": "1", "v.1.version": "9", "v.1": "x"}
    assert ops.post(URL, odd | cell("Navy", "material", f"\x00{SCRIPT}")).status_code == 303
    assert variant(session, cast, "Navy").material == SCRIPT
    assert SCRIPT not in ops.get("/products/JRS-1").text


def test_another_products_row_cannot_be_reached(ops: Visitor, session: Session, cast: Cast):
    cap = add_product(session, "CAP-1", "Cap", ["Black"])
    session.commit()
    name = f"v.{cap.variants[0].id}.price"
    assert ops.post(URL, {name: "1", f"was.{name}": ""}).status_code == 422
    assert session.get_one(Variant, cap.variants[0].id).price is None


def test_with_htmx_the_grid_comes_back_alone(ops: Visitor, cast: Cast, cell: Cell):
    answer = ops.hx_post(URL, cell("Navy", "price", "22"), target="variants")
    assert answer.text.lstrip().startswith("<form")
    assert 'value="22.00"' in answer.text
    assert "1 cell saved." in answer.text
