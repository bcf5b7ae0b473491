"""What a test begins with, put back as it was written once, and the emptying after it."""

from contextlib import suppress

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import Table

from wholesale.extensions import db

TRAIL = ("audit_chain", "audit_entries")
KEPT = {"roles", "resources", "role_permissions", *TRAIL}
# The trail refuses to be emptied, unless its owner lifts that for a moment.
EMPTYING_THE_TRAIL = f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM audit_entries) THEN
        {" ".join(f"ALTER TABLE {name} DISABLE TRIGGER audit_refuse;" for name in TRAIL)}
        GRANT DELETE ON {", ".join(TRAIL)} TO CURRENT_USER;
        {" ".join(f"DELETE FROM {name};" for name in TRAIL)}
        REVOKE DELETE ON {", ".join(TRAIL)} FROM CURRENT_USER;
        {" ".join(f"ALTER TABLE {name} ENABLE TRIGGER audit_refuse;" for name in TRAIL)}
    END IF;
END $$
"""

QUEUE = [f"procrastinate.procrastinate_{name}" for name in ("periodic_defers", "jobs", "workers")]
EMPTYING = "; ".join(
    [
        *(
            f"DELETE FROM {t.name}"
            for t in reversed(db.metadata.sorted_tables)
            if t.name not in KEPT
        ),
        *(f"DELETE FROM {name}" for name in QUEUE),
        "DELETE FROM role_permissions WHERE role IN (SELECT name FROM roles WHERE NOT is_system)",
        "DELETE FROM roles WHERE NOT is_system",
        EMPTYING_THE_TRAIL,
    ]
)
# Triggers write these when the rows that they are of come back.
DERIVED = {
    "order_deltas",
    *(f"order_{name}_sums" for name in ("status", "month", "customer", "due")),
}


class Snapshot:
    """What some tables hold at one moment, kept in a schema beside them."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.schema = f"kept_{name}"
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {self.schema}")
        left = KEPT | DERIVED
        tables = [table for table in db.metadata.sorted_tables if table.name not in left]
        self.statement = "; ".join(
            self._kept(connection, table) for table in tables if _has_rows(connection, table)
        )

    def _kept(self, connection: Connection, table: Table) -> str:
        """Keep a table's rows, and return the statement that puts them back."""
        kept = f"{self.schema}.{table.name}"
        connection.exec_driver_sql(f"CREATE TABLE {kept} AS TABLE {table.name}")
        names = ", ".join(column.name for column in table.columns if column.computed is None)
        return (
            f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {kept}"
        )

    def put_back(self, connection: Connection) -> None:
        """Write the rows again, all at once, into tables that are empty."""
        connection.exec_driver_sql(self.statement)


def _has_rows(connection: Connection, table: Table) -> bool:
    return bool(connection.scalar(text(f"SELECT EXISTS (SELECT FROM {table.name})")))


def empty(engine: Engine) -> None:
    """Delete what was written."""
    for _ in range(3):
        # A request that a closing browser left behind may still hold a row.
        with suppress(OperationalError), engine.begin() as connection:
            connection.exec_driver_sql(EMPTYING)  # all at once: this is done thousands of times
            return
    pytest.fail("the database could not be emptied after the test")
