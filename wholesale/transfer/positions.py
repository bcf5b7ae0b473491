"""How far identities and the sequences of document codes have counted: read, and set again."""

import re
from collections.abc import Sequence

from psycopg import sql
from sqlalchemy import Connection, text

from wholesale.core.errors import DomainError
from wholesale.transfer.manifest import Position

DOCUMENTS = re.compile(r"^document_[a-z]+_[0-9]{4}$")
# An identity's sequence depends on its column; one of document codes stands by itself.
SEQUENCES = text("""
    SELECT s.relname, t.relname, a.attname FROM pg_class s
    LEFT JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass
        AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
    LEFT JOIN pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace ORDER BY s.relname
""")


def read(connection: Connection, tables: Sequence[str]) -> list[Position]:
    """Return the positions of the identities of ``tables`` and of all document codes."""
    found = []
    for sequence, table, column in connection.execute(SEQUENCES).all():
        if table in tables or (table is None and DOCUMENTS.match(sequence)):
            query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(sequence))
            cursor = connection.connection.cursor()
            (last, is_used), *_ = cursor.execute(query).fetchall()
            found.append(
                Position(sequence=sequence, table=table, column=column, last=last, is_used=is_used)
            )
    return found


def write(connection: Connection, positions: Sequence[Position]) -> None:
    """Set every position anew; raises DomainError for a sequence that has no place here.

    Restarting is undone with the transaction, which ``setval`` is not.
    """
    known = {(name, table, column) for name, table, column in connection.execute(SEQUENCES).all()}
    cursor = connection.connection.cursor()
    for one in positions:
        name = sql.Identifier(one.sequence)
        if one.table is None and DOCUMENTS.match(one.sequence):
            cursor.execute(sql.SQL("CREATE SEQUENCE IF NOT EXISTS {}").format(name))
        elif (one.sequence, one.table, one.column) not in known:
            raise DomainError(f"The dump counts by {one.sequence}, which the schema has not.")
        restart = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}").format(name, sql.Literal(one.last))
        cursor.execute(restart)
        if one.is_used:
            cursor.execute("SELECT nextval(%s::regclass)", [f'"{one.sequence}"'])
