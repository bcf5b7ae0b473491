"""All data into a file, as it stands at one moment, while people go on writing."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from psycopg import sql
from sqlalchemy import Connection, text

from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.transfer import positions, schema
from wholesale.transfer.container import Tell, Writer
from wholesale.transfer.decisions import DECISIONS, undecided
from wholesale.transfer.left_out import left_out, travelling
from wholesale.transfer.manifest import Manifest
from wholesale.transfer.replacing import KEY, keep
from wholesale.transfer.troubles import told

# A snapshot that never changes, taken without a lock that anybody would wait for.
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
PATIENCE = (
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
    " SET LOCAL timezone = 'UTC'"
)
# Neither character can be in JSON, so that a line goes out as it is.
VERBATIM = r"(FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"


def expected_rows(connection: Connection) -> int:
    """Return about how many rows there are, by the database's own statistics."""
    query = text(
        "SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class WHERE relname = ANY (:n)"
    )
    return connection.scalar(query, {"n": travelling(False)}) or 0


def export(connection: Connection, writer: Writer, *, is_anonymized: bool, tell: Tell) -> Manifest:
    """Write every table that travels; ``tell`` hears how many rows came since it last heard.

    ``connection`` was opened with ``SNAPSHOT``. Raises DomainError when the schema is not this
    version's, when a column has no decision, and for what the database refuses.
    """
    with told():
        connection.exec_driver_sql(PATIENCE)
        _refuse_other_schema(connection)
        if is_anonymized:
            _hide(connection)
        names, tables = travelling(is_anonymized), []
        for name in names:
            lines = _lines(connection, _query(name, is_anonymized))
            tables.append(writer.table(name, columns_of(name), lines, tell))
        manifest = Manifest(
            application=_application(),
            schema_revision=schema.newest(),
            created_at=datetime.now(UTC),
            is_anonymized=is_anonymized,
            tables=tables,
            positions=positions.read(connection, names),
            left_out=left_out(is_anonymized),
        )
    writer.manifest(manifest)
    return manifest


def _refuse_other_schema(connection: Connection) -> None:
    found = schema.present(connection)
    if found != schema.newest():
        raise DomainError(
            f"The database has schema {found or 'none'}, this version needs {schema.newest()}:"
            " run flask db upgrade first."
        )


def _hide(connection: Connection) -> None:
    """Give the transaction the key that replacements follow from; nobody keeps it."""
    if open_ones := undecided():
        raise DomainError(
            f"Nobody has said what --anonymize does to {', '.join(open_ones)}"
            " (wholesale/transfer/decisions.py); nothing was written."
        )
    setting = {"name": KEY, "key": secrets.token_hex(32)}
    connection.execute(text("SELECT set_config(:name, :key, true)"), setting)


def columns_of(name: str) -> list[str]:
    """Return the columns of a table that travel: those that the database does not compute."""
    return [c.name for c in db.metadata.tables[name].columns if c.computed is None]


def _query(name: str, is_anonymized: bool) -> sql.Composed:
    """Return the statement that gives a table's rows as JSON, a line each."""
    decisions = DECISIONS.get(name, {}) if is_anonymized else {}
    columns = [
        sql.SQL("{} AS {}").format(
            sql.SQL(decisions.get(column, keep)(f't."{column}"')),
            sql.Identifier(column),
        )
        for column in columns_of(name)
    ]
    keys = [sql.Identifier("t", column.name) for column in db.metadata.tables[name].primary_key]
    return sql.SQL(
        "COPY (SELECT row_to_json(r) FROM (SELECT {} FROM {} t ORDER BY {}) r) TO STDOUT {}"
    ).format(
        sql.SQL(", ").join(columns),
        sql.Identifier(name),
        sql.SQL(", ").join(keys),
        sql.SQL(VERBATIM),
    )


def _lines(connection: Connection, query: sql.Composed) -> Iterator[bytes]:
    cursor = connection.connection.cursor()
    with cursor.copy(query) as copy:
        yield from copy


def _application() -> str:
    try:
        return version("wholesale")
    except PackageNotFoundError:  # run from its folder, as it usually is
        return "1.0.0"
