"""Writes entries: new ones in bulk, changed ones by key, unchanged ones not at all."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Row, bindparam, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Session

from wholesale.imports.entries import Entry
from wholesale.imports.mapping import Target
from wholesale.imports.records import ARCHIVED, Record
from wholesale.imports.report import Counts, Problem

Key = tuple[Any, ...]


def key_of(record: Record, entry: Entry) -> Key:
    """Return what tells ``entry`` from the others, as the database compares it."""
    return _folded(record.key_columns, [entry.values[c.name] for c in record.key_columns])


def _folded(columns: "list[Column[Any]]", values: Iterable[Any]) -> Key:
    return tuple(
        value.lower() if isinstance(column.type, CITEXT) else value
        for column, value in zip(columns, values, strict=True)
    )


def write(session: Session, target: Target, entries: list[Entry], counts: Counts) -> list[Problem]:
    """Create and update what differs, give each entry its ``id`` and add to ``counts``.

    Returns the problems of entries that are new but lack what a new record must have.
    """
    record = target.record
    present = _present(session, record, entries)
    new, changed = [], []
    for entry in entries:
        row = present.get(key_of(record, entry))
        if row is None:
            new.append(entry)
        else:
            entry.id = row[0]
            if not target.keeps_existing and _changes(row, entry):
                changed.append(entry)
    problems = _incomplete(target, new)
    if not problems:
        _insert(session, record, new)
        _update(session, record, changed)
    counts.created += len(new)
    counts.updated += len(changed)
    counts.unchanged += len(entries) - len(new) - len(changed)
    return problems


def _present(session: Session, record: Record, entries: list[Entry]) -> dict[Key, Row[Any]]:
    """Return the rows that exist, by key: the primary key first, then all mapped columns."""
    keys = record.key_columns
    names = dict.fromkeys(name for entry in entries for name in entry.values)
    wanted = [tuple(entry.values[column.name] for column in keys) for entry in entries]
    columns = [record.table.c[name].label(name) for name in names]
    query = select(record.id_column.label("primary_key"), *columns)
    if len(keys) == 1:
        query = query.where(keys[0].in_([key[0] for key in wanted]))
    else:
        query = query.where(tuple_(*keys).in_(wanted))
    rows = session.execute(query).all()
    return {_folded(keys, [row._mapping[c.name] for c in keys]): row for row in rows}


def _changes(row: Row[Any], entry: Entry) -> bool:
    return any(_differs(name, row._mapping[name], new) for name, new in entry.values.items())


def _differs(name: str, old: Any, new: Any) -> bool:
    """Compare two values; of an archived record only whether it is matters, not since when."""
    if name == ARCHIVED:
        return (old is None) != (new is None)
    return bool(old != new)


def _incomplete(target: Target, new: list[Entry]) -> list[Problem]:
    record = target.record
    required = {record.column(n).name: n for n in record.fields if record.is_required(n)}
    problems = []
    for entry in new:
        absent = [n for c, n in required.items() if c not in entry.values | entry.fresh]
        if absent:
            reason = f"It is new and has no {', '.join(absent)}."
            problems.append(Problem(target.file, entry.line, None, reason))
    return problems


def _insert(session: Session, record: Record, new: list[Entry]) -> None:
    """Insert in one statement per set of columns: an empty cell leaves the column's default."""
    groups: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in new:
        groups[tuple(sorted(entry.fresh | entry.values))].append(entry)
    always = dict(record.fixed) | ({"version": 1} if "version" in record.table.c else {})
    statement = insert(record.table).returning(record.id_column, sort_by_parameter_order=True)
    for entries in groups.values():
        rows = [entry.fresh | entry.values | always for entry in entries]
        for entry, key in zip(entries, session.scalars(statement, rows), strict=True):
            entry.id = key


def _update(session: Session, record: Record, changed: list[Entry]) -> None:
    """Write the mapped columns; who has the record open meanwhile sees its version change."""
    if not changed:
        return
    names = changed[0].values
    table = record.table
    statement = update(table).where(record.id_column == bindparam("the_key"))
    statement = statement.values({name: bindparam(f"new_{name}") for name in names})
    if "version" in table.c:
        statement = statement.values(version=table.c.version + 1)
    connection = session.connection()
    for entry in changed:
        values = {f"new_{name}": value for name, value in entry.values.items()}
        connection.execute(statement, {"the_key": entry.id, **values})
