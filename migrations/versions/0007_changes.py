"""Change orders, and their rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# Merging two customers, and parting them again, moves orders: their changes go along.
TRIGGERS = """
CREATE FUNCTION change_orders_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE change_orders SET organization_id = NEW.organization_id WHERE order_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER change_orders_follow AFTER UPDATE OF organization_id ON orders
FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id)
EXECUTE FUNCTION change_orders_follow();
"""

DROP_TRIGGERS = """
DROP TRIGGER change_orders_follow ON orders;
DROP FUNCTION change_orders_follow();
"""


def upgrade() -> None:
    """Make the tables."""
    discount = 'least(subtotal, round(subtotal * discount_percent / 100, 2) + discount_amount)'
    tax = f'round((subtotal - {discount}) * tax_percent / 100, 2)'
    total = f'subtotal - {discount} + {tax} + freight'
    op.create_table('change_orders',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('order_lines_version', sa.Integer(), nullable=False),
    sa.Column('accepted_by', sa.Text(), server_default='', nullable=False),
    sa.Column('acceptance', sa.Text(), server_default='', nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('salesperson_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.Column('requested_delivery', sa.Date(), nullable=True),
    sa.Column('shipping_address', sa.Text(), server_default='', nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('units', sa.Integer(), server_default='0', nullable=False),
    sa.Column('subtotal', sa.Numeric(precision=14, scale=2), server_default='0', nullable=False),
    sa.Column('discount_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('discount_amount', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('tax_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('freight', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('discount', sa.Numeric(precision=14, scale=2), sa.Computed(discount, persisted=True), nullable=False),
    sa.Column('tax', sa.Numeric(precision=14, scale=2), sa.Computed(tax, persisted=True), nullable=False),
    sa.Column('total', sa.Numeric(precision=14, scale=2), sa.Computed(total, persisted=True), nullable=False),
    sa.Column('lines_version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('copied', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("(status = 'applied') = (applied_at IS NOT NULL)", name=op.f('ck_change_orders_applied')),
    sa.CheckConstraint("reason <> '' AND char_length(reason) <= 500", name=op.f('ck_change_orders_reason')),
    sa.CheckConstraint("status IN ('open', 'applied', 'dropped')", name=op.f('ck_change_orders_status')),
    sa.CheckConstraint('char_length(name) <= 200', name=op.f('ck_change_orders_name')),
    sa.CheckConstraint('discount_percent BETWEEN 0 AND 100 AND discount_amount >= 0 AND (discount_percent = 0 OR discount_amount = 0)', name=op.f('ck_change_orders_discount')),
    sa.CheckConstraint('subtotal >= 0 AND units >= 0 AND freight >= 0', name=op.f('ck_change_orders_amounts')),
    sa.CheckConstraint('tax_percent BETWEEN 0 AND 100', name=op.f('ck_change_orders_tax')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['users.id'], name=op.f('fk_change_orders_approved_by_id_users')),
    sa.ForeignKeyConstraint(['contact_id', 'organization_id'], ['contacts.id', 'contacts.organization_id'], name=op.f('fk_change_orders_contact_id_organization_id_contacts'), initially='IMMEDIATE', deferrable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_change_orders_created_by_id_users')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_change_orders_order_id_orders'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_change_orders_organization_id_organizations')),
    sa.ForeignKeyConstraint(['salesperson_id'], ['users.id'], name=op.f('fk_change_orders_salesperson_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_orders')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_change_orders_entry_key')),
    sa.UniqueConstraint('order_id', 'number', name=op.f('uq_change_orders_order_id_number'))
    )
    op.create_index(op.f('ix_change_orders_approved_by_id'), 'change_orders', ['approved_by_id'], unique=False)
    op.create_index(op.f('ix_change_orders_contact_id'), 'change_orders', ['contact_id'], unique=False)
    op.create_index('ix_change_orders_created_by_id', 'change_orders', ['created_by_id'], unique=False)
    op.create_index('ix_change_orders_organization_id', 'change_orders', ['organization_id'], unique=False)
    op.create_index('ix_change_orders_salesperson_id', 'change_orders', ['salesperson_id'], unique=False)
    op.create_index('uq_change_orders_open', 'change_orders', ['order_id'], unique=True, postgresql_where=sa.text("status = 'open'"))
    op.create_table('change_order_lines',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('change_order_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('sizes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('surcharges', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('quantities', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('unit_price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('pricing', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('is_price_manual', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('discount_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('qty_total', sa.Integer(), sa.Computed('units_of(quantities)', persisted=True), nullable=False),
    sa.Column('line_total', sa.Numeric(precision=12, scale=2), sa.Computed('line_amount(quantities, surcharges, unit_price, discount_percent)', persisted=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('discount_percent BETWEEN 0 AND 100', name=op.f('ck_change_order_lines_discount')),
    sa.CheckConstraint('quantities_fit(quantities, sizes)', name=op.f('ck_change_order_lines_quantities')),
    sa.CheckConstraint('surcharges_fit(surcharges)', name=op.f('ck_change_order_lines_surcharges')),
    sa.CheckConstraint('unit_price >= 0', name=op.f('ck_change_order_lines_unit_price')),
    sa.ForeignKeyConstraint(['change_order_id'], ['change_orders.id'], name=op.f('fk_change_order_lines_change_order_id_change_orders'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_change_order_lines_product_id_products')),
    sa.ForeignKeyConstraint(['variant_id', 'product_id'], ['variants.id', 'variants.product_id'], name=op.f('fk_change_order_lines_variant_id_product_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_order_lines')),
    sa.UniqueConstraint('change_order_id', 'variant_id', name=op.f('uq_change_order_lines_change_order_id_variant_id'))
    )
    op.create_index(op.f('ix_change_order_lines_product_id'), 'change_order_lines', ['product_id'], unique=False)
    op.create_index(op.f('ix_change_order_lines_variant_id'), 'change_order_lines', ['variant_id'], unique=False)
    op.execute(TRIGGERS)


def downgrade() -> None:
    """Drop them again."""
    op.execute(DROP_TRIGGERS)
    op.drop_index(op.f('ix_change_order_lines_variant_id'), table_name='change_order_lines')
    op.drop_index(op.f('ix_change_order_lines_product_id'), table_name='change_order_lines')
    op.drop_table('change_order_lines')
    op.drop_index('uq_change_orders_open', table_name='change_orders', postgresql_where=sa.text("status = 'open'"))
    op.drop_index('ix_change_orders_salesperson_id', table_name='change_orders')
    op.drop_index('ix_change_orders_organization_id', table_name='change_orders')
    op.drop_index('ix_change_orders_created_by_id', table_name='change_orders')
    op.drop_index(op.f('ix_change_orders_contact_id'), table_name='change_orders')
    op.drop_index(op.f('ix_change_orders_approved_by_id'), table_name='change_orders')
    op.drop_table('change_orders')
