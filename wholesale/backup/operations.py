"""Makes a backup: rows counted and dumped in one and the same snapshot, while people write."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from wholesale.backup import databases, store
from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError, telling
from wholesale.backup.programs import Progress, program, quiet, run
from wholesale.backup.queries import superfluous
from wholesale.backup.retention import Rule
from wholesale.backup.store import Backup
from wholesale.config import VERSION
from wholesale.core.clock import now

DUMPING = ("--no-unlogged-table-data", "--lock-wait-timeout=60000")
# Roles that rights on other than tables were given to.
ROLES = """
    SELECT DISTINCT pg_get_userbyid(role)::text FROM (
        SELECT a.grantee FROM pg_proc p, aclexplode(proacl) a WHERE NOT EXISTS (
            SELECT FROM pg_namespace WHERE oid = p.pronamespace AND nspname LIKE 'pg\\_%')
        UNION SELECT defaclrole FROM pg_default_acl) r (role) WHERE role <> 0"""


def create(source: Address, folder: Path, by: str, progress: Progress = quiet) -> Backup:
    """Dump ``source`` into ``folder`` and return the backup, whole on the disk.

    Raises BackupError when that fails; then nothing new lies in the folder.
    """
    with source.connection() as connection:
        major = connection.info.server_version // 10_000
        pg_dump, version = program("pg_dump", major)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        manifest = _described(connection, source) | {"created_by": by, "program": version}
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        moment = now()
        stem = f"{moment:%Y%m%dT%H%M%SZ}-{manifest['schema']}"
        with store.draft(folder, stem) as draft:
            command = [str(pg_dump), "--format=custom", f"--snapshot={snapshot}", *DUMPING]
            tables = len(manifest["rows"])
            try:
                run(command, source, stdout=draft.file, tables=tables, progress=progress)
            except BackupError as error:
                raise BackupError(f"No backup was made: {error.message}") from error
            return draft.keep(manifest | {"created_at": moment.isoformat()})


def _described(connection: Connection, source: Address) -> dict[str, Any]:
    if connection.execute("SELECT to_regclass('public.alembic_version')").fetchone() == (None,):
        raise BackupError(f"{source.name} is not a database of WholesaleOS: nothing to back up.")
    heads = connection.execute("SELECT version_num FROM alembic_version ORDER BY 1").fetchall()
    (owner,) = connection.execute("SELECT current_user").fetchone() or ("",)
    found = databases.relations(connection)
    roles = {name for (name,) in connection.execute(ROLES).fetchall()}
    return {
        "database": source.name,
        "schema": "+".join(head for (head,) in heads),
        "rows": counted(connection),
        "app": VERSION,
        "server": connection.info.server_version,
        "owner": owner,
        "roles": sorted(roles.union(*(one.roles for one in found))),
        "withheld": {one.name: one.withheld for one in found if one.withheld},
    }


def counted(connection: Connection) -> dict[str, int]:
    """Return how many rows each table of a database holds."""
    counts = {}
    for one in databases.relations(connection):
        if one.is_kept:  # its name was quoted by the database itself
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(one.name))
            (counts[one.name],) = connection.execute(query).fetchone() or (0,)
    return counts


def prune(folder: Path, database: str, rule: Rule) -> list[Backup]:
    """Delete the backups of ``database`` that ``rule`` lets go, and return them."""
    going = superfluous(folder, database, rule)
    for backup in going:
        store.delete(backup)
    return going


def record_verified(backup: Backup, problem: str, findings: int = 0) -> None:
    """Write into the manifest that the backup was tried out, and how that went.

    Raises BackupError when the disk refuses.
    """
    manifest = backup.known()
    verdict = {"at": now().isoformat(), "ok": not problem, "words": problem, "findings": findings}
    with telling("That it was verified could not be noted"):
        store.write_manifest(backup.path, replace(manifest, verified=verdict))
