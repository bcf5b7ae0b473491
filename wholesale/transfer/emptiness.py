"""Whether a database is empty, and making it so: with nobody else at it."""

from psycopg import sql
from sqlalchemy import Connection, inspect, text

from wholesale.core.errors import DomainError
from wholesale.system.schema import MIGRATION_LOCK
from wholesale.transfer.left_out import LEFT_OUT, QUEUE
from wholesale.transfer.schema import VERSION

IMPORTING = 0xDA7A
# A database is as good as empty with these: they are seeded, or of the last minutes.
IGNORED = {"roles", "resources", "role_permissions"} | LEFT_OUT.keys()
WINDOWS = "maintenance_windows"  # they are of this place, and stay
TRAIL = ("audit_entries", "audit_chain")


def claim(connection: Connection) -> None:
    """Keep other imports and migrations out until the transaction ends.

    Raises DomainError when one is under way.
    """
    for key, what in ((IMPORTING, "import"), (MIGRATION_LOCK, "migration")):
        got = connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key})
        if not got:
            raise DomainError(
                f"Another {what} into this database is under way: wait for its end, then look"
                " what it brought."
            )


def lock(connection: Connection) -> list[str]:
    """Lock every table and return their names; nobody reads or writes until the end."""
    names = [name for name in inspect(connection).get_table_names() if name != VERSION]
    if names:
        _run(connection, "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names)
    return names


def filled(connection: Connection, names: list[str]) -> list[str]:
    """Return the tables of ``names`` that hold rows."""
    cursor = connection.connection.cursor()
    found = []
    for name in sorted(names):
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name))
        if cursor.execute(query).fetchone()[0]:
            found.append(name)
    return found


def data(connection: Connection, names: list[str]) -> list[str]:
    """Return the tables of ``names`` that hold what would be lost; of this place alone is not."""
    found = [name for name in filled(connection, names) if name not in IGNORED]
    if not found or not set(found) <= set(TRAIL):
        return found
    # Maintenance was switched on for this import, say.
    query = text("SELECT EXISTS (SELECT FROM audit_entries WHERE entity <> :windows)")
    return found if connection.scalar(query, {"windows": WINDOWS}) else []


def empty(connection: Connection, names: list[str]) -> None:
    """Delete all rows of ``names``, and every job of the queue: jobs name rows.

    The owner of the trail may lift its protection for a moment, and here has to.
    """
    names = [name for name in names if name != WINDOWS]
    trail = [name for name in TRAIL if name in names]
    for name in trail:
        _run(connection, "ALTER TABLE {} DISABLE TRIGGER USER", [name])
        _run(connection, "GRANT TRUNCATE ON {} TO CURRENT_USER", [name])
    queue = inspect(connection).get_table_names(QUEUE) if _has_queue(connection) else []
    places = [sql.Identifier(name) for name in names]
    places += [sql.Identifier(QUEUE, name) for name in queue]
    if places:
        statement = sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(places))
        connection.connection.cursor().execute(statement)
    for name in trail:
        _run(connection, "REVOKE TRUNCATE ON {} FROM CURRENT_USER", [name])
        _run(connection, "ALTER TABLE {} ENABLE TRIGGER USER", [name])


def _has_queue(connection: Connection) -> bool:
    return QUEUE in inspect(connection).get_schema_names()


def _run(connection: Connection, statement: str, names: list[str]) -> None:
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    cursor = connection.connection.cursor()
    cursor.execute(sql.SQL(statement).format(tables))
