"""Orders that are closed can be archived."""

import sqlalchemy as sa
from alembic import op
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment of archiving."""
    op.add_column('orders', sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True))
    closed = "archived_at IS NULL OR status IN ('completed', 'cancelled')"
    op.create_check_constraint('archived_is_closed', 'orders', closed)


def downgrade() -> None:
    """Forget which orders are archived."""
    op.drop_column('orders', 'archived_at')
