"""Lists that stay fast at a million rows: keyset pages, capped counts, sorting by index."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from wholesale.core.errors import Invalid
from wholesale.core.money import parse_amount
from wholesale.core.text import like_pattern

PAGE_SIZE = 50
COUNT_CAP = 1000
LONGEST_CURSOR = 2000
LARGEST = 2**63


@dataclass(frozen=True)
class Sort:
    """One way to sort a list: by ``column``, then by key, along an index."""

    name: str
    column: Any
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """One page of a list, with the cursors of its neighbours."""

    rows: list[Any]
    before: str | None
    after: str | None
    count: str
    sort: str
    descending: bool


@dataclass(frozen=True)
class Listing:
    """The sorts a list offers; the first is the default."""

    key: InstrumentedAttribute[int]
    sorts: tuple[Sort, ...]

    def chosen(self, name: str | None) -> tuple[Sort, bool]:
        """Return the sort that ``name`` asks for and whether it descends; ``-name`` reverses.

        Raises Invalid for a sort the list does not have.
        """
        if not name:
            return self.sorts[0], self.sorts[0].descending
        for sort in self.sorts:
            if sort.name == name.lstrip("-"):
                return sort, name.startswith("-")
        raise Invalid(f"This list cannot be sorted by “{name[:40]}”.")

    def ordered(self, query: Select[Any], name: str | None) -> Select[Any]:
        """Return ``query`` in the chosen order, without a limit: for downloads."""
        sort, descending = self.chosen(name)
        return query.order_by(*_order(sort.column, self.key, descending))

    def page(
        self,
        session: Session,
        query: Select[Any],
        *,
        sort: str | None,
        after: str | None,
        before: str | None,
        size: int = PAGE_SIZE,
    ) -> Page:
        """Return the page of ``query``'s records that follows ``after`` or precedes ``before``."""
        chosen, descending = self.chosen(sort)
        backwards = before is not None and after is None
        cursor = before if backwards else after
        rising = descending if backwards else not descending
        page_query = query.add_columns(chosen.column.label("cursor_value"))
        if cursor:
            page_query = page_query.where(_beyond(chosen.column, self.key, cursor, rising))
        page_query = page_query.order_by(*_order(chosen.column, self.key, not rising))
        found = list(session.execute(page_query.limit(size + 1)))
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        first, last = (found[0], found[-1]) if found else (None, None)
        return Page(
            rows=[row[0] for row in found],
            before=_cursor(first) if (more if backwards else cursor) else None,
            after=_cursor(last) if (cursor if backwards else more) else None,
            count=self._count(session, query),
            sort=chosen.name,
            descending=descending,
        )

    def _count(self, session: Session, query: Select[Any]) -> str:
        capped = query.with_only_columns(self.key).order_by(None).limit(COUNT_CAP + 1).subquery()
        found = session.scalar(select(func.count()).select_from(capped)) or 0
        return f"{COUNT_CAP:,}+" if found > COUNT_CAP else f"{found:,}"


def contains(column: Any, q: str) -> Any:
    """Return the condition that ``column``, a search key, contains what was typed."""
    return column.like(func.search_key(like_pattern(q)))


def _order(column: Any, key: Any, descending: bool) -> tuple[Any, Any]:
    return (column.desc(), key.desc()) if descending else (column.asc(), key.asc())


def _cursor(row: Any) -> str | None:
    if row is None:
        return None
    text = json.dumps([str(row.cursor_value), row[0].id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _beyond(column: Any, key: Any, cursor: str, rising: bool) -> ColumnElement[bool]:
    try:
        padded = cursor[:LONGEST_CURSOR] + "=" * (-len(cursor[:LONGEST_CURSOR]) % 4)
        text, number = json.loads(base64.urlsafe_b64decode(padded))
        value = _READ[column.type.python_type](str(text))
        if not isinstance(number, int) or not 0 < number < LARGEST:
            raise ValueError(number)
        edge = tuple_(bindparam(None, value, type_=column.type), number)
    except (ValueError, TypeError, ArithmeticError, KeyError, RecursionError):
        raise Invalid("This page of the list does not exist. Start from the first.") from None
    pair = tuple_(column, key)
    return pair > edge if rising else pair < edge


def _verbatim(text: str) -> str:
    """Return a text as it stands in the row: cleaned, it would be another place in the order."""
    if "\x00" in text:
        raise ValueError("no text of the database")
    return text


_READ: dict[type, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: parse_amount,
    int: int,
    str: _verbatim,
}
