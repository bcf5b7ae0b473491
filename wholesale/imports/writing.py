"""Writes entries: new ones in bulk, changed ones by key, unchanged ones not at all."""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Session

from wholesale.imports.entries import Entry, Outcome
from wholesale.imports.mapping import Target
from wholesale.imports.records import ARCHIVED, Record


def write(session: Session, target: Target, entries: list[Entry]) -> None:
    """Create and update what differs, and give each entry its ``outcome`` and ``id``.

    Entries that are new but lack what a new record must have get a problem and are left out.
    """
    new = [entry for entry in entries if entry.before is None]
    for entry in new:
        _refuse_incomplete(target, entry)
    complete = [entry for entry in new if not entry.problems]
    for entry in entries:
        entry.outcome, entry.changes = Outcome.UNCHANGED, changes(target, entry)
    changed = _untouched(session, target, [entry for entry in entries if entry.changes])
    _mark(complete, Outcome.CREATE)
    _mark(changed, Outcome.UPDATE)
    _insert(session, target.record, complete)
    _update(session, target.record, changed)


def _untouched(session: Session, target: Target, changed: list[Entry]) -> list[Entry]:
    """Lock what is to change, and refuse what somebody saved since it was read."""
    record = target.record
    if not changed or "version" not in record.table.c:
        return changed
    query = select(record.id_column, record.table.c.version).with_for_update()
    query = query.where(record.id_column.in_([entry.id for entry in changed]))
    versions = dict(session.execute(query).all())
    for entry in changed:
        if entry.before and versions.get(entry.id) != entry.before["version"]:
            name = record.fields[0]
            entry.blame(target, name, "Somebody saved this record at the same time. Try again.")
    return [entry for entry in changed if not entry.problems]


def _mark(entries: list[Entry], outcome: Outcome) -> None:
    for entry in entries:
        entry.outcome = outcome


def changes(target: Target, entry: Entry) -> dict[str, tuple[Any, Any]]:
    """Return what the row changes of the record that exists: column → before and after."""
    before = entry.before
    if before is None or target.keeps_existing:
        return {}
    return {
        name: (before[name], new)
        for name, new in entry.values.items()
        if _differs(target.record, name, before[name], new)
    }


def _differs(record: Record, name: str, old: Any, new: Any) -> bool:
    """Compare two values; of an archived record only whether it is matters, not since when."""
    if name == ARCHIVED:
        return (old is None) != (new is None)
    if old and new and isinstance(record.table.c[name].type, CITEXT):
        return bool(old.lower() != new.lower())
    return bool(old != new)


def _refuse_incomplete(target: Target, entry: Entry) -> None:
    record = target.record
    required = {record.column(n).name: n for n in record.fields if record.is_required(n)}
    absent = [n for c, n in required.items() if c not in entry.values | entry.fresh]
    if absent:
        entry.blame(target, absent[0], f"It is new and has no {', '.join(absent)}.")


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
    """Write what differs; who has the record open meanwhile sees its version change."""
    groups: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in changed:
        groups[tuple(sorted(entry.changes))].append(entry)
    table = record.table
    for names, entries in groups.items():
        statement = update(table).where(record.id_column == bindparam("the_key"))
        statement = statement.values({name: bindparam(f"new_{name}") for name in names})
        if "version" in table.c:
            statement = statement.values(version=table.c.version + 1)
        rows = [
            {"the_key": entry.id} | {f"new_{name}": entry.values[name] for name in names}
            for entry in entries
        ]
        session.connection().execute(statement, rows)
