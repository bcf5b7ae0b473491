"""Writes of categories, size runs and prepacks."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.catalog.models import Category, Prepack, SizeRun
from wholesale.catalog.operations import held_run
from wholesale.catalog.queries import category as category_by_key
from wholesale.catalog.queries import has_children
from wholesale.catalog.run_queries import uses_of_sizes
from wholesale.catalog.words import in_words, unless_in_use
from wholesale.core.dependents import dependents
from wholesale.core.entry import made_before
from wholesale.core.errors import DomainError, Invalid, NotVisible

NAMED = 4  # uses of a size that a refusal names before it counts the rest


def create_category(session: Session, key: UUID, values: dict[str, Any]) -> Category:
    """Add a category, or return the one that this form made before.

    Raises Invalid when the name is taken or the category would lie in a third level.
    """
    made = made_before(session, Category, key)
    if made is not None:
        return made
    category = Category(entry_key=key)
    change_category(session, category, values)
    return category


def change_category(session: Session, category: Category, values: dict[str, Any]) -> None:
    """Rename, describe or move a category.

    Raises Invalid when the name is taken, or the tree would get a third level or a circle.
    """
    if values.get("parent_id"):
        _refuse_third_level(session, category, values["parent_id"])
    with in_words(session):
        for name, value in values.items():
            setattr(category, name, value if value != "" else None)
        session.add(category)


def _refuse_third_level(session: Session, category: Category, parent_id: int) -> None:
    words = None
    try:
        parent = category_by_key(session, parent_id)
    except NotVisible:
        words = "This category is gone."
    else:
        if parent.id == category.id:
            words = "A category cannot lie within itself."
        elif parent.parent_id:
            words = f"{parent.name} lies within another one: the tree has two levels."
        elif category.id and has_children(session, category):
            words = f"{category.name} has categories of its own: it stays at the top."
    if words:
        raise Invalid(words, parent_id=words)


def standing_against_category(session: Session, category: Category) -> dict[str, int]:
    """Return what lies in a category, table → rows: products, and categories within it."""
    within = select(func.count()).where(Category.parent_id == category.id)
    children = session.scalar(within) or 0
    found = dependents(session, category)
    return found | ({"categories": children} if children else {})


def delete_category(session: Session, category: Category) -> None:
    """Delete an empty category. Raises DomainError when something lies in it."""
    if standing_against_category(session, category):
        raise DomainError(f"{category.name} is not empty.")
    with unless_in_use(session, category.name):
        session.delete(category)


def create_run(session: Session, key: UUID, name: str, sizes: list[str]) -> SizeRun:
    """Add a size run, or return the one that this form made before.

    Raises Invalid when the name is taken.
    """
    made = made_before(session, SizeRun, key)
    if made is not None:
        return made
    run = SizeRun(entry_key=key, name=name, sizes=sizes)
    with in_words(session):
        session.add(run)
    return run


def change_run(session: Session, run: SizeRun, name: str, sizes: list[str]) -> None:
    """Rename a run or change its sizes; documents keep the sizes they were written with.

    Raises Invalid when the name is taken, or a surcharge or prepack names a size that would
    go.
    """
    uses = uses_of_sizes(session, run)
    lost = {size: uses[size] for size in run.sizes if size not in sizes and size in uses}
    if lost:
        words = " ".join(f"{size} is in use: {_some(by)}." for size, by in lost.items())
        raise Invalid(words, sizes=words)
    with in_words(session):
        run.name, run.sizes = name, sizes


def _some(uses: list[str]) -> str:
    rest = len(uses) - NAMED
    return ", ".join(uses[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def standing_against_run(session: Session, run: SizeRun) -> dict[str, int]:
    """Return what comes in a size run, table → rows; its prepacks go along with it."""
    return dependents(session, run, owned=("prepacks",))


def delete_run(session: Session, run: SizeRun) -> None:
    """Delete a size run and its prepacks. Raises DomainError when products come in it."""
    if standing_against_run(session, run):
        raise DomainError(f"{run.name} is in use.")
    with unless_in_use(session, run.name):
        session.delete(run)


def create_prepack(
    session: Session, run: SizeRun, key: UUID, name: str, ratio: dict[str, int]
) -> Prepack:
    """Add a prepack, or return the one that this form made before.

    Raises Invalid when the name is taken or no size has a part.
    """
    made = made_before(session, Prepack, key)
    if made is not None:
        return made
    pack = Prepack(entry_key=key, size_run_id=run.id)
    save_prepack(session, pack, {"name": name}, ratio)
    return pack


def save_prepack(
    session: Session, pack: Prepack, values: dict[str, Any], ratio: dict[str, int]
) -> None:
    """Rename a prepack or change its ratio. Raises Invalid when no size has a part."""
    if not ratio:
        raise Invalid("Give at least one size a part.", ratio="Give at least one size a part.")
    held_run(session, pack.size_run_id)
    with in_words(session):
        pack.name = values.get("name", pack.name)
        if ratio != pack.ratio:
            pack.ratio = ratio
        session.add(pack)
