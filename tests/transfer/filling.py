"""Writes a row into every table, each text of it a canary that can be searched for."""

import hashlib
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, Column, Date, DateTime, Table, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary, String

from wholesale.core.clock import now, today
from wholesale.extensions import db

CANARY, ADDRESS = "canary", "203.0.113.77"
# Words of the house, codes of the catalog and of documents: they identify nobody.
HARMLESS = {
    "code", "sku", "colour", "material", "kind", "entity", "request_id", "template", "model",
    "label", "role", "resource", "action", "scope", "roles.name", "resources.name",
    "country", "time_zone", "content_type", "signature",
    "categories.name", "size_runs.name", "prepacks.name", "products.name", "decoration",
}  # fmt: skip
# Where a rule of the database wants a certain value.
FIXED: dict[str, Any] = {
    "access_reads.way": "page",
    "activities.kind": "note",
    "assistant_calls.outcome": "answered",
    "assistant_calls.purpose": "mail",
    "change_orders.applied_at": None,
    "change_orders.status": "open",
    "file_versions.state": "failed",
    "import_rows.outcome": "error",
    "imports.kind": "customers",
    "imports.status": "failed",
    "leads.client_type": "college",
    "leads.claimed_at": None,
    "leads.owner_id": None,
    "leads.stage": "lead",
    "notifications.path": "/canary",
    "order_deltas.status": "new",
    "order_status_sums.status": "new",
    "orders.priority": "high",
    "orders.quote_id": None,
    "orders.status": "completed",
    "outbox_mails.state": "failed",
    "organizations.client_type": "college",
    "organizations.merged_into_id": None,
    "organizations.tier": "vip",
    "prepacks.ratio": {"S": 1},
    "price_lists.tier": "vip",
    "price_lists.organization_id": None,
    "product_images.bytes": len(f"{CANARY} product_images.content"),
    "products.decoration": "embroidery",
    "products.surcharges": {},
    "quote_decisions.decision": "rejected",
    "quotes.status": "draft",
    "user_permissions.action": "dance",
    "user_permissions.scope": "all",
    "categories.parent_id": None,
    "contacts.is_primary": None,
}
SEEDED = ("roles", "resources", "role_permissions")
RECORDS = ("lead_id", "quote_id", "order_id", "product_id", "customer_id")


def fill(session: Session) -> None:
    """Add a row to each table that travels or stays, those first that others refer to."""
    for table in db.metadata.sorted_tables:
        if table.name in SEEDED:
            continue
        values = {c.name: _value(session, table, c) for c in table.columns if c.computed is None}
        values |= _keys(session, table)
        given = {name: value for name, value in values.items() if value is not None}
        if table.name != "audit_chain":  # the trail links itself
            session.execute(table.insert().values(given))
    session.execute(text("UPDATE import_rows SET cells = 'null'"))
    session.execute(text("SELECT next_document_number('O', 2026)"))
    session.commit()


def canaries(table: Table) -> list[str]:
    """Return the columns of ``table`` that hold a canary."""
    return [
        c.name
        for c in table.columns
        if c.computed is None
        and isinstance(c.type, String)
        and f"{table.name}.{c.name}" not in FIXED
        and not {c.name, f"{table.name}.{c.name}"} & HARMLESS
    ]


def _value(session: Session, table: Table, column: Column[Any]) -> Any:
    name = f"{table.name}.{column.name}"
    if name in FIXED:
        return FIXED[name]
    if column.foreign_keys or column.identity is not None:
        return None
    if isinstance(column.type, String):
        return _text(table.name, column)
    makers: list[tuple[type, Any]] = [
        (Boolean, None),
        (JSONB, {"said": f"{CANARY} json {name}"}),
        (ARRAY, ["S", "M"]),
        (INET, ADDRESS),
        (LargeBinary, f"{CANARY} {name}".encode()),
        (Uuid, uuid4()),
        (DateTime, now()),
        (Date, today("UTC")),
    ]
    for kind, value in makers:
        if isinstance(column.type, kind):
            return {} if value and kind is JSONB and _is_plain(column) else value
    return None if column.server_default is not None else 1


def _is_plain(column: Column[Any]) -> bool:
    return column.name in ("quantities", "surcharges", "pricing", "preferences", "counts")


def _text(table: str, column: Column[Any]) -> str:
    if "sha256" in column.name or column.name == "content_hash":
        return hashlib.sha256(CANARY.encode()).hexdigest()
    harmless = {column.name, f"{table}.{column.name}"} & HARMLESS
    word = "harmless" if harmless else CANARY
    # Quotes, a backslash, a line's end, and letters beyond ASCII go through unharmed.
    odd = "" if harmless or column.name == "name" else ' "\\ \n\t é'
    return f"{word} {table} {column.name}{odd}"


def _keys(session: Session, table: Table) -> dict[str, Any]:
    """Return the foreign keys of a new row: to the latest row of the tables referred to."""
    found: dict[str, Any] = {}
    for constraint in sorted(table.foreign_key_constraints, key=lambda c: len(c.columns)):
        target = constraint.referred_table
        if f"{table.name}.{constraint.column_keys[0]}" in FIXED or target is table:
            continue
        order = [key.desc() for key in target.primary_key]
        latest = session.execute(target.select().order_by(*order).limit(1)).mappings().one()
        for element in constraint.elements:
            found[element.parent.name] = latest[element.column.name]
    if table.name == "stored_files":
        found = {name: key for name, key in found.items() if name not in RECORDS}
    return found
