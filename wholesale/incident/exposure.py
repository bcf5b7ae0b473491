"""What one account read and wrote: from the record of reads and from the trail."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import array_agg
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.models import AuditEntry
from wholesale.incident import naming
from wholesale.incident.naming import Subject
from wholesale.reads.models import AccessRead, Way

SIGN_INS = ("signed in", "signed out", "sign-in refused")
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
Spanned = TypeVar("Spanned", bound="Span")


@dataclass
class Span:
    """When something happened first and last, and from where."""

    first: datetime = LAST
    last: datetime = FIRST
    addresses: set[str] = field(default_factory=set)

    def stretch(self, first: datetime, last: datetime, addresses: Iterable[str | None]) -> None:
        """Take in what happened from ``first`` to ``last``."""
        self.first, self.last = min(self.first, first), max(self.last, last)
        self.addresses |= {str(one) for one in addresses if one}


@dataclass
class Touched(Span):
    """One record: how often it was opened, handed out and written."""

    kind: str = ""
    label: str = ""
    customer: str = ""
    opened: int = 0
    downloads: int = 0
    exports: int = 0
    writes: int = 0
    actions: set[str] = field(default_factory=set)


@dataclass
class Listed(Span):
    """One kind of list, shown or exported by the same filters."""

    kind: str = ""
    way: str = ""
    filters: str = ""
    times: int = 0
    rows: int = 0


@dataclass(frozen=True)
class SignIn:
    """One sign-in, sign-out or refused attempt."""

    at: datetime
    action: str
    address: str


@dataclass
class Exposure:
    """Everything that is known of what an account did."""

    sign_ins: list[SignIn]
    records: list[Touched]
    lists: list[Listed]


def exposure_of(session: Session, user: User, since: datetime, until: datetime) -> Exposure:
    """Return what ``user`` read and wrote from ``since`` on, before ``until``.

    Reads are kept by the hour: one that began before ``since`` in the same hour is counted.
    """
    reads = session.execute(_reads(user, since, until)).mappings().all()
    writes = session.execute(_writes(user, since, until)).mappings().all()
    records = _records(session, reads, writes)
    lists: dict[tuple[str, ...], Listed] = {}
    for read in reads:
        if read["record"]:
            continue
        name = (read["kind"], read["way"], read["detail"])
        shown = lists.setdefault(name, Listed(kind=name[0], way=name[1], filters=name[2]))
        shown.times += read["times"]
        shown.rows += read["rows"]
        shown.stretch(read["first"], read["last"], read["addresses"])
    return Exposure(_sign_ins(session, user, since, until), records, sorted_by_time(lists.values()))


def _reads(user: User, since: datetime, until: datetime) -> Select[Any]:
    named = (AccessRead.kind, AccessRead.record, AccessRead.detail, AccessRead.way)
    return (
        select(
            *named,
            func.sum(AccessRead.times).label("times"),
            cast(func.sum(AccessRead.rows), BigInteger).label("rows"),
            func.min(AccessRead.first_at).label("first"),
            func.max(AccessRead.last_at).label("last"),
            array_agg(func.host(AccessRead.address).distinct()).label("addresses"),
        )
        .where(AccessRead.user_id == user.id)
        .where(AccessRead.last_at >= since, AccessRead.first_at < until)
        .group_by(*named)
    )


def _writes(user: User, since: datetime, until: datetime) -> Select[Any]:
    entry = AuditEntry
    whole = func.array_agg(func.coalesce(entry.before, entry.after))
    return (
        select(
            entry.entity,
            entry.entity_id,
            func.count().label("times"),
            func.min(entry.at).label("first"),
            func.max(entry.at).label("last"),
            array_agg(entry.action.distinct()).label("actions"),
            array_agg(func.host(entry.address).distinct()).label("addresses"),
            # What tells the whole of a row that is gone.
            whole.filter(entry.action.in_(("created", "deleted"))).label("fields"),
        )
        .where(entry.actor_id == user.id, entry.at >= since, entry.at < until)
        .where(entry.action.not_in(SIGN_INS))
        .group_by(entry.entity, entry.entity_id)
    )


def _records(session: Session, reads: Any, writes: Any) -> list[Touched]:
    addressed = naming.of_addresses(
        session, ((r["kind"], r["record"]) for r in reads if r["record"])
    )
    fields: dict[naming.Entry, dict[str, Any]] = {}
    for entry in writes:
        known = fields.setdefault((entry["entity"], entry["entity_id"]), {})
        for whole in entry["fields"] or []:
            known |= whole or {}
    written = naming.of_entries(session, fields)
    called = naming.names(session, [*addressed.values(), *written.values()])
    found: dict[Subject, Touched] = {}

    def touched(one: Subject) -> Touched:
        name = called[one]
        fresh = Touched(kind=one.table, label=name.label, customer=name.customer)
        return found.setdefault(one, fresh)

    for read in reads:
        if read["record"]:
            _add_read(touched(addressed[read["kind"], read["record"]]), read)
    for entry in writes:
        _add_write(touched(written[entry["entity"], entry["entity_id"]]), entry)
    return sorted_by_time(found.values())


def _add_read(record: Touched, read: Any) -> None:
    record.opened += read["times"] if read["way"] in (Way.PAGE, Way.LIST) else 0
    record.downloads += read["times"] if read["way"] == Way.DOWNLOAD else 0
    record.exports += read["times"] if read["way"] == Way.EXPORT else 0
    record.stretch(read["first"], read["last"], read["addresses"])


def _add_write(record: Touched, entry: Any) -> None:
    record.writes += entry["times"]
    record.actions |= set(entry["actions"])
    record.stretch(entry["first"], entry["last"], entry["addresses"])


def _sign_ins(session: Session, user: User, since: datetime, until: datetime) -> list[SignIn]:
    of_user = AuditEntry.entity_id == str(user.id)
    refused = func.lower(AuditEntry.entity_id) == user.email.lower()
    query = select(AuditEntry.at, AuditEntry.action, func.host(AuditEntry.address)).where(
        AuditEntry.entity == "users",
        AuditEntry.action.in_(SIGN_INS),
        or_(of_user, refused),
        AuditEntry.at >= since,
        AuditEntry.at < until,
    )
    found = session.execute(query.order_by(AuditEntry.id))
    return [SignIn(at, action, address or "") for at, action, address in found]


def sorted_by_time(found: Iterable[Spanned]) -> list[Spanned]:
    """Return what happened in the order in which it began."""
    return sorted(found, key=lambda one: one.first)
