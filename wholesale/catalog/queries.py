"""Reads of the catalog."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from wholesale.catalog import offers, search
from wholesale.catalog.models import Category, Product, SizeRun, Variant
from wholesale.core.errors import NotVisible
from wholesale.web.listing import Listing, Sort

Buyer, price_bases = offers.Buyer, offers.price_bases
pick_products, similar_keys = search.pick_products, search.similar_keys
_SORTS = (
    Sort("name", Product.name),
    Sort("sku", Product.sku),
    Sort("price", Product.base_price),
)
LISTING = Listing(Product.id, _SORTS)
VARIANTS = Listing(Variant.id, _SORTS)  # of the products listed, in the products' order


def listed_products(**wanted: Any) -> Select[Any]:
    """Select the products of the list, with what its rows show; ``_matching`` says which."""
    return (
        select(Product)
        .where(*_matching(**wanted))
        .options(
            joinedload(Product.category), joinedload(Product.size_run), selectinload(Product.images)
        )
    )


def listed_variants(**wanted: Any) -> Select[Any]:
    """Select the variants, archived ones too, of the products that the list shows."""
    return select(Variant).join(Variant.product).where(*_matching(**wanted))


def _matching(
    q: str = "",
    category: int | None = None,
    decoration: str = "",
    size_run: int | None = None,
    archived: bool = False,
    similar: Collection[int] | None = None,
) -> list[Any]:
    """Return the conditions of the list: products in use, or those archived.

    A category stands for those within it, too; ``similar`` names the products to take
    instead of those that hold ``q``.
    """
    found: list[Any] = [
        Product.archived_at.is_not(None) if archived else Product.archived_at.is_(None)
    ]
    if similar is not None:
        found.append(Product.id.in_(similar))
    elif q:
        found.append(search.product_holds(q))
    if category:
        within = or_(Category.id == category, Category.parent_id == category)
        found.append(Product.category_id.in_(select(Category.id).where(within)))
    if decoration:
        found.append(Product.decoration == decoration)
    if size_run:
        found.append(Product.size_run_id == size_run)
    return found


def surcharge_words() -> Any:
    """Return a product's surcharges as one column: ``2XL +2.00, 3XL +3.00``, as the run goes."""
    sizes = func.unnest(SizeRun.sizes).table_valued("size", with_ordinality="place", name="run")
    sizes = sizes.render_derived()
    extra = Product.surcharges.op("->>")(sizes.c.size)
    each = func.concat(sizes.c.size, " +", extra)
    words = func.string_agg(each, aggregate_order_by(literal(", "), sizes.c.place))
    return (
        select(words)
        .select_from(sizes)
        .where(extra.is_not(None))
        .correlate(Product, SizeRun)
        .scalar_subquery()
    )


def product(session: Session, sku: str, *, lock: bool = False) -> Product:
    """Return one product by SKU, whatever its case; locked when it will be changed.

    Raises NotVisible when there is none.
    """
    query = (
        select(Product)
        .where(Product.sku == sku)
        .options(
            joinedload(Product.category).joinedload(Category.parent),
            joinedload(Product.size_run),
            selectinload(Product.variants),
            selectinload(Product.images),
        )
    )
    found = session.scalar(query.with_for_update(of=Product) if lock else query)
    if found is None:
        raise NotVisible("There is no such product.")
    return found


def categories(session: Session) -> list[Category]:
    """Return all categories by name, each followed by those within it."""
    top = aliased(Category)
    query = (
        select(Category)
        .outerjoin(Category.parent.of_type(top))
        .options(contains_eager(Category.parent.of_type(top)))
        .order_by(func.coalesce(top.name, Category.name), Category.is_top.desc(), Category.name)
    )
    return list(session.scalars(query))


def category(session: Session, key: int, *, lock: bool = False) -> Category:
    """Return one category, locked when it will be changed. Raises NotVisible."""
    query = select(Category).where(Category.id == key)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotVisible("There is no such category.")
    return found


def products_per_category(session: Session, shelves: list[Category]) -> dict[int, int]:
    """Return category → how many products in use its filter shows: those within it, too."""
    query = select(Product.category_id, func.count()).where(Product.archived_at.is_(None))
    own = dict(session.execute(query.group_by(Product.category_id)).all())
    counts = dict(own)
    for shelf in shelves:
        if shelf.parent_id:
            counts[shelf.parent_id] = counts.get(shelf.parent_id, 0) + own.get(shelf.id, 0)
    return counts


def has_children(session: Session, category: Category) -> bool:
    """Tell whether other categories lie within ``category``."""
    query = select(func.count()).where(Category.parent_id == category.id)
    return bool(session.scalar(query))


def taken_codes(session: Session, codes: list[str]) -> dict[str, int]:
    """Return code, folded → variant, of those among ``codes`` that exist in any case."""
    query = select(Variant.code, Variant.id).where(Variant.code.in_(codes))
    return {code.lower(): key for code, key in session.execute(query)} if codes else {}


def codes_of_sku(session: Session, sku: str) -> set[str]:
    """Return the codes, folded, that begin with a SKU: a suggested one must be none of them."""
    query = select(Variant.code).where(Variant.code.startswith(sku, autoescape=True))
    return {code.lower() for code in session.scalars(query)}
