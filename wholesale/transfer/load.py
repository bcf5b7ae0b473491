"""A dump into an empty database: all of it in one transaction, or nothing."""

from collections.abc import Callable

from psycopg import sql
from sqlalchemy import Connection, text

from wholesale.core.errors import DomainError
from wholesale.transfer import emptiness, positions, rebuild, schema
from wholesale.transfer.container import Reader, Tell
from wholesale.transfer.export import PATIENCE, VERBATIM
from wholesale.transfer.manifest import Manifest, TableOf
from wholesale.transfer.troubles import told

STAGE = "transfer_lines"
# The queue does not travel, so nobody will do this by itself.
UNDONE = text("""
    SELECT (SELECT count(*) FROM outbox_mails WHERE state IN ('waiting', 'sending'))
        + (SELECT count(*) FROM file_versions WHERE state = 'waiting')
""")
COLUMNS = text("""
    SELECT column_name, is_nullable = 'NO' AND data_type = 'jsonb' AS takes_no_null
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = :table AND is_generated = 'NEVER'
""")
# An anonymized trail has other entries, so it gets a chain of its own.
CHAIN = """
DO $$ DECLARE
    previous bytea;
    entry audit_entries;
BEGIN
    FOR entry IN SELECT * FROM audit_entries ORDER BY id LOOP
        previous := audit_hash(previous, entry);
        INSERT INTO audit_chain (entry_id, hash) VALUES (entry.id, previous);
    END LOOP;
END $$
"""


def undone(connection: Connection) -> int:
    """Return how many mails and files wait for a job that stayed behind."""
    return connection.scalar(UNDONE) or 0


def refuse_unreadable(manifest: Manifest) -> None:
    """Raise DomainError when this version cannot read the dump's schema."""
    if manifest.schema_revision not in schema.order():
        raise DomainError(
            f"The dump has schema {manifest.schema_revision}; this version knows schemas up to"
            f" {schema.newest()}. Import it with the version that wrote it ({manifest.application})"
            " or a newer one."
        )


def load(
    connection: Connection,
    reader: Reader,
    *,
    replaces: bool,
    tell: Tell,
    said: Callable[[str], object],
) -> None:
    """Load a dump and bring it to this version's schema; the caller commits.

    ``tell`` hears of bytes that were read, ``said`` what is being done. ``replaces`` lets a
    database with data be emptied first. Raises DomainError when the dump is damaged or not for
    this database; the caller rolls back then, and nothing has changed.
    """
    manifest = reader.manifest
    refuse_unreadable(manifest)
    with told():
        connection.exec_driver_sql(PATIENCE)
        emptiness.claim(connection)
        _make_way(connection, replaces)
        schema.bring(connection, manifest.schema_revision)
        names = emptiness.lock(connection)
        _refuse_parts(manifest, names)
        keys = rebuild.take_foreign_keys(connection)
        emptiness.empty(connection, emptiness.filled(connection, names))
        connection.exec_driver_sql(f"CREATE TEMP TABLE {STAGE} (line json) ON COMMIT DROP")
        for table in manifest.tables:
            said(table.name)
            _load(connection, reader, table, tell)
        said("foreign keys")
        rebuild.put_foreign_keys(connection, keys)
        positions.write(connection, manifest.positions)
        said("schema")
        schema.bring(connection, schema.newest())
        if manifest.is_anonymized:
            connection.exec_driver_sql(CHAIN)
        connection.exec_driver_sql(f"DROP TABLE {STAGE}")
        connection.exec_driver_sql("ANALYZE")


def _refuse_parts(manifest: Manifest, names: list[str]) -> None:
    """Raise DomainError when the dump neither holds nor leaves out one of the tables."""
    missing = set(names) - {table.name for table in manifest.tables} - manifest.left_out.keys()
    if missing:
        raise DomainError(f"The dump is damaged: {', '.join(sorted(missing))} is not in it.")


def _make_way(connection: Connection, replaces: bool) -> None:
    """Refuse a database with data, or empty it; raises DomainError."""
    if schema.present(connection) is None:
        return
    names = emptiness.lock(connection)
    found = emptiness.data(connection, names)
    if found and not replaces:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise DomainError(
            f"The database is not empty: {', '.join(found[:3])}{more} hold data. Use another"
            " database, or --replace to lose what is there."
        )
    if found:
        emptiness.empty(connection, names)


def _load(connection: Connection, reader: Reader, table: TableOf, tell: Tell) -> None:
    insert = _insert(connection, table)
    definitions = rebuild.take_indexes(connection, table.name)
    cursor = connection.connection.cursor()
    written = 0
    for batch in reader.batches(table):
        with cursor.copy(f"COPY {STAGE} FROM STDIN {VERBATIM}") as copy:
            copy.write(batch)
        written += cursor.execute(insert).rowcount
        # Made in this transaction, so that its file is emptied in place.
        cursor.execute(f"TRUNCATE {STAGE}")
        tell(len(batch))
    if written != table.rows:
        raise DomainError(f"The dump is damaged: {table.name} came to {written:,} rows.")
    rebuild.put_indexes(connection, table.name, definitions)


def _insert(connection: Connection, table: TableOf) -> sql.Composed:
    """Return the statement that makes rows of the staged lines.

    Raises DomainError when the table or its columns are not those of the schema.
    """
    found = connection.execute(COLUMNS, {"table": table.name})
    known = {row.column_name: row.takes_no_null for row in found}
    if not known or set(table.columns) != set(known):
        raise DomainError(
            f"The dump is damaged: {table.name} does not have the columns of its schema."
        )
    values = [
        # A column that takes no NULL holds the null of JSON.
        sql.SQL("coalesce(r.{}, 'null')" if known[name] else "r.{}").format(sql.Identifier(name))
        for name in table.columns
    ]
    return sql.SQL(
        "INSERT INTO {t} ({c}) SELECT {v} FROM {s} l, json_populate_record(NULL::{t}, l.line) r"
    ).format(
        t=sql.Identifier(table.name),
        c=sql.SQL(", ").join(sql.Identifier(name) for name in table.columns),
        v=sql.SQL(", ").join(values),
        s=sql.Identifier(STAGE),
    )
