"""Databases on a server: whether there, empty or live; made, emptied, dropped, put in place."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from psycopg import Connection, errors, sql

from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError

RELATIONS = """
    SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'r' AND c.relpersistence = 'p',
        CASE WHEN c.relacl IS NULL THEN '{}' ELSE ARRAY(
            SELECT one FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'
            ::text[]) AS one WHERE NOT EXISTS (SELECT FROM aclexplode(c.relacl) a
                WHERE a.grantee = c.relowner AND a.privilege_type = one)) END,
        ARRAY(SELECT pg_get_userbyid(a.grantee)::text FROM aclexplode(c.relacl) a
            WHERE a.grantee <> 0)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1"""
SCHEMAS = (
    "SELECT nspname FROM pg_namespace"
    " WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'"
)
LOCALE = (
    "SELECT datlocprovider::text, datcollate, datctype, coalesce(to_jsonb(d)->>'datlocale',"
    " to_jsonb(d)->>'daticulocale') FROM pg_database d WHERE datname = current_database()"
)
PROVIDERS = {"i": ("icu", "ICU_LOCALE"), "b": ("builtin", "BUILTIN_LOCALE")}
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = %s AND backend_type = 'client backend'"
)
SETTINGS = (
    "SELECT split_part(one, '=', 1), substr(one, strpos(one, '=') + 1)"
    " FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase,"
    " unnest(setconfig) AS one WHERE d.datname = %s AND s.setrole = 0"
)
RIGHTS = (
    "SELECT r.rolname, a.privilege_type FROM pg_database d, aclexplode(d.datacl) AS a"
    " LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname = %s"
)
NAME_LENGTH = 63
TRIES = 10
MAINTENANCE = ("postgres", "template1")


class Relation(NamedTuple):
    """A table, view or sequence of ours: its name, quoted where it has to be."""

    name: str
    is_kept: bool  # a table whose rows outlive a crash, and so go into a backup
    withheld: list[str]  # rights that its owner gave away, as on the trail
    roles: list[str]  # whom rights were given to


@contextmanager
def maintenance(address: Address) -> Iterator[Connection]:
    """Give a connection to the server from which the database itself may be renamed or dropped.

    Raises BackupError.
    """
    places = [address.named(name) for name in MAINTENANCE]
    for place in places:
        with suppress(BackupError), place.connection():
            break
    else:
        place = places[0]
    with place.connection() as connection:
        yield connection


def exists(address: Address) -> bool:
    """Tell whether the database is there. Raises BackupError when the server is not to be had."""
    try:
        with address.connection():
            return True
    except BackupError:
        try:
            with maintenance(address) as admin:
                query = "SELECT FROM pg_database WHERE datname = %s"
                there = admin.execute(query, [address.name]).fetchone() is not None
        except BackupError:
            there = True
        if there:  # and it is closed to us: the first error tells why
            raise
        return False


def is_empty(address: Address) -> bool:
    """Tell whether nothing of anybody's is in the database."""
    with address.connection() as connection:
        return not relations(connection)


def relations(connection: Connection) -> list[Relation]:
    """Return what a database holds, but for what its extensions brought along."""
    return [Relation(*row) for row in connection.execute(RELATIONS).fetchall()]


def are_same(one: Address, other: Address) -> bool:
    """Tell whether two addresses lead to one database: a lock taken here is held there.

    Names and hosts would not tell: there are aliases, tunnels and sockets.
    """
    key = secrets.randbits(62)
    with one.connection() as first, other.connection() as second:
        first.execute("SELECT pg_advisory_lock(%s)", [key])
        return second.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone() == (False,)


def create(address: Address, like: Address | None = None) -> None:
    """Create an empty database, with the encoding and sorting of ``like``.

    Raises BackupError, with what to do when the user may not.
    """
    words = _locale(like) if like else sql.SQL("")
    name = sql.Identifier(address.name)
    query = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'{}").format(name, words)
    with maintenance(address) as admin:
        try:
            admin.execute(query)
        except errors.InsufficientPrivilege as error:
            raise BackupError(
                "The database user may not create databases: ALTER ROLE … CREATEDB, or name an"
                " empty database (verify: --scratch-url, restore: --into)."
            ) from error


