"""The queue, in a schema of its own, and what jobs say of themselves."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

QUEUE = Path(__file__).parents[1] / 'procrastinate-3.10.sql'
# Its functions name its tables without their schema, and are called from elsewhere.
OWN_PATH = """
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT oid FROM pg_proc WHERE pronamespace = 'procrastinate'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = procrastinate', function);
    END LOOP;
END $$;
"""


def upgrade() -> None:
    """Make the schema and the table of notes."""
    queue = f'CREATE SCHEMA procrastinate; SET LOCAL search_path = procrastinate; {QUEUE.read_text()}'
    op.get_bind().exec_driver_sql(queue.replace('%', '%%'))
    op.get_bind().exec_driver_sql(OWN_PATH.replace('%', '%%'))
    op.execute('SET LOCAL search_path = public')
    op.create_table('job_notes',
    sa.Column('job_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('total', sa.Integer(), server_default='0', nullable=False),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('done >= 0 AND total >= 0', name=op.f('ck_job_notes_progress')),
    sa.PrimaryKeyConstraint('job_id', name=op.f('pk_job_notes'))
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table('job_notes')
    op.execute('DROP SCHEMA procrastinate CASCADE')
