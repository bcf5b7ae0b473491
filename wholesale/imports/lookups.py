"""Finds records by the names that people give them in their files."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from wholesale.accounts.models import User
from wholesale.catalog.models import Category, PriceList, Product, SizeRun, Variant
from wholesale.customers.models import Organization
from wholesale.imports.entries import Links
from wholesale.imports.finding import standing
from wholesale.orders.models import Order

WORDS = {
    "organizations": "customer",
    "salespeople": "person",
    "products": "product",
    "variants": "variant",
    "categories": "category",
    "size_runs": "size run",
    "price_lists": "price list",
    "orders": "order",
}


class LooseLinks(Links):
    """Links by number, code, address or name, whatever the case and accents."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._twice: set[tuple[str, str]] = set()

    def find(self, record: str, names: Iterable[str]) -> Mapping[str, int]:
        """Return a mapping of lower-case names to primary keys; what is ambiguous is left out."""
        found: dict[str, int] = {}
        listed = sorted(set(names))
        for query in _LOOKUPS[record](_given(listed)) if listed else ():
            once: dict[str, set[int]] = {}
            for name, key in self._session.execute(query):
                once.setdefault(name.lower(), set()).add(key)
            for name, keys in once.items():
                if len(keys) == 1:
                    found.setdefault(name, next(iter(keys)))
                elif name not in found:
                    self._twice.add((record, name))
        return found

    def missing(self, record: str, name: str) -> str:
        """Say that there is no such record, or more than one."""
        if (record, name.lower()) in self._twice:
            return f"Several records are called “{name}”. Use the number."
        return f"There is no {WORDS[record]} “{name}”."


Lookup = Callable[[Any], list[Select[Any, Any]]]


def _given(names: list[str]) -> Any:
    return func.unnest(cast(names, ARRAY(Text))).column_valued("given")


def _organizations(given: Any) -> list[Select[Any, Any]]:
    query = select(given, Organization.id).where(standing())
    named = query.where(func.search_key(Organization.name) == func.search_key(given))
    return [
        query.where(Organization.reference == cast(given, CITEXT)),
        named.where(Organization.archived_at.is_(None)),
        named,
    ]


def _people(given: Any) -> list[Select[Any, Any]]:
    query = select(given, User.id).where(User.is_active)
    return [
        query.where(User.email == cast(given, CITEXT)),
        query.where(User.reference == cast(given, CITEXT)),
        query.where(func.search_key(User.name) == func.search_key(given)),
    ]


def _by(column: Any, key: Any) -> Lookup:
    return lambda given: [select(given, key).where(column == cast(given, CITEXT))]


_LOOKUPS: dict[str, Lookup] = {
    "organizations": _organizations,
    "salespeople": _people,
    "products": _by(Product.sku, Product.id),
    "variants": _by(Variant.code, Variant.id),
    "categories": _by(Category.name, Category.id),
    "size_runs": _by(SizeRun.name, SizeRun.id),
    "price_lists": lambda given: [
        select(given, PriceList.id).where(func.lower(PriceList.name) == func.lower(given))
    ],
    "orders": lambda given: [select(given, Order.id).where(Order.code == func.upper(given))],
}
