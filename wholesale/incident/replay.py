"""What happened after a point in time, and doing it again where that is safe."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapper, Session

from wholesale.audit.actor import Acting, acting, set_acting
from wholesale.audit.recording import HIDDEN, SECRETS
from wholesale.core.models import Base
from wholesale.incident.source import Entry
from wholesale.lines.models import Lined, LineItem
from wholesale.lines.totals import refresh_totals_of

SAME_MOMENT = timedelta(seconds=60)  # between a row's own clock and its entry's

READERS: dict[type, Callable[[Any], Any]] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    uuid.UUID: uuid.UUID,
}


class Outcome(StrEnum):
    """What can be done about an entry."""

    APPLIES = "applies"
    THERE = "there already"
    CONFLICT = "conflict"
    BY_HAND = "by hand"
    NOTHING = "nothing to apply"


@dataclass(frozen=True)
class Step:
    """One entry and what becomes of it, with the reason."""

    entry: Entry
    outcome: Outcome
    reason: str = ""


class ByHand(Exception):
    """No program can do this again: the words say why."""


def replay(session: Session, entries: Iterable[Entry]) -> list[Step]:
    """Do again, in ``session``, what entries tell, in their order; the caller commits, or not.

    A change is made only where each of its fields is what it was before it, each in a savepoint
    of its own. What is made is in the trail as a replay.
    """
    wanted = list(entries)
    later = _Later(wanted)
    operator, touched = acting(), set[tuple[Any, int]]()
    steps = []
    for entry in wanted:
        later.past(entry)
        set_acting(Acting(name=f"replay of entry {entry.id}, {operator.name}"))
        steps.append(_step(session, entry, later, touched))
    set_acting(Acting(name=f"replay, {operator.name}"))
    for kind in {kind for kind, _ in touched}:
        refresh_totals_of(session, kind, [key for one, key in touched if one is kind])
    set_acting(operator)
    return steps


class _Later:
    """Which values a field takes in entries that are still to come."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.values: dict[tuple[str, str], list[Any]] = {}
        for entry in entries:
            for name, value in entry.after.items():
                self.values.setdefault((entry.record, name), []).append(value)

    def past(self, entry: Entry) -> None:
        """Forget the values that ``entry`` itself gives."""
        for name in entry.after:
            self.values[entry.record, name].pop(0)

    def of(self, entry: Entry, name: str) -> list[Any]:
        """Return what entries still to come give a field of the record."""
        return self.values[entry.record, name]


def _step(session: Session, entry: Entry, later: _Later, touched: set[tuple[Any, int]]) -> Step:
    try:
        if entry.action == "updated" and entry.before and entry.after:
            return _change(session, entry, later, touched)
        return _whole(session, entry)
    except ByHand as reason:
        return Step(entry, Outcome.BY_HAND, str(reason))
    except (SQLAlchemyError, ValueError, TypeError, ArithmeticError) as error:
        words = str(getattr(error, "orig", error)).partition("\n")[0]
        return Step(entry, Outcome.CONFLICT, f"refused: {words}")


def _whole(session: Session, entry: Entry) -> Step:
    """Return what becomes of a creation or deletion: it is there, or it is done by hand."""
    if entry.action not in ("created", "deleted"):
        return Step(entry, Outcome.NOTHING)
    mapper = _mapper(entry)
    row = session.get(mapper.class_, _key(mapper, entry))
    if entry.action == "deleted":
        if row is None or _is_younger(row, entry):
            return Step(entry, Outcome.THERE)
        raise ByHand("delete it again, if that is still wanted")
    if row is not None and not _is_younger(row, entry):
        return Step(entry, Outcome.THERE)
    raise ByHand("make it again: what an entry tells of it may not be all")


def _change(session: Session, entry: Entry, later: _Later, touched: set[tuple[Any, int]]) -> Step:
    mapper = _mapper(entry)
    with session.begin_nested() as savepoint:
        row = session.get(mapper.class_, _key(mapper, entry), with_for_update=True)
        if row is None or _is_younger(row, entry):
            raise ByHand("the record is not there: it was made after the point in time")
        missing, conflicts = _compared(mapper, row, entry, later)
        if conflicts or not missing:
            savepoint.rollback()
            outcome = Outcome.CONFLICT if conflicts else Outcome.THERE
            return Step(entry, outcome, "; ".join(conflicts))
        for name, value in missing.items():
            setattr(row, name, value)
        session.flush()
    if isinstance(row, Lined):
        touched.add((type(row), row.id))
    elif isinstance(row, LineItem):
        touched.add((_document_of(type(row)), row.document_id))
    return Step(entry, Outcome.APPLIES)


def _compared(
    mapper: Mapper[Any], row: Any, entry: Entry, later: _Later
) -> tuple[dict[str, Any], list[str]]:
    """Return the fields that are still as before, with their new values, and what is neither."""
    missing, conflicts = {}, []
    for name, value in entry.after.items():
        before = _typed(mapper, name, entry.before.get(name))
        after, present = _typed(mapper, name, value), getattr(row, name)
        if present == after:
            continue
        if present == before:
            missing[name] = after
        elif present not in [_typed(mapper, name, one) for one in later.of(entry, name)]:
            conflicts.append(f"{name} is {present!s}, not {before!s}")
    return missing, conflicts


def _mapper(entry: Entry) -> Mapper[Any]:
    for mapper in Base.registry.mappers:
        if getattr(mapper.local_table, "name", "") == entry.entity:
            return mapper
    raise ByHand("no table of this version holds it")


def _key(mapper: Mapper[Any], entry: Entry) -> tuple[Any, ...]:
    columns = mapper.primary_key
    parts = entry.key.split(":", len(columns) - 1)
    if len(parts) != len(columns):
        raise ByHand("its key is none of this table")
    pairs = zip(columns, parts, strict=True)
    return tuple(int(p) if c.type.python_type is int else p for c, p in pairs)


def _is_younger(row: Any, entry: Entry) -> bool:
    """Tell whether a row was made after the entry: another record that got the same key."""
    made = getattr(row, "created_at", None)
    if made is None:
        raise ByHand("the table does not say how old its rows are")
    return bool(made > entry.at + SAME_MOMENT)


def _typed(mapper: Mapper[Any], name: str, value: Any) -> Any:
    """Return a recorded value as the column holds it. Raises ByHand for what cannot be known."""
    if name in SECRETS or value == HIDDEN:
        raise ByHand(f"{name} is a secret, which the trail does not record")
    if name not in mapper.column_attrs:
        raise ByHand(f"there is no field {name} in this version")
    if value is None:
        return None
    kind = mapper.column_attrs[name].columns[0].type.python_type
    return READERS[kind](value) if kind in READERS else value


def _document_of(line: type[LineItem]) -> type[Lined]:
    """Return the class of documents that has lines of this class."""
    return next(
        mapper.class_
        for mapper in inspect(line).registry.mappers
        if issubclass(mapper.class_, Lined) and mapper.class_.line_class() is line
    )
