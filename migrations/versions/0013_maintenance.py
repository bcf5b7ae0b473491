"""Windows of maintenance."""

import sqlalchemy as sa
from alembic import op
revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table('maintenance_windows',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('is_read_only', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('ends_at >= starts_at', name=op.f('ck_maintenance_windows_span')),
    sa.CheckConstraint('length(btrim(message)) > 0', name=op.f('ck_maintenance_windows_message')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_windows'))
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table('maintenance_windows')
