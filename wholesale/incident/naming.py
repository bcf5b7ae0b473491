"""Which record an address or an entry of the trail speaks of, in words that people know."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from wholesale.audit.models import AuditEntry
from wholesale.extensions import db

# Kinds as addresses name them whose table is called otherwise.
TABLES = {
    "changes": "change_orders",
    "links": "customer_links",
    "mail": "outbox_mails",
    "price-lists": "price_lists",
    "size-runs": "size_runs",
}
# Kinds that addresses name by a code; the others are named by their key.
CODES = {"orders": "code", "quotes": "code", "leads": "code", "products": "sku"}
# Rows that are parts of another record, by the columns that may name it.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "order_lines": (("orders", "order_id"),),
    "quote_lines": (("quotes", "quote_id"),),
    "change_orders": (("orders", "order_id"),),
    "change_order_lines": (("change_orders", "change_order_id"),),
    "customer_links": (("quotes", "quote_id"),),
    "variants": (("products", "product_id"),),
    "product_images": (("products", "product_id"),),
    "price_entries": (("price_lists", "price_list_id"),),
    "prepacks": (("size_runs", "size_run_id"),),
    "salesperson_profiles": (("users", "user_id"),),
    "file_versions": (("stored_files", "file_id"),),
    "stored_files": (
        ("organizations", "organization_id"),
        ("leads", "lead_id"),
        ("quotes", "quote_id"),
        ("orders", "order_id"),
        ("products", "product_id"),
    ),
}
LABELS = {
    **CODES,
    **dict.fromkeys(
        ("organizations", "contacts", "price_lists", "categories", "size_runs"), "name"
    ),
    "users": "email",
    "invitations": "email",
    "outbox_mails": "recipient",
    "imports": "filename",
    "activities": "body",
}
LONGEST = 60


@dataclass(frozen=True)
class Subject:
    """One record: its table and key; its code where there is no row of it (any more)."""

    table: str
    key: str


@dataclass(frozen=True)
class Name:
    """What a record is called, and which customer it concerns."""

    label: str
    customer: str = ""


Entry = tuple[str, str]  # a table and a key, as the trail writes them


def of_addresses(session: Session, kinds: Iterable[tuple[str, str]]) -> dict[Entry, Subject]:
    """Return the records that addresses name, by their kind and what stands in the address."""
    pairs = set(kinds)
    found: dict[Entry, Subject] = {}
    for kind in {kind for kind, _ in pairs}:
        refs = {ref for one, ref in pairs if one == kind}
        keys = _keys(session, TABLES.get(kind, kind), {ref: _plain(kind, ref) for ref in refs})
        owner = "orders" if kind == "changes" else TABLES.get(kind, kind)
        for ref in refs:
            found[kind, ref] = Subject(owner, keys.get(ref, ref))
    lifted = of_entries(session, {(one.table, one.key): {} for one in found.values()})
    return {pair: lifted[one.table, one.key] for pair, one in found.items()}


def _plain(kind: str, ref: str) -> str:
    """Return the code in an address; a change's is its order's."""
    return ref.rpartition("-")[0] if kind == "changes" else ref


def _keys(session: Session, table: str, refs: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of rows by what stands for them in addresses."""
    table = "orders" if table == "change_orders" else table
    column = CODES.get(table)
    if column is None:
        return dict(refs)
    rows = db.metadata.tables[table]
    query = select(rows.c[column], rows.c.id).where(rows.c[column].in_(set(refs.values())))
    by_code = {code: str(key) for code, key in session.execute(query)}
    drafts = {code: code.removeprefix("draft-") for code in refs.values() if "draft-" in code}
    known = by_code | drafts
    return {ref: known[code] for ref, code in refs.items() if code in known}


def of_entries(
    session: Session, entries: Mapping[Entry, Mapping[str, Any]]
) -> dict[Entry, Subject]:
    """Return the records that entries speak of; a part stands for the record it is a part of.

    ``entries`` has, by table and key, the fields that the trail knows: where the row is gone
    they tell what it was a part of.
    """
    found: dict[Entry, Subject] = {}
    for table in {table for table, _ in entries}:
        keys = {key for one, key in entries if one == table}
        owners = _owners(session, table, keys, entries) if table in PARTS else {}
        above = (
            of_entries(session, {owner: entries.get(owner, {}) for owner in owners.values()})
            if owners
            else {}
        )
        for key in keys:
            owner = owners.get(key)
            found[table, key] = above[owner] if owner else Subject(table, key)
    return found


def _owners(
    session: Session, table: str, keys: Collection[str], entries: Mapping[Entry, Mapping[str, Any]]
) -> dict[str, Entry]:
    """Return what rows are parts of, from the rows, else from the fields of the trail."""
    rows = db.metadata.tables[table]
    columns = [rows.c[column] for _, column in PARTS[table]]
    (primary,) = rows.primary_key.columns
    query = select(cast(primary, Text).label("part"), *columns)
    present = {
        row["part"]: row
        for row in session.execute(query.where(cast(primary, Text).in_(keys))).mappings()
    }
    owners: dict[str, Entry] = {}
    for key in keys:
        fields: Mapping[Any, Any] = present.get(key) or entries[table, key]
        for owner, column in PARTS[table]:
            if fields.get(column) is not None:
                owners[key] = (owner, str(fields[column]))
    return owners


def names(session: Session, subjects: Iterable[Subject]) -> dict[Subject, Name]:
    """Return what records are called; one that is deleted, as the trail remembers it."""
    wanted = set(subjects)
    found: dict[Subject, Name] = {}
    for table in {one.table for one in wanted} & set(LABELS):
        keys = {one.key for one in wanted if one.table == table and one.key.isdigit()}
        for key, name in _present(session, table, keys).items():
            found[Subject(table, key)] = name
    gone = _deleted(session, wanted - found.keys())
    return {one: found.get(one) or gone.get(one) or Name(one.key) for one in wanted}


def _present(session: Session, table: str, keys: Collection[str]) -> dict[str, Name]:
    rows, customers = db.metadata.tables[table], db.metadata.tables["organizations"].alias()
    label, query = rows.c[LABELS[table]], select(rows.c.id, rows.c[LABELS[table]].label("label"))
    if table == "organizations":
        query = query.add_columns(label.label("customer"))
    elif "organization_id" in rows.c:
        joined = rows.outerjoin(customers, customers.c.id == rows.c.organization_id)
        query = query.add_columns(customers.c.name.label("customer")).select_from(joined)
    query = query.where(rows.c.id.in_([int(key) for key in keys]))
    return {
        str(row["id"]): Name(
            _short(row["label"] or f"draft-{row['id']}"), row.get("customer") or ""
        )
        for row in session.execute(query).mappings()
    }


def _deleted(session: Session, subjects: Collection[Subject]) -> dict[Subject, Name]:
    found: dict[Subject, Name] = {}
    for table in {one.table for one in subjects}:
        keys = [one.key for one in subjects if one.table == table]
        query = select(AuditEntry.entity_id, AuditEntry.before).where(
            AuditEntry.entity == table,
            AuditEntry.entity_id.in_(keys),
            AuditEntry.action == "deleted",
        )
        for key, before in session.execute(query):
            fields = before or {}
            unnamed = f"draft-{key}" if table in CODES else key
            label = fields.get(LABELS.get(table, "name")) or fields.get("name") or unnamed
            owner = (
                names(session, [Subject("organizations", str(fields["organization_id"]))])
                if (fields.get("organization_id"))
                else {}
            )
            customer = next((name.label for name in owner.values()), "")
            found[Subject(table, key)] = Name(f"{_short(str(label))} (deleted)", customer)
    return found


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
