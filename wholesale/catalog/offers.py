"""Reads of price lists: what a customer, or a tier, is offered for each variant on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from wholesale.catalog import pricing
from wholesale.catalog.models import PriceEntry, PriceList, Product, Variant
from wholesale.catalog.pricing import Basis, Break, Offer
from wholesale.customers.models import Organization


@dataclass(frozen=True)
class Buyer:
    """Who pays: a customer of a tier, or anybody of a tier; without either the list price."""

    tier: str | None = None
    organization_id: int | None = None

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """Return the buyer that an organization is."""
        return cls(organization.tier, organization.id)


def price_bases(
    session: Session, buyer: Buyer, products: Sequence[Product], day: date
) -> dict[int, Basis]:
    """Return variant key → what its price depends on for ``buyer`` on ``day``.

    ``products`` need their variants loaded. The customer's own lists come before those of
    its tier, the latest begun first.
    """
    lists = price_lists_for(session, buyer, day)
    entries = _entries(session, lists, [product.id for product in products])
    return {
        variant.id: basis_of(product, variant, lists, entries)
        for product in products
        for variant in product.variants
    }


def basis_of(
    product: Product, variant: Variant, lists: Sequence[PriceList], entries: Iterable[PriceEntry]
) -> Basis:
    """Return one variant's basis from the lists that apply and their entries."""
    mine = [entry for entry in entries if entry.product_id == product.id]
    offers = [_offer(price_list, variant, mine) for price_list in lists]
    own_price = variant.price is not None
    return pricing.basis(variant.unit_price, variant.code if own_price else product.sku, offers)


def price_lists_for(session: Session, buyer: Buyer, day: date) -> list[PriceList]:
    """Return the price lists that apply to ``buyer`` on ``day``, the first counts most."""
    mine = or_(
        PriceList.organization_id == (buyer.organization_id or 0),
        PriceList.tier == (buyer.tier or ""),
    )
    query = select(PriceList).where(mine, *valid_on(day))
    rank = PriceList.organization_id.is_(None), PriceList.valid_from.desc().nulls_last()
    return list(session.scalars(query.order_by(*rank, PriceList.id.desc())))


def valid_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a list is in use and ``day`` lies within its days."""
    return (
        PriceList.archived_at.is_(None),
        or_(PriceList.valid_from.is_(None), PriceList.valid_from <= day),
        or_(PriceList.valid_to.is_(None), PriceList.valid_to >= day),
    )


def _entries(session: Session, lists: Sequence[PriceList], product_ids: list[int]) -> list[Any]:
    if not lists:
        return []
    query = select(PriceEntry).where(
        PriceEntry.price_list_id.in_([found.id for found in lists]),
        PriceEntry.product_id.in_(product_ids),
    )
    return list(session.scalars(query))


def _offer(price_list: PriceList, variant: Variant, entries: Iterable[PriceEntry]) -> Offer:
    """A list's prices of the variant itself stand before those of its product."""
    listed = [entry for entry in entries if entry.price_list_id == price_list.id]
    special = [entry for entry in listed if entry.variant_id == variant.id]
    general = [entry for entry in listed if entry.variant_id is None]
    breaks = tuple(Break(entry.min_quantity, entry.price) for entry in special or general)
    return Offer(price_list.name, price_list.percent_off, breaks)
