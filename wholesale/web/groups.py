"""A list by groups: the first rows of each and capped sums, as many reads along an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from wholesale.web.listing import COUNT_CAP, Sort
from wholesale.web.shown import note_rows


@dataclass(frozen=True)
class Sum:
    """How many rows a group has and what they come to; of a large group, of its first rows."""

    count: int = 0
    total: Decimal = Decimal(0)
    is_capped: bool = False


def firsts(
    session: Session,
    query: Select[Any],
    by: InstrumentedAttribute[Any],
    groups: Sequence[Any],
    sort: Sort,
    limit: int,
    load: Sequence[InstrumentedAttribute[Any]],
) -> Sequence[Any]:
    """Return the first ``limit`` rows of each of ``groups``, with what ``load`` names."""
    if not groups:
        return []
    model = by.class_
    parts = [_first(query, by, group, sort, limit).with_only_columns(model.id) for group in groups]
    rows = select(model).where(model.id.in_(union_all(*parts)))
    rows = rows.options(*(joinedload(one) for one in load)).order_by(*_order(model, sort))
    found = session.scalars(rows).all()
    note_rows(len(found))
    return found


def sums(
    session: Session,
    query: Select[Any],
    by: InstrumentedAttribute[Any],
    groups: Sequence[Any],
    money: InstrumentedAttribute[Decimal],
    sort: Sort,
    cap: int = COUNT_CAP,
) -> dict[Any, Sum]:
    """Return the sum of each of ``groups``, of its first ``cap`` rows by ``sort`` at most."""
    if not groups:
        return {}
    parts: list[Any] = []
    for place, group in enumerate(groups):
        part = _first(query, by, group, sort, cap + 1).with_only_columns(money.label("money"))
        row = part.subquery()
        parts.append(select(bindparam(None, place), func.count(), func.sum(row.c.money)))
    found = {place: (count, total) for place, count, total in session.execute(union_all(*parts))}
    return {
        group: Sum(min(found[place][0], cap), found[place][1] or Decimal(0), found[place][0] > cap)
        for place, group in enumerate(groups)
    }


def _first(
    query: Select[Any], by: InstrumentedAttribute[Any], group: Any, sort: Sort, limit: int
) -> Select[Any]:
    """Select the first rows of one group.

    Its value is written out: a planner that does not know how rare it is may read the
    whole of another index for it.
    """
    value = bindparam(None, group, by.type, literal_execute=True)
    return query.where(by == value).order_by(*_order(by.class_, sort)).limit(limit)


def _order(model: Any, sort: Sort) -> list[Any]:
    ends = (sort.column, model.id)
    return [end.desc() if sort.descending else end.asc() for end in ends]
