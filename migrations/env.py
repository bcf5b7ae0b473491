"""Alembic's environment: migrates the application's own database, one version at a time."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from wholesale.read_only import let_write
from wholesale.system.schema import MIGRATION_LOCK

LOCK_TIMEOUT = "10s"

db = current_app.extensions["migrate"].db

# A restored database is brought forward before it takes the place of the application's own.
engine = context.config.attributes.get("engine") or db.engine

# Maintenance is when one migrates.
with let_write(), engine.connect() as connection:
    # Several processes may start at once; the second waits and finds nothing left to do.
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    # The tables' locks are another matter: who waits for one holds up all who come later.
    patience = context.get_x_argument(as_dictionary=True).get("lock_timeout", LOCK_TIMEOUT)
    connection.execute(
        text("SELECT set_config('lock_timeout', :value, false)"), {"value": patience}
    )
    connection.commit()
    context.configure(connection=connection, target_metadata=db.metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
