"""Price lists: reads for their pages, and writes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from wholesale.audit.recording import note
from wholesale.catalog.models import PriceEntry, PriceList, Product, Variant
from wholesale.catalog.offers import valid_on
from wholesale.catalog.pricing import rising
from wholesale.core.errors import Invalid, NotVisible
from wholesale.core.text import like_pattern
from wholesale.web.listing import Listing, Sort, contains

TAKEN = "Another price list has this name."
LISTING = Listing(
    PriceList.id,
    (Sort("name", PriceList.name), Sort("created", PriceList.created_at, descending=True)),
)
ENTRIES = Listing(PriceEntry.id, (Sort("product", Product.sku), Sort("price", PriceEntry.price)))


def listed_price_lists(
    q: str = "", organization_id: int | None = None, *, archived: bool = False
) -> Select[Any]:
    """Select the price lists that match: in use, or those that were archived."""
    away = PriceList.archived_at.is_not(None) if archived else PriceList.archived_at.is_(None)
    query = select(PriceList).where(away).options(joinedload(PriceList.organization))
    if q:
        folded = func.search_key(PriceList.name)
        query = query.where(folded.like(func.search_key(like_pattern(q))))
    if organization_id:
        query = query.where(PriceList.organization_id == organization_id)
    return query


def price_list(session: Session, key: int, *, lock: bool = False) -> PriceList:
    """Return one price list, locked when it will be changed. Raises NotVisible."""
    query = select(PriceList).where(PriceList.id == key).options(joinedload(PriceList.organization))
    found = session.scalar(query.with_for_update(of=PriceList) if lock else query)
    if found is None:
        raise NotVisible("There is no such price list.")
    return found


def listed_entries(price_list_id: int, q: str = "") -> Select[Any]:
    """Select the prices of a list with their product and variant."""
    query = (
        select(PriceEntry)
        .where(PriceEntry.price_list_id == price_list_id)
        .join(PriceEntry.product)
        .outerjoin(PriceEntry.variant)
        .options(contains_eager(PriceEntry.product), contains_eager(PriceEntry.variant))
    )
    return query.where(contains(Product.search, q)) if q else query


def entry(session: Session, of: PriceList, key: int) -> PriceEntry:
    """Return one price of a list. Raises NotVisible when it has no such price (any more)."""
    found = session.scalar(listed_entries(of.id).where(PriceEntry.id == key))
    if found is None:
        raise NotVisible("There is no such price any more.")
    return found


def lists_with_product(session: Session, product_id: int, day: date) -> list[tuple[PriceList, int]]:
    """Return the lists valid on ``day`` that have a price of a product, and how many."""
    query = (
        select(PriceList, func.count())
        .join(PriceEntry, PriceEntry.price_list_id == PriceList.id)
        .where(PriceEntry.product_id == product_id, *valid_on(day))
        .group_by(PriceList.id)
        .order_by(PriceList.name)
    )
    return [(found, count) for found, count in session.execute(query)]


def trail_of(found: PriceList) -> list[tuple[str, list[int] | Select[Any]]]:
    """Return what the history of a price list is about: the list, and the prices in it."""
    keys = select(PriceEntry.id).where(PriceEntry.price_list_id == found.id)
    return [("price_lists", [found.id]), ("price_entries", keys)]


def create_price_list(session: Session, values: dict[str, Any]) -> PriceList:
    """Add a price list of a tier or of one customer. Raises Invalid when the name is taken."""
    made = PriceList(**(values | {"percent_off": values["percent_off"] or 0}))
    with _unique(session, "uq_price_lists_name", name=TAKEN):
        session.add(made)
    return made


def change_price_list(session: Session, found: PriceList, values: dict[str, Any]) -> None:
    """Change some fields. Raises Invalid when the name is taken or the days do not fit."""
    with _unique(session, "uq_price_lists_name", name=TAKEN):
        for name, value in values.items():
            setattr(found, name, (value or 0) if name == "percent_off" else value)
        if found.valid_from and found.valid_to and found.valid_to < found.valid_from:
            words = "The last day lies before the first."
            raise Invalid(words, valid_to=words)


def add_entry(session: Session, of: PriceList, code: str, values: dict[str, Any]) -> PriceEntry:
    """Add a price of a product (by SKU) or of one variant (by code).

    Raises Invalid when there is no such code, when the list has a price for it from that
    quantity already, or when a larger quantity would cost more.
    """
    made = PriceEntry(price_list_id=of.id, **values)
    made.product_id, made.variant_id = _meant(session, code)
    with _one_price(session):
        _refuse_rising(session, made)
        session.add(made)
    return made


def _meant(session: Session, code: str) -> tuple[int, int | None]:
    """Return the product, and perhaps the variant, that a code stands for. Raises Invalid."""
    product_id = session.scalar(select(Product.id).where(Product.sku == code))
    if product_id is not None:
        return product_id, None
    variant = session.scalar(select(Variant).where(Variant.code == code))
    if variant is None:
        words = f"There is no product or variant “{code}”."
        raise Invalid(words, code=words)
    return variant.product_id, variant.id


def change_entry(session: Session, found: PriceEntry, values: dict[str, Any]) -> None:
    """Change quantity or price of an entry. Raises Invalid as ``add_entry`` does."""
    with _one_price(session), session.no_autoflush:
        for name, value in values.items():
            setattr(found, name, value)
        _refuse_rising(session, found)


def remove(session: Session, found: PriceList) -> None:
    """Delete a price list with its prices; orders keep the prices they were made with."""
    count = session.scalar(select(func.count()).where(PriceEntry.price_list_id == found.id))
    note(session, "deleted the prices of", "price_lists", found.id, prices=count)
    session.delete(found)


def _refuse_rising(session: Session, changed: PriceEntry) -> None:
    """Raise Invalid when a larger quantity would cost more than a smaller one."""
    siblings = select(PriceEntry).where(
        PriceEntry.price_list_id == changed.price_list_id,
        PriceEntry.product_id == changed.product_id,
        PriceEntry.variant_id.is_not_distinct_from(changed.variant_id),
        PriceEntry.id != (changed.id or 0),
    )
    ladder = ((other.min_quantity, other.price) for other in session.scalars(siblings))
    if words := rising(changed.min_quantity, changed.price, ladder):
        raise Invalid(words, price=words)


def _one_price(session: Session) -> AbstractContextManager[None]:
    words = "The list has a price for it from this quantity already."
    return _unique(session, "uq_price_entries_place", min_quantity=words)


@contextmanager
def _unique(session: Session, constraint: str, **fields: str) -> Iterator[None]:
    """Say in words that a constraint was broken; a savepoint undoes what the block did."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        if constraint not in str(error.orig):
            raise
        raise Invalid(*fields.values(), **fields) from None
