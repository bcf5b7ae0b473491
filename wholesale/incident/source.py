"""Entries of a trail to look at: this database's, another one's, or a file's."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from wholesale.audit.models import AuditEntry
from wholesale.audit.queries import entries
from wholesale.core.errors import Invalid

READ_ONLY = "-c default_transaction_read_only=on -c timezone=UTC"


@dataclass(frozen=True)
class Entry:
    """One entry of a trail, wherever it was read."""

    id: int
    at: datetime
    actor: str
    action: str
    entity: str
    key: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def record(self) -> str:
        """The record as ``--record`` names it."""
        return f"{self.entity}:{self.key}"


@dataclass(frozen=True)
class Wanted:
    """Which entries are looked at: from when until when, of which record, by and not by whom."""

    since: datetime | None
    until: datetime | None
    record: str = ""
    user: str = ""
    but_user: str = ""

    def takes(self, entry: Entry) -> bool:
        """Tell whether an entry is wanted."""
        actor = entry.actor.lower()
        entity, _, key = self.record.partition(":")
        return (
            (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and entity in ("", entry.entity)
            and key in ("", entry.key)
            and self.user.lower() in actor
            and not (self.but_user and self.but_user.lower() in actor)
        )


def of_database(session: Session, wanted: Wanted) -> list[Entry]:
    """Return the wanted entries of a database, the earliest first."""
    query = entries(
        user=wanted.user, record=wanted.record, since=wanted.since, until=wanted.until
    ).order_by(AuditEntry.id)
    found = (
        Entry(
            row.id,
            row.at,
            row.actor,
            row.action,
            row.entity,
            row.entity_id,
            row.before or {},
            row.after or {},
        )
        for row in session.scalars(query.execution_options(yield_per=1000))
    )
    return [entry for entry in found if wanted.takes(entry)]


def of_other_database(url: str, wanted: Wanted) -> list[Entry]:
    """Return the wanted entries of another database, which is only read. Raises Invalid."""
    driver = "postgresql+psycopg://" + url.partition("://")[2]
    try:
        engine = create_engine(driver, connect_args={"options": READ_ONLY, "connect_timeout": 5})
        with Session(engine) as session:
            return of_database(session, wanted)
    except (ArgumentError, SQLAlchemyError, ValueError) as error:
        # Its own words may hold the address, and with it a password.
        raise Invalid(f"The other database cannot be read ({type(error).__name__}).") from None


def of_file(text: Iterable[str], wanted: Wanted) -> list[Entry]:
    """Return the wanted entries of what ``flask audit log`` printed. Raises Invalid."""
    found = {entry.id: entry for entry in _read(text) if wanted.takes(entry)}
    return [found[key] for key in sorted(found)]


def _read(text: Iterable[str]) -> Iterator[Entry]:
    lines = iter(text)
    first = next(lines, "")
    if first.strip() == "[":  # with --json it is one array
        yield from map(_entry, _parsed(first + "".join(lines), "The file"))
        return
    for number, line in enumerate(chain([first], lines), 1):
        if line.strip():
            yield _entry(_parsed(line, f"Line {number}"), f"Line {number}")


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Invalid(f"{place} is no JSON: was the file cut?") from None


def _entry(values: Any, place: str = "The file") -> Entry:
    try:
        at = datetime.fromisoformat(values["at"])
        entity, _, key = values["record"].partition(":")
        actor, action = str(values["actor"]), str(values["action"])
        before, after = values["before"] or {}, values["after"] or {}
        zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
        return Entry(int(values["id"]), zoned, actor, action, entity, key, {**before}, {**after})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid(f"{place} holds what is no entry of the trail.") from None
