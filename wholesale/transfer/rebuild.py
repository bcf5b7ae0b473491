"""What slows loading down is taken away from the tables, and put back as it was.

An index over rows that are there already is built many times faster than row by row, and so
is a foreign key checked; putting it back proves every row. No right beyond the owner's is used.
"""

from dataclasses import dataclass

from psycopg import sql
from sqlalchemy import Connection, text

FOREIGN_KEYS = text("""
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY 1, 2
""")
# Those of primary keys and unique constraints stay: foreign keys rest on them.
INDEXES = text("""
    SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relname = :table AND c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid) ORDER BY 1
""")


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key as the database describes it."""

    table: str
    name: str
    definition: str


def take_foreign_keys(connection: Connection) -> list[ForeignKey]:
    """Drop every foreign key and return them all."""
    found = [ForeignKey(*row) for row in connection.execute(FOREIGN_KEYS).all()]
    for key in found:
        _run(connection, "ALTER TABLE {} DROP CONSTRAINT {}", key.table, key.name)
    return found


def put_foreign_keys(connection: Connection, keys: list[ForeignKey]) -> None:
    """Put ``keys`` back; raises psycopg's ForeignKeyViolation when a row belongs to none."""
    for key in keys:
        statement = "ALTER TABLE {} ADD CONSTRAINT {} " + key.definition
        _run(connection, statement, key.table, key.name)


def take_indexes(connection: Connection, table: str) -> list[str]:
    """Disable a table's own triggers, drop its indexes, and return their definitions."""
    _run(connection, "ALTER TABLE {} DISABLE TRIGGER USER", table)
    found = connection.execute(INDEXES, {"table": table}).all()
    for name, _ in found:
        _run(connection, "DROP INDEX {}", name)
    return [definition for _, definition in found]


def put_indexes(connection: Connection, table: str, definitions: list[str]) -> None:
    """Build the indexes of a table again, and enable its triggers."""
    for definition in definitions:
        connection.exec_driver_sql(definition.replace("%", "%%"))
    _run(connection, "ALTER TABLE {} ENABLE TRIGGER USER", table)


def _run(connection: Connection, statement: str, *names: str) -> None:
    cursor = connection.connection.cursor()
    identifiers = [sql.Identifier(name) for name in names]
    cursor.execute(sql.SQL(statement).format(*identifiers))
