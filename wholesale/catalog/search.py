"""Finding products as one types: by SKU, name, a variant's code, its colour or its material."""

from typing import Any

from sqlalchemy import Select, and_, or_, select, union_all
from sqlalchemy.orm import Session

from wholesale.catalog.models import Product, Variant
from wholesale.core.search import (
    RESEMBLING,
    SHORTEST,
    WORDS,
    begins,
    begins_a_word,
    first_of,
    holds,
    likeness,
    resembles,
    widen,
)

PICKED = 8
FEW = 3  # with fewer hits than this, similar ones are offered
LOOKALIKES = 500


def product_holds(q: str) -> Any:
    """Return the condition that every word of ``q`` is in a product's own key or a variant's."""
    if len(q) < SHORTEST:
        return holds(Product.search, q)
    return and_(*(_word_in(word) for word in q.split()[:WORDS]))


def pick_products(session: Session, q: str) -> list[Product]:
    """Return the best matches for what was typed: an exact SKU or code, what begins with it,
    what holds it, and where these are few, what resembles it."""
    if not q:
        return []
    in_use = select(Product).where(Product.archived_at.is_(None))
    coded = select(Variant.product_id).where(Variant.code == q, Variant.archived_at.is_(None))
    exact = or_(Product.sku == q, Product.id.in_(coded))
    first = begins(Product.search, q)
    starts = begins_a_word(Product.search, q)
    query = in_use.where(or_(exact, product_holds(q)))
    best = query.order_by(exact.desc(), first.desc(), starts.desc(), Product.name)
    found = list(session.scalars(best.limit(PICKED)))
    if len(found) < FEW and len(q) >= SHORTEST:
        found += [one for one in _resembling(session, in_use, q) if one not in found]
    return found[:PICKED]


def similar_keys(session: Session, q: str) -> list[int]:
    """Return the keys of products in use that resemble ``q``, or a variant of which does."""
    if len(q) < SHORTEST:
        return []
    in_use = select(Product).where(Product.archived_at.is_(None))
    return [product.id for product in _resembling(session, in_use, q, LOOKALIKES)]


def _word_in(word: str) -> Any:
    own = select(Product.id).where(holds(Product.search, word))
    variants = select(Variant.product_id).where(
        Variant.archived_at.is_(None), holds(Variant.search, word)
    )
    return Product.id.in_(union_all(own, variants))


def _resembling(
    session: Session, in_use: Select[Any], q: str, limit: int = PICKED
) -> list[Product]:
    """Products in use that resemble it, the most alike first; then those with such a variant."""
    close = likeness(Product.search, q).desc()
    own = in_use.where(resembles(Product.search, q)).order_by(close, Product.name).limit(limit)
    alike = select(Variant).where(Variant.archived_at.is_(None), resembles(Variant.search, q))
    variants = first_of(alike, Variant.product_id, LOOKALIKES)
    others = in_use.where(Product.id.in_(variants)).order_by(Product.name).limit(limit)
    for share in RESEMBLING:
        widen(session, share)
        if found := list(dict.fromkeys([*session.scalars(own), *session.scalars(others)])):
            return found[:limit]
    return []
