"""Fills a database from a backup, checks it, and puts it in the place of the live one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alembic.command import upgrade
from alembic.config import Config
from psycopg import Connection
from sqlalchemy.orm import Session

from wholesale.audit.queries import first_break
from wholesale.backup import databases
from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError, Unfit, telling
from wholesale.backup.operations import counted
from wholesale.backup.programs import Progress, program, quiet, run
from wholesale.backup.store import Backup, Manifest
from wholesale.config import ROOT
from wholesale.core.clock import now
from wholesale.integrity import operations as integrity
from wholesale.system.schema import is_ahead, is_behind

RIGHTS = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}
WINDOW = "starts_at, ends_at, message, is_read_only"
OPEN = "FROM maintenance_windows WHERE ends_at IS NULL OR ends_at > now()"
KEEP_WINDOW = (
    "INSERT INTO maintenance_windows (starts_at, ends_at, message, is_read_only)"
    " VALUES (%s, %s, %s, %s)"
)


@dataclass(frozen=True)
class Outcome:
    """What a restored database is like."""

    rows: int
    schema: str  # of the backup
    brought_forward: bool
    findings: Sequence[str] = ()
    former: str = ""


def refuse_newer(manifest: Manifest) -> None:
    """Raise BackupError for a backup of a schema that this version does not know."""
    if is_ahead(heads(manifest)):
        raise BackupError(
            f"The backup is of a newer version (schema {manifest.schema}, WholesaleOS"
            f" {manifest.app}), which this one does not know: restore it with that version."
        )


def heads(manifest: Manifest) -> tuple[str, ...]:
    """Return the migrations that the backed up database had come to."""
    return tuple(manifest.schema.split("+"))


def fill(backup: Backup, target: Address, progress: Progress = quiet) -> Outcome:
    """Restore into the empty database ``target``, compare the rows, bring the schema forward.

    Raises BackupError; ``target`` holds a part then, and is for the caller to tidy.
    """
    manifest = backup.known()
    refuse_newer(manifest)
    with target.connection() as connection:
        major = connection.info.server_version // 10_000
        pg_restore, _ = program("pg_restore", max(major, manifest.program))
        options = ["--no-owner", "--no-comments", "--no-publications", "--no-subscriptions"]
        keep_rights = _has_its_roles(connection, manifest)
        options += [] if keep_rights else ["--no-privileges"]
        where = [f"--dbname={target.argument()}", str(backup.path)]
        command = [str(pg_restore), *options, *where]
        run(command, target, tables=len(manifest.rows), progress=progress)
        _compare(backup.name, manifest.rows, counted(connection))
        if not keep_rights:
            _protect(connection, manifest)
        older = is_behind(heads(manifest))
        if older:
            bring_forward(target)
        connection.execute("ANALYZE")
    return Outcome(sum(manifest.rows.values()), manifest.schema, older)


def _has_its_roles(connection: Connection, manifest: Manifest) -> bool:
    """Tell whether rights can be restored as they were: same owner, and all the others there."""
    query = "SELECT current_user = %s AND count(*) = %s FROM pg_roles WHERE rolname = ANY (%s)"
    roles = manifest.roles
    return connection.execute(query, [manifest.owner, len(roles), roles]).fetchone() == (True,)


def _protect(connection: Connection, manifest: Manifest) -> None:
    """Take from the new owner what the former one had not: the trail stays append-only."""
    for name, rights in manifest.withheld.items():  # both of the manifest, so both are checked
        (table,) = connection.execute("SELECT to_regclass(%s)::text", [name]).fetchone() or (None,)
        if table is None or not all(right in RIGHTS for right in rights):
            raise BackupError(f"The manifest speaks of rights on {name}, which cannot be.")
        query = f"REVOKE {', '.join(rights)} ON {table} FROM CURRENT_USER, PUBLIC"
        connection.execute(query)


def _compare(name: str, noted: dict[str, int], found: dict[str, int]) -> None:
    for table in sorted(noted.keys() | found.keys()):
        if noted.get(table) != found.get(table):
            there, here = noted.get(table, "no table"), found.get(table, "no table")
            raise Unfit(f"{name}: {table} has {here} rows restored, {there} when backed up.")


def bring_forward(target: Address) -> None:
    """Run the migrations that ``target`` lacks. Raises BackupError when one fails."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with telling("The schema could not be brought forward"), target.engine() as engine:
        config.attributes["engine"] = engine
        upgrade(config, "head")


def examine(target: Address) -> list[str]:
    """Return what is wrong with the data of a restored database.

    Raises BackupError when the trail was changed, or the database does not answer.
    """
    with telling(target.name), target.engine() as engine, Session(engine) as session:
        broken = first_break(session)
        if broken:
            raise Unfit(f"{target.name}: {broken}")
        found = integrity.check(session)
    return [f"{one.invariant.name}: {one.entity} {one.key} ({one.detail})" for one in found]


def into(backup: Backup, target: Address, progress: Progress = quiet) -> Outcome:
    """Restore into a database that is empty, or not there yet.

    Raises BackupError; then ``target`` is as it was before.
    """
    refuse_newer(backup.known())
    was_there = databases.exists(target)
    if was_there and not databases.is_empty(target):
        raise BackupError(f"{target.name} is not empty: nothing was restored.")
    if not was_there:
        databases.create(target)
    try:
        return fill(backup, target, progress)
    except BaseException:
        (databases.clear if was_there else databases.drop)(target)
        raise


def replace_live(
    backup: Backup, live: Address, accept: bool = False, progress: Progress = quiet
) -> Outcome:
    """Restore beside ``live``, check, and swap the two by name; the former one is kept.

    Data that breaks a rule is refused unless one accepts it. Raises BackupError; then ``live``
    is as it was, and nothing lies beside it.
    """
    former = databases.beside(live, f"old_{now():%Y%m%dT%H%M%S}")
    with databases.replacing(live) as fresh:
        databases.create(fresh, like=live)
        try:
            outcome = fill(backup, fresh, progress)
            findings = examine(fresh)
            if findings and not accept:
                raise BackupError(
                    f"{len(findings)} records of the backup break a rule ({findings[0]} …)."
                    " --accept-findings takes them along; integrity check shows them then."
                )
            _keep_maintenance(live, fresh)
            databases.swap(live, fresh, former)
        except BaseException:
            databases.drop(fresh)
            raise
    return replace(outcome, findings=findings, former=former.name)


def _keep_maintenance(live: Address, fresh: Address) -> None:
    """Let the windows of now stand in the database that takes over, not those of the backup."""
    with live.connection() as connection:
        there = connection.execute("SELECT to_regclass('maintenance_windows')").fetchone()
        if there == (None,):  # the live one is of an older version
            return
        windows = connection.execute(f"SELECT {WINDOW} {OPEN}").fetchall()
    with fresh.connection() as connection, connection.transaction():
        connection.execute(f"DELETE {OPEN}")
        for window in windows:
            connection.execute(KEEP_WINDOW, window)
