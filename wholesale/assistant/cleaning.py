"""Cleaner names and addresses for what an import brought: proposed field by field, as a diff."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.assistant.drafts import LINK
from wholesale.assistant.schemas import CleanRecords
from wholesale.core.text import clean_block, clean_line
from wholesale.customers import operations
from wholesale.customers.models import Contact, Organization
from wholesale.customers.queries import visible_contacts, visible_organizations
from wholesale.imports.models import Import, ImportChange

AT_ONCE = 30
# Field → its label and how long it may be, as the forms of customers have them.
FIELDS: dict[str, dict[str, tuple[str, int]]] = {
    "organizations": {
        "name": ("Name", 200),
        "street": ("Street", 500),
        "city": ("City", 100),
        "region": ("State or region", 100),
        "postal_code": ("Postal code", 100),
        "country": ("Country", 100),
    },
    "contacts": {"name": ("Name", 200), "title": ("Role", 100)},
}


@dataclass(frozen=True)
class Diff:
    """One field of one record: what it says, and what it would say."""

    record: Any
    field: str
    label: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """What stands for it in the form."""
        return f"{self.record.id}.{self.field}"


def records_of(
    session: Session, actor: User, imported: Import, after: int = 0, lock: bool = False
) -> list[Any]:
    """Return the next records after key ``after`` that an import brought and ``actor`` may edit."""
    query = _editable(actor, imported)
    model = Organization if imported.kind == "organizations" else Contact
    query = query.where(model.id > after).order_by(model.id).limit(AT_ONCE)
    found = session.scalars(query.with_for_update(of=model) if lock else query)
    return [one for one in found if _may_edit(actor, one)]


def _editable(actor: User, imported: Import) -> Select[Any]:
    brought = select(ImportChange.entity_id).where(
        ImportChange.import_id == imported.id, ImportChange.entity == imported.kind
    )
    if imported.kind == "organizations":
        query = visible_organizations(actor, "organizations:write")
        query = query.where(Organization.id.in_(brought), Organization.archived_at.is_(None))
        return query.where(Organization.merged_into_id.is_(None))
    query = visible_contacts(actor, "contacts:write")
    return query.where(Contact.id.in_(brought), Contact.archived_at.is_(None))


def _may_edit(actor: User, record: Organization | Contact) -> bool:
    if isinstance(record, Contact):
        return operations.may_edit_contact(actor, record)
    return operations.may_write(actor, record)


def told(kind: str, records: Sequence[Any]) -> str:
    """Return the records as the model reads them: names and addresses, and no more."""
    lines = []
    for place, record in enumerate(records, 1):
        cells = (f"{name}={_value(record, name)!r}" for name in FIELDS[kind])
        lines.append(f"R{place}: " + ", ".join(cells))
    return "\n".join(lines)


def diffs(kind: str, records: Sequence[Any], said: CleanRecords) -> list[Diff]:
    """Return what would be different; a proposal that changes a number is none."""
    by_id = {f"R{place}": record for place, record in enumerate(records, 1)}
    found = []
    for proposed in said.records:
        record = by_id.pop(proposed.id, None)
        if record is None:
            continue
        fields = FIELDS[kind]
        before = {name: _value(record, name) for name in fields}
        after = {name: _clean(name, getattr(proposed, name)) for name in fields}
        if _digits(before) == _digits(after) and not LINK.search(" ".join(after.values())):
            found += [
                Diff(record, name, fields[name][0], before[name], after[name])
                for name in fields
                if before[name] != after[name] and usable(kind, name, after[name])
            ]
    return found


def usable(kind: str, name: str, text: str) -> bool:
    """Tell whether a field can hold ``text``: neither too long, nor a record without a name."""
    return len(text) <= FIELDS[kind][name][1] and (bool(text) or name != "name")


def take(
    session: Session, actor: User, imported: Import, form: Mapping[str, str], keys: Iterable[str]
) -> tuple[int, int]:
    """Write the chosen fields; returns how many, and how many had been changed meanwhile.

    ``form`` holds ``was.<key>.<field>`` and ``to.<key>.<field>`` for each of ``keys``.
    """
    wanted: dict[int, dict[str, str]] = {}
    for key in keys:
        number, _, name = key.partition(".")
        if number.isascii() and number.isdigit() and name in FIELDS[imported.kind]:
            wanted.setdefault(int(number[:10]), {})[name] = key
    written = stale = 0
    first = min(wanted, default=1) - 1
    for record in records_of(session, actor, imported, first, lock=True):
        values: dict[str, Any] = {}
        for name, key in wanted.get(record.id, {}).items():
            text = _clean(name, form.get(f"to.{key}", ""))
            if not usable(imported.kind, name, text) or f"was.{key}" not in form:
                continue
            if _value(record, name) == _clean(name, form[f"was.{key}"]):
                values[name] = text
            else:
                stale += 1
        _write(session, record, values)
        written += len(values)
    return written, stale


def _write(session: Session, record: Any, values: dict[str, Any]) -> None:
    if values and isinstance(record, Contact):
        operations.save_contact(session, record, values)
    elif values:
        operations.change_organization(session, record, values)


def _value(record: Any, name: str) -> str:
    return _clean(name, getattr(record, name) or "")


def _clean(name: str, text: str) -> str:
    return clean_block(text) if name == "street" else clean_line(text)


def _digits(values: dict[str, str]) -> list[str]:
    return sorted(
        character for text in values.values() for character in text if character.isdigit()
    )
