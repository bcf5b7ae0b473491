"""The order's workflow: whether it needs a design, and when its sizes were confirmed."""

import sqlalchemy as sa
from alembic import op
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the gates ask."""
    op.add_column('orders', sa.Column('needs_no_design', sa.Boolean(), server_default='false', nullable=False))
    op.create_index('ix_orders_customer', 'orders', ['organization_id'], unique=False)
    op.add_column('orders', sa.Column('sizes_confirmed_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column('orders', 'sizes_confirmed_at')
    op.drop_index('ix_orders_customer', table_name='orders')
    op.drop_column('orders', 'needs_no_design')
