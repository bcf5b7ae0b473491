"""Which schema a database has, and bringing it to another within the caller's transaction."""

from functools import cache

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from wholesale.config import ROOT
from wholesale.core.errors import DomainError
from wholesale.extensions import db

VERSION = "alembic_version"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


@cache
def order() -> tuple[str, ...]:
    """Return the revisions that this version knows, the oldest first."""
    return tuple(script.revision for script in _scripts().walk_revisions())[::-1]


def newest() -> str:
    """Return the revision that this version needs."""
    return order()[-1]


def present(connection: Connection) -> str | None:
    """Return the database's revision; None for an empty one.

    Raises DomainError for a newer one, and for a database that is something else's.
    """
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads:
        if set(inspect(connection).get_table_names()) - {VERSION}:
            raise DomainError(
                "The database holds tables that are not of WholesaleOS: is DATABASE_URL right?"
            )
        return None
    if heads[0] not in order():
        raise DomainError(
            f"A newer version has brought the database to schema {heads[0]}; this one knows"
            f" schemas up to {newest()}. Use the newer version."
        )
    return heads[0]


def bring(connection: Connection, to: str) -> None:
    """Migrate, up or down, in the transaction of ``connection``; nothing is committed."""
    scripts, found = _scripts(), present(connection)
    is_down = found is not None and order().index(found) > order().index(to)
    # Alembic's own commands do the same, but on a connection of their own.
    steps = scripts._downgrade_revs if is_down else scripts._upgrade_revs
    with EnvironmentContext(
        _config(), scripts, fn=lambda revision, context: steps(to, revision)
    ) as environment:
        environment.configure(connection=connection, target_metadata=db.metadata)
        environment.run_migrations()
