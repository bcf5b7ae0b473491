"""Whether the database has the schema that this version needs."""

from functools import cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from wholesale.config import ROOT

MIGRATION_LOCK = 0xA1E3  # the advisory lock of whoever migrates


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Return the migrations that this version brings, and the newest of them."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    every = frozenset(script.revision for script in scripts.walk_revisions())
    return every, frozenset(scripts.get_heads())


def present(session: Session) -> tuple[str, ...]:
    """Return the migration that the database has come to; none for an empty one."""
    return MigrationContext.configure(session.connection()).get_current_heads()


def is_ahead(found: tuple[str, ...]) -> bool:
    """Tell whether a newer version has brought the database further than this one knows."""
    return not set(found) <= _known()[0]


def is_behind(found: tuple[str, ...]) -> bool:
    """Tell whether migrations wait.

    A database that a newer version has brought further is not behind: while a release is
    rolled out, or back, both versions serve.
    """
    every, newest = _known()
    return not found or (set(found) <= every and not newest <= set(found))
