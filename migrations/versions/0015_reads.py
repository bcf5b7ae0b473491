"""What was read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table('access_reads',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.Column('hour', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('way', sa.Text(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('address', postgresql.INET(), nullable=True),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("way IN ('page', 'list', 'export', 'download')", name=op.f('ck_access_reads_way')),
    sa.CheckConstraint('times > 0 AND rows >= 0', name=op.f('ck_access_reads_numbers')),
    sa.CheckConstraint('user_id IS NOT NULL OR link_id IS NOT NULL', name=op.f('ck_access_reads_reader')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_reads')),
    sa.UniqueConstraint('user_id', 'link_id', 'hour', 'kind', 'record', 'detail', 'way', 'session_id', 'address', name='uq_access_reads_read', postgresql_nulls_not_distinct=True)
    )
    op.create_index('ix_access_reads_record', 'access_reads', ['kind', 'record', 'hour'])
    op.create_index('ix_access_reads_hour', 'access_reads', ['hour'])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table('access_reads')
