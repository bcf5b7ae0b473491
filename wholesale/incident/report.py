"""The report of an exposure: by kind, by list, by record; as tables and as JSON."""

from typing import Any

from wholesale.accounts.models import User
from wholesale.incident.exposure import Exposure, Listed, Span, Touched
from wholesale.reads.models import Way


def as_mapping(user: User, found: Exposure, *, with_records: bool) -> dict[str, Any]:
    """Return the whole report for a machine."""
    told: dict[str, Any] = {
        "user": {"email": user.email, "name": user.name, "role": user.role},
        "active": user.is_active,
        "sign_ins": [
            {"at": one.at.isoformat(), "action": one.action, "from": one.address}
            for one in found.sign_ins
        ],
        "kinds": kinds(found),
        "lists": [list_row(one) for one in found.lists],
        "customers": customers(found),
    }
    if with_records:
        told["records"] = [record_row(one) for one in found.records]
    return told


def kinds(found: Exposure) -> list[dict[str, Any]]:
    """Return, for each kind of record, how much of it was read, taken along and written."""
    rows = []
    for kind in sorted({*(one.kind for one in found.records), *(one.kind for one in found.lists)}):
        records = [one for one in found.records if one.kind == kind]
        lists = [one for one in found.lists if one.kind == kind]
        span = Span()
        touched: list[Span] = [*records, *lists]
        for one in touched:
            span.stretch(one.first, one.last, one.addresses)
        numbers = _numbers(records, lists)
        rows.append({"kind": kind, **numbers, **_span(span)})
    return rows


def _numbers(records: list[Touched], lists: list[Listed]) -> dict[str, int]:
    exports = [one for one in lists if one.way == Way.EXPORT]
    shown = [one for one in lists if one.way != Way.EXPORT]
    return {
        "records_read": sum(bool(one.opened or one.downloads or one.exports) for one in records),
        "lists": sum(one.times for one in shown),
        "rows_shown": sum(one.rows for one in shown),
        "exports": sum(one.times for one in exports) + sum(one.exports for one in records),
        "rows_exported": sum(one.rows for one in exports),
        "downloads": sum(one.downloads for one in records),
        "records_written": sum(bool(one.writes) for one in records),
    }


def customers(found: Exposure) -> list[str]:
    """Return the customers of the records that were opened, taken along or written."""
    return sorted({one.customer for one in found.records if one.customer})


def list_row(one: Listed) -> dict[str, Any]:
    """Return one kind of list as a row."""
    row = {"kind": one.kind, "way": one.way, "filters": one.filters}
    return row | {"times": one.times, "rows": one.rows} | _span(one)


def record_row(one: Touched) -> dict[str, Any]:
    """Return one record as a row."""
    row: dict[str, Any] = {"kind": one.kind, "record": one.label, "customer": one.customer}
    row |= {"opened": one.opened, "downloads": one.downloads, "exports": one.exports}
    return row | {"writes": one.writes, "actions": ", ".join(sorted(one.actions))} | _span(one)


def sign_in_rows(found: Exposure) -> list[dict[str, Any]]:
    """Return, by action and address, how often the account was signed in, out, or refused."""
    rows = []
    for action, address in sorted({(one.action, one.address) for one in found.sign_ins}):
        same = [one.at for one in found.sign_ins if (one.action, one.address) == (action, address)]
        span = Span()
        span.stretch(min(same), max(same), [address])
        rows.append({"sign-in": action, "times": len(same)} | _span(span))
    return rows


def _span(span: Span) -> dict[str, Any]:
    return {
        "first": span.first.isoformat(sep=" ", timespec="seconds").partition("+")[0],
        "last": span.last.isoformat(sep=" ", timespec="seconds").partition("+")[0],
        "from": ", ".join(sorted(span.addresses)),
    }
