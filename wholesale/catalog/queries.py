"""Reads of the catalog."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from wholesale.catalog import offers
from wholesale.catalog.models import Category, Product, Variant
from wholesale.core.errors import NotVisible
from wholesale.web.listing import Listing, Sort, contains

Buyer, price_bases = offers.Buyer, offers.price_bases
PICKED = 8
LISTING = Listing(
    Product.id,
    (
        Sort("name", Product.name),
        Sort("sku", Product.sku),
        Sort("price", Product.base_price),
    ),
)


def listed_products(q: str = "", category_id: int | None = None) -> Select[Any]:
    """Select the products of the list: not archived, matching ``q`` and the category."""
    query = select(Product).where(Product.archived_at.is_(None))
    if q:
        query = query.where(contains(Product.search, q))
    if category_id:
        query = query.where(Product.category_id == category_id)
    return query.options(joinedload(Product.category), joinedload(Product.size_run))


def pick_products(session: Session, q: str) -> list[Product]:
    """Return the best matches for a typed SKU, variant code or name: exact SKUs first."""
    if not q:
        return []
    by_code = select(Variant.product_id).where(Variant.code == q, Variant.archived_at.is_(None))
    query = (
        select(Product)
        .where(
            Product.archived_at.is_(None), or_(contains(Product.search, q), Product.id.in_(by_code))
        )
        .order_by((Product.sku == q).desc(), Product.name)
        .limit(PICKED)
    )
    return list(session.scalars(query))


def product(session: Session, sku: str) -> Product:
    """Return one product by SKU, whatever its case. Raises NotVisible when there is none."""
    found = session.scalar(
        select(Product)
        .where(Product.sku == sku)
        .options(
            joinedload(Product.category),
            joinedload(Product.size_run),
            selectinload(Product.variants),
        )
    )
    if found is None:
        raise NotVisible("There is no such product.")
    return found


def categories(session: Session) -> list[Category]:
    """Return all categories by name."""
    return list(session.scalars(select(Category).order_by(Category.name)))


def surcharges_in_words() -> Any:
    """Return the column expression of a product's surcharges: ``2XL +2.00, 3XL +3.00``."""
    size = func.jsonb_each_text(Product.surcharges).table_valued("key", "value").alias("size")
    one = size.c.key + " +" + size.c.value
    words = select(func.string_agg(one, ", ")).select_from(size)
    return words.correlate(Product).scalar_subquery().label("surcharges")
