"""What stands against undoing an import, a sentence each; its records are held meanwhile."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.models import Base
from wholesale.imports.changes import IMPORTED
from wholesale.imports.kinds import has_all
from wholesale.orders.workflow import OPEN_FOR_ENTRY, OrderStatus

MOST_NAMED = 20
NAMES = {
    "organizations": "name",
    "contacts": "name",
    "categories": "name",
    "products": "sku",
    "variants": "code",
    "price_entries": "id",
    "orders": "code",
    "order_lines": "id",
}
_CHANGED = """
SELECT t.{name}::text, t.id IS NULL FROM import_changes c LEFT JOIN {table} t ON t.id = c.entity_id
WHERE c.import_id = :key AND c.entity = '{table}' AND (t.id IS NULL OR EXISTS (
    SELECT 1 FROM jsonb_each(c.after) a WHERE a.value IS DISTINCT FROM to_jsonb(t) -> a.key))
ORDER BY t.id LIMIT :most
"""
_REFERRED = """
SELECT t.{name}::text, count(*) FROM import_changes c
JOIN {table} t ON t.id = c.entity_id JOIN {other} o ON o.{column} = c.entity_id
WHERE c.import_id = :key AND c.entity = '{table}' AND c.before IS NULL {unless}
GROUP BY t.id, t.{name} ORDER BY t.id LIMIT :most
"""
_UNLESS_IMPORTED = """AND NOT EXISTS (SELECT 1 FROM import_changes m WHERE m.import_id = :key
    AND m.entity = '{other}' AND m.entity_id = o.id
    AND (m.before IS NULL OR jsonb_exists(m.before, '{column}')))"""
# The orders that the import touched: by themselves, or by a line.
_ORDERS = """
SELECT o.id, o.code, o.status, o.salesperson_id FROM orders o WHERE o.id IN (
    SELECT c.entity_id FROM import_changes c WHERE c.import_id = :key AND c.entity = 'orders'
    UNION SELECT l.order_id FROM import_changes c JOIN order_lines l ON l.id = c.entity_id
    WHERE c.import_id = :key AND c.entity = 'order_lines')
"""
_HOLD = """
SELECT count(*) FROM (SELECT t.id FROM {table} t JOIN import_changes c ON c.entity_id = t.id
    WHERE c.import_id = :key AND c.entity = '{table}' ORDER BY t.id FOR UPDATE OF t) held
"""
_HOLD_ORDERS = "SELECT count(*) FROM ({orders} ORDER BY o.id FOR UPDATE OF o) held"
_ORDERS_OWNED = "SELECT t.code, t.salesperson_id FROM ({orders}) t"
_CLOSED = """
SELECT o.code, o.status FROM ({orders}) o WHERE o.status <> ALL(:open) ORDER BY o.id LIMIT :most
"""
# Permission → the records that it is about, with whose they are.
_OWNED = {
    "organizations:write": """SELECT t.name, t.salesperson_id FROM import_changes c
        JOIN organizations t ON t.id = c.entity_id
        WHERE c.import_id = :key AND c.entity = 'organizations'""",
    "contacts:write": """SELECT t.name, o.salesperson_id FROM import_changes c
        JOIN contacts t ON t.id = c.entity_id JOIN organizations o ON o.id = t.organization_id
        WHERE c.import_id = :key AND c.entity = 'contacts'""",
    "orders:update": _ORDERS_OWNED.format(orders=_ORDERS),
}
_FOREIGN = """
SELECT t.name FROM ({owned}) t (name, owner) WHERE t.owner IS DISTINCT FROM :actor
ORDER BY t.name LIMIT :most
"""


def hold(session: Session, key: int) -> None:
    """Lock all records of the import, orders first, so that what is checked stays so."""
    session.execute(text(_HOLD_ORDERS.format(orders=_ORDERS)), {"key": key})
    for table in IMPORTED:
        session.execute(text(_HOLD.format(table=table)), {"key": key})


def standing_against(session: Session, key: int, actor: User) -> list[str]:
    """Return what stands against undoing: rights, orders under way, changes, references."""
    found = _foreign(session, key, actor) + _closed(session, key)
    for table in IMPORTED:
        values = {"key": key, "most": MOST_NAMED}
        query = text(_CHANGED.format(table=table, name=NAMES[table]))
        for name, is_gone in session.execute(query, values):
            what = _word(table)
            found.append(
                f"One {what} that it brought was deleted since."
                if is_gone
                else f"The {what} {name} was changed since."
            )
        found += _references(session, key, table)
    return found[:MOST_NAMED]


def _foreign(session: Session, key: int, actor: User) -> list[str]:
    """Return which records are not the actor's any more, where only their own are theirs."""
    found = []
    for permission, owned in _OWNED.items():
        if not has_all(actor, permission):
            values = {"key": key, "actor": actor.id, "most": MOST_NAMED}
            names = session.scalars(text(_FOREIGN.format(owned=owned)), values)
            found += [f"{name} is somebody else's." for name in names]
    return found


def _closed(session: Session, key: int) -> list[str]:
    """Return which orders have gone so far that their lines stand."""
    values = {"key": key, "open": list(OPEN_FOR_ENTRY), "most": MOST_NAMED}
    rows = session.execute(text(_CLOSED.format(orders=_ORDERS)), values)
    return [
        f"The order {code} is {OrderStatus(status).label.lower()}: it stands as it is."
        for code, status in rows
    ]


def _references(session: Session, key: int, table: str) -> list[str]:
    """Return which of the new records others refer to, that the import did not bring itself."""
    found = []
    for other in Base.metadata.sorted_tables:
        columns = {
            reference.parent.name
            for reference in other.foreign_keys
            if reference.column.table.name == table and reference.column.name == "id"
        }
        for column in sorted(columns):
            unless = _unless(other.name, column)
            query = _REFERRED.format(
                table=table, name=NAMES[table], other=other.name, column=column, unless=unless
            )
            for name, count in session.execute(text(query), {"key": key, "most": MOST_NAMED}):
                words = other.name.replace("_", " ")
                found.append(f"The {_word(table)} {name} is used: {count} in {words}.")
    return found


def _unless(other: str, column: str) -> str:
    """What the import brought itself, or what lets go when it is put back, is no obstacle."""
    known = other in IMPORTED
    return _UNLESS_IMPORTED.format(other=other, column=column) if known else ""


def _word(table: str) -> str:
    words = {"organizations": "customer", "categories": "category", "price_entries": "price"}
    return words.get(table, table.removesuffix("s").replace("_", " "))
