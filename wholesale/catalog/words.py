"""What the database refuses, said in words beside the field it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wholesale.core.errors import DomainError, Invalid

# The name of a constraint → the field, and what to say.
WORDS = {
    "uq_products_sku": ("sku", "Another product has this SKU."),
    "uq_variants_code": ("code", "Another variant has this code."),
    "uq_categories_name": ("name", "Another category has this name."),
    "uq_size_runs_name": ("name", "Another size run has this name."),
    "uq_prepacks_size_run_id_name": ("name", "Another prepack of this run has this name."),
    "fk_categories_parent_id_parent_is_top_categories": (
        "parent_id",
        "A category lies within a top one, and one with categories of its own within none.",
    ),
    "ck_products_base_price": ("base_price", "A price is more than zero."),
}
RUN = "sizes_stay_in_the_run"


@contextmanager
def in_words(session: Session) -> Iterator[None]:
    """Turn a broken rule of the database into Invalid, and undo what the block did."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or ""
        if name == RUN:
            strange = str(diagnosis.message_primary).partition(": ")[2]  # type: ignore[union-attr]
            words = f"{strange}: named by a surcharge or a prepack, and not in the size run."
            raise Invalid(words, sizes=words, size_run_id=words) from None
        if name not in WORDS:
            raise
        field, words = WORDS[name]
        raise Invalid(words, **{field: words}) from None


@contextmanager
def unless_in_use(session: Session, name: str) -> Iterator[None]:
    """Turn a reference that stands against deleting into a refusal in words."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        raise DomainError(f"{name} is in use.") from None