def _locale(like: Address) -> sql.Composable:
    with like.connection() as connection:
        provider, collate, ctype, own = connection.execute(LOCALE).fetchone() or ("", "", "", "")
    parts: list[Any] = [sql.SQL(" LC_COLLATE {} LC_CTYPE {}").format(collate, ctype)]
    if provider in PROVIDERS:
        word, option = PROVIDERS[provider]
        parts.append(sql.SQL(f" LOCALE_PROVIDER {word} {option} {{}}").format(own))
    return sql.Composed(parts)


def drop(address: Address) -> None:
    """Drop a database with whoever is connected to it; harmless when it is not there."""
    query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with maintenance(address) as admin:
        for attempt in range(TRIES):
            try:
                admin.execute(query.format(sql.Identifier(address.name)))
                return
            except (errors.InsufficientPrivilege, errors.ObjectInUse):
                # The server's own vacuum is in it, which we may not end.
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.5)


def clear(address: Address) -> None:
    """Delete all that is in a database which was empty before."""
    with address.connection() as connection, connection.transaction():
        for (name,) in connection.execute(SCHEMAS).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def beside(address: Address, word: str) -> Address:
    """Return the address of a database beside this one, its name made of both."""
    return address.named(f"{address.name[: NAME_LENGTH - len(word) - 1]}_{word}")


def passing(address: Address, kind: str) -> Address:
    """Return the address of a database beside this one that is not to last, under a new name."""
    return beside(address, f"{kind}_{secrets.token_hex(5)}")


def left_over(admin: Connection, address: Address, kind: str) -> list[Address]:
    """Return the databases beside this one that ``passing`` named: of killed runs, or in use."""
    start = beside(address, f"{kind}_{'0' * 10}").name[:-10]
    query = "SELECT datname FROM pg_database WHERE datname ~ %s"
    found = admin.execute(query, [f"^{re.escape(start)}[0-9a-f]{{10}}$"]).fetchall()
    return [address.named(name) for (name,) in found]


@contextmanager
def replacing(address: Address) -> Iterator[Address]:
    """Hold the right to replace a database, and give the address of one to be made for it.

    What killed runs left is dropped. Raises BackupError while somebody else holds the right.
    """
    with maintenance(address) as admin:
        query = "SELECT pg_try_advisory_lock(hashtextextended('replacing ' || %s, 0))"
        if admin.execute(query, [address.name]).fetchone() != (True,):
            raise BackupError(f"Somebody else is replacing {address.name} at this moment.")
        for one in left_over(admin, address, "new"):
            drop(one)
        yield passing(address, "new")


def swap(live: Address, fresh: Address, former: Address) -> None:
    """Rename ``live`` to ``former`` and ``fresh`` to ``live``: both, or neither.

    Whoever is connected is cut off. The settings of the database go over to the new one.
    Raises BackupError when others keep coming in between.
    """
    with maintenance(live) as admin:
        for _ in range(TRIES):
            admin.execute(TERMINATE, [live.name])
            admin.execute(TERMINATE, [fresh.name])
            try:
                with admin.transaction():
                    _rename(admin, live, former)  # from here on those who come wait
                    _rename(admin, fresh, live)
                    _carry_settings(admin, former, live)
                return
            except errors.ObjectInUse:
                continue
        raise BackupError(f"{live.name} is in use without a pause: stop web and worker first.")


def _rename(admin: Connection, one: Address, to: Address) -> None:
    query = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    admin.execute(query.format(sql.Identifier(one.name), sql.Identifier(to.name)))


def _carry_settings(admin: Connection, source: Address, target: Address) -> None:
    for name, value in admin.execute(SETTINGS, [source.name]).fetchall():
        admin.execute("SELECT set_config(%s, %s, true)", [name, value])
        query = sql.SQL("ALTER DATABASE {} SET {} FROM CURRENT")
        admin.execute(query.format(sql.Identifier(target.name), sql.SQL(name)))
    _carry_rights(admin, source, target)


def _carry_rights(admin: Connection, source: Address, target: Address) -> None:
    """Let those connect who could connect to ``source``, and nobody else."""
    rights = admin.execute(RIGHTS, [source.name]).fetchall()
    if not rights:
        return  # as they are by default
    name = sql.Identifier(target.name)
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for role, right in rights:
        who = sql.Identifier(role) if role else sql.SQL("PUBLIC")
        admin.execute(sql.SQL("GRANT {} ON DATABASE {} TO {}").format(sql.SQL(right), name, who))
