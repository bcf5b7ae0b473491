"""Categories: a tree of two levels, edited in place, deleted only when nothing lies in them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.catalog.conftest import SCRIPT, changed
from tests.visitor import Visitor
from wholesale.catalog.models import Category, Product


@pytest.fixture
def jerseys(session: Session, cast: Cast) -> int:
    """The key of the cast's category."""
    return session.get_one(Product, cast.product).category_id


def add(ops: Visitor, session: Session, name: str, parent: int | str = "") -> int:
    """Add a category through the form and return its key."""
    form = {"key": str(uuid4()), "name": name, "parent_id": str(parent)}
    assert ops.post("/categories/new", form).status_code == 303
    session.rollback()
    return session.query(Category.id).filter_by(name=name).scalar()


def test_a_category_moves_into_another_and_the_filter_of_that_one_shows_its_products(
    ops: Visitor, session: Session, cast: Cast, jerseys: int
):
    top = add(ops, session, "Uniforms")
    form = changed({"name": "Jerseys", "parent_id": ""}, parent_id=str(top))
    answer = ops.hx_post(f"/categories/{jerseys}/edit", form, target="tree")
    assert answer.status_code == 200
    tree = answer.text
    assert tree.index("Uniforms") < tree.index("Jerseys")
    assert tree.count("1 product<") == 2  # its own, and those within it
    assert "JRS-1" in ops.get(f"/products?category={top}").text
    page = ops.get("/products/JRS-1").text
    assert "Uniforms › Jerseys" in page
    crumbs = page.split('id="crumbs"')[1].split("</nav>")[0]
    assert crumbs.index("Uniforms") < crumbs.index("Jerseys") < crumbs.index("JRS-1")


def test_a_new_name_shows_in_filter_and_breadcrumb(
    ops: Visitor, session: Session, cast: Cast, jerseys: int
):
    form = changed({"name": "Jerseys", "parent_id": ""}, name="Game tops", description="Tops")
    assert ops.post(f"/categories/{jerseys}/edit", form).location == "/categories"
    assert "Game tops</option>" in ops.get("/products").text
    assert "Game tops</a>" in ops.get("/products/JRS-1").text
    assert session.get_one(Category, jerseys).description == "Tops"


def test_the_same_form_sent_twice_makes_one(ops: Visitor, session: Session, cast: Cast):
    form = {"key": str(uuid4()), "name": "Caps"}
    assert ops.post("/categories/new", form).status_code == 303
    assert ops.post("/categories/new", form).status_code == 303
    assert session.query(Category).filter_by(name="Caps").count() == 1


def test_a_third_level_and_a_circle_are_refused_in_words(
    ops: Visitor, session: Session, cast: Cast, jerseys: int
):
    top = add(ops, session, "Uniforms")
    within = add(ops, session, "Away", top)
    new = {"key": str(uuid4()), "name": "Third"}
    for url, parent in (
        ("/categories/new", within),
        (f"/categories/{jerseys}/edit", within),
        (f"/categories/{top}/edit", within),
        (f"/categories/{top}/edit", top),
        ("/categories/new", 99999999999),
    ):
        answer = ops.post(url, new | {"parent_id": str(parent)})
        assert (answer.status_code, "Not a valid choice" in answer.text) == (422, True)
    answer = ops.post(f"/categories/{top}/edit", {"name": "Uniforms", "parent_id": str(jerseys)})
    assert answer.status_code == 422
    assert "Uniforms has categories of its own: it stays at the top." in answer.text


@pytest.mark.parametrize("circle", ["itself", "third level", "parent of a parent"])
def test_the_database_refuses_circles_and_a_third_level(
    session: Session, cast: Cast, jerseys: int, circle: str
):
    top, other = Category(name="Top"), Category(name="Other")
    session.add_all([top, other])
    session.flush()
    session.execute(update(Category).where(Category.id == jerseys).values(parent_id=top.id))
    moves = {
        "itself": (other.id, other.id),
        "third level": (other.id, jerseys),
        "parent of a parent": (top.id, other.id),
    }
    key, parent = moves[circle]
    with pytest.raises(IntegrityError, match="parent"):
        session.execute(update(Category).where(Category.id == key).values(parent_id=parent))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("jerseys", "Another category has this name."),
        ("  ", "Enter a name."),
        ("n" * 201, "200 characters"),
    ],
)
def test_a_bad_name_is_said_beside_the_field(
    ops: Visitor, session: Session, cast: Cast, name: str, words: str
):
    form = {"key": str(uuid4()), "name": name, "description": "Kept words"}
    answer = ops.hx_post("/categories/new", form, target="tree")
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text


def test_two_people_in_one_category(
    ops: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast, jerseys: int
):
    url = f"/categories/{jerseys}/edit"
    opened = {"name": "Jerseys", "parent_id": "", "description": ""}
    visit("admin").post(url, changed(opened, name="Tops"))
    assert ops.post(url, changed(opened, description="Shirts")).status_code == 303
    assert ops.post(url, changed(opened, name="Shirts")).status_code == 409
    found = session.get_one(Category, jerseys)
    assert (found.name, found.description) == ("Tops", "Shirts")


def test_a_category_with_products_or_categories_in_it_is_not_deleted(
    ops: Visitor, session: Session, cast: Cast, jerseys: int
):
    top = add(ops, session, "Uniforms")
    empty = add(ops, session, "Away", top)
    assert "1 category within it" in ops.get(f"/categories/{top}/deletion").text
    page = ops.get(f"/categories/{jerseys}/deletion").text
    assert "1 product" in page
    assert f"/products?category={jerseys}" in page
    for key in (top, jerseys):
        assert ops.post(f"/categories/{key}/deletion").status_code == 409
    for key in (empty, top):
        assert ops.post(f"/categories/{key}/deletion").location == "/categories"
    assert session.query(Category).count() == 1


def test_tags_are_text(ops: Visitor, cast: Cast):
    form = {"key": str(uuid4()), "name": SCRIPT, "description": SCRIPT}
    ops.post("/categories/new", form)
    for url in ("/categories", "/products"):
        assert SCRIPT not in ops.get(url).text
        assert "&lt;script&gt;" in ops.get(url).text


def test_who_may_not_write_sees_the_tree_without_buttons(rep: Visitor, cast: Cast):
    page = rep.get("/categories").text
    assert "Jerseys" in page
    assert "Edit" not in page.split('id="main"')[1].split("</main>")[0]
