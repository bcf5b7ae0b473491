"""Quotes, their revisions and decisions, customer links; discount and tax of a document."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

DISCOUNT = "least(subtotal, round(subtotal * discount_percent / 100, 2) + discount_amount)"
TAX = f"round((subtotal - {DISCOUNT}) * tax_percent / 100, 2)"
TOTAL = f"subtotal - {DISCOUNT} + {TAX} + freight"

TRIGGERS = """
CREATE FUNCTION quotes_set_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT search_key(concat_ws(' ', NEW.code, o.name, NEW.name)) INTO NEW.search
    FROM organizations o WHERE o.id = NEW.organization_id;
    NEW.search := coalesce(NEW.search, '');
    RETURN NEW;
END $$;
CREATE TRIGGER quotes_set_search BEFORE INSERT OR UPDATE OF code, name, organization_id
ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_set_search();

CREATE FUNCTION organizations_renamed_quotes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE quotes SET search = search_key(concat_ws(' ', code, NEW.name, name))
    WHERE organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_renamed_quotes AFTER UPDATE OF name ON organizations
FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)
EXECUTE FUNCTION organizations_renamed_quotes();

CREATE FUNCTION quote_revisions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent to a customer does not change';
END $$;
CREATE TRIGGER quote_revisions_stand BEFORE UPDATE ON quote_revisions
FOR EACH ROW EXECUTE FUNCTION quote_revisions_stand();
CREATE TRIGGER quote_documents_stand BEFORE UPDATE ON quote_documents
FOR EACH ROW EXECUTE FUNCTION quote_revisions_stand();
"""

DROP_TRIGGERS = """
DROP TRIGGER organizations_renamed_quotes ON organizations;
DROP FUNCTION organizations_renamed_quotes();
"""

DROP_FUNCTIONS = """
DROP FUNCTION quotes_set_search();
DROP FUNCTION quote_revisions_stand();
"""


def upgrade() -> None:
    """Make the tables, and let an order carry what its quote agreed."""
    op.create_table('quote_documents',
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('content_hash', name=op.f('pk_quote_documents'))
    )
    op.create_table('quotes',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('salesperson_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Text(), server_default='draft', nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('requested_delivery', sa.Date(), nullable=True),
    sa.Column('shipping_address', sa.Text(), server_default='', nullable=False),
    sa.Column('terms', sa.Text(), server_default='', nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('internal_notes', sa.Text(), server_default='', nullable=False),
    sa.Column('is_usual', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('search', sa.Text(), server_default='', nullable=False),
    sa.Column('units', sa.Integer(), server_default='0', nullable=False),
    sa.Column('subtotal', sa.Numeric(precision=14, scale=2), server_default='0', nullable=False),
    sa.Column('discount_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('discount_amount', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('tax_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('freight', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('discount', sa.Numeric(precision=14, scale=2), sa.Computed(DISCOUNT, persisted=True), nullable=False),
    sa.Column('tax', sa.Numeric(precision=14, scale=2), sa.Computed(TAX, persisted=True), nullable=False),
    sa.Column('total', sa.Numeric(precision=14, scale=2), sa.Computed(TOTAL, persisted=True), nullable=False),
    sa.Column('lines_version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('copied', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("status = 'draft' OR sent_at IS NOT NULL", name=op.f('ck_quotes_sent')),
    sa.CheckConstraint("status IN ('draft', 'sent', 'accepted', 'rejected', 'expired')", name=op.f('ck_quotes_status')),
    sa.CheckConstraint('char_length(name) <= 200', name=op.f('ck_quotes_name')),
    sa.CheckConstraint('discount_percent BETWEEN 0 AND 100 AND discount_amount >= 0 AND (discount_percent = 0 OR discount_amount = 0)', name=op.f('ck_quotes_discount')),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_quotes_revision')),
    sa.CheckConstraint('subtotal >= 0 AND units >= 0 AND freight >= 0', name=op.f('ck_quotes_amounts')),
    sa.CheckConstraint('tax_percent BETWEEN 0 AND 100', name=op.f('ck_quotes_tax')),
    sa.ForeignKeyConstraint(['contact_id', 'organization_id'], ['contacts.id', 'contacts.organization_id'], name=op.f('fk_quotes_contact_id_organization_id_contacts'), initially='IMMEDIATE', deferrable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_quotes_created_by_id_users')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_quotes_organization_id_organizations')),
    sa.ForeignKeyConstraint(['salesperson_id'], ['users.id'], name=op.f('fk_quotes_salesperson_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes')),
    sa.UniqueConstraint('code', name=op.f('uq_quotes_code')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_quotes_entry_key'))
    )
    op.create_index('ix_quotes_begun_at', 'quotes', ['begun_at', 'id'], unique=False)
    op.create_index(op.f('ix_quotes_contact_id'), 'quotes', ['contact_id'], unique=False)
    op.create_index('ix_quotes_created_by_id', 'quotes', ['created_by_id'], unique=False)
    op.create_index('ix_quotes_organization_id', 'quotes', ['organization_id', 'begun_at', 'id'], unique=False)
    op.create_index('ix_quotes_salesperson_id', 'quotes', ['salesperson_id', 'begun_at', 'id'], unique=False)
    op.create_index('ix_quotes_search', 'quotes', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_index('ix_quotes_status', 'quotes', ['status', 'begun_at', 'id'], unique=False)
    op.create_index('ix_quotes_total', 'quotes', ['total', 'id'], unique=False)
    op.create_index('ix_quotes_usual', 'quotes', ['organization_id'], unique=False, postgresql_where=sa.text('is_usual'))
    op.create_table('customer_links',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('num_nonnulls(quote_id) = 1', name=op.f('ck_customer_links_one_document')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_customer_links_created_by_id_users')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_customer_links_quote_id_quotes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_customer_links_token_hash'))
    )
    op.create_index(op.f('ix_customer_links_created_by_id'), 'customer_links', ['created_by_id'], unique=False)
    op.create_index(op.f('ix_customer_links_quote_id'), 'customer_links', ['quote_id'], unique=False)
    op.create_table('quote_lines',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=False),
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
    sa.CheckConstraint('discount_percent BETWEEN 0 AND 100', name=op.f('ck_quote_lines_discount')),
    sa.CheckConstraint('quantities_fit(quantities, sizes)', name=op.f('ck_quote_lines_quantities')),
    sa.CheckConstraint('surcharges_fit(surcharges)', name=op.f('ck_quote_lines_surcharges')),
    sa.CheckConstraint('unit_price >= 0', name=op.f('ck_quote_lines_unit_price')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_quote_lines_product_id_products')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_quote_lines_quote_id_quotes'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['variant_id', 'product_id'], ['variants.id', 'variants.product_id'], name=op.f('fk_quote_lines_variant_id_product_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_lines')),
    sa.UniqueConstraint('quote_id', 'variant_id', name=op.f('uq_quote_lines_quote_id_variant_id'))
    )
    op.create_index(op.f('ix_quote_lines_product_id'), 'quote_lines', ['product_id'], unique=False)
    op.create_index(op.f('ix_quote_lines_variant_id'), 'quote_lines', ['variant_id'], unique=False)
    op.create_table('quote_revisions',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name=op.f('ck_quote_revisions_content_hash')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_quote_revisions_quote_id_quotes'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['users.id'], name=op.f('fk_quote_revisions_sent_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_revisions')),
    sa.UniqueConstraint('quote_id', 'number', name=op.f('uq_quote_revisions_quote_id_number'))
    )
    op.create_index(op.f('ix_quote_revisions_content_hash'), 'quote_revisions', ['content_hash'], unique=False)
    op.create_index(op.f('ix_quote_revisions_sent_by_id'), 'quote_revisions', ['sent_by_id'], unique=False)
    op.create_table('quote_decisions',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), server_default='', nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('address', sa.Text(), server_default='', nullable=False),
    sa.Column('user_agent', sa.Text(), server_default='', nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("decision IN ('accepted', 'rejected')", name=op.f('ck_quote_decisions_decision')),
    sa.CheckConstraint("name <> '' AND char_length(name) <= 200", name=op.f('ck_quote_decisions_name')),
    sa.ForeignKeyConstraint(['link_id'], ['customer_links.id'], name=op.f('fk_quote_decisions_link_id_customer_links')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['users.id'], name=op.f('fk_quote_decisions_noted_by_id_users')),
    sa.ForeignKeyConstraint(['revision_id'], ['quote_revisions.id'], name=op.f('fk_quote_decisions_revision_id_quote_revisions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_decisions'))
    )
    op.create_index(op.f('ix_quote_decisions_link_id'), 'quote_decisions', ['link_id'], unique=False)
    op.create_index(op.f('ix_quote_decisions_noted_by_id'), 'quote_decisions', ['noted_by_id'], unique=False)
    op.create_index('uq_quote_decisions_standing', 'quote_decisions', ['revision_id'], unique=True, postgresql_where=sa.text('voided_at IS NULL'))
    op.add_column('orders', sa.Column('quote_id', sa.Integer(), nullable=True))
    op.add_column('orders', sa.Column('discount_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False))
    op.add_column('orders', sa.Column('discount_amount', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False))
    op.add_column('orders', sa.Column('tax_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False))
    op.add_column('orders', sa.Column('discount', sa.Numeric(precision=14, scale=2), sa.Computed(DISCOUNT, persisted=True), nullable=False))
    op.add_column('orders', sa.Column('tax', sa.Numeric(precision=14, scale=2), sa.Computed(TAX, persisted=True), nullable=False))
    op.add_column('orders', sa.Column('copied', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.create_check_constraint(op.f('ck_orders_discount'), 'orders', 'discount_percent BETWEEN 0 AND 100 AND discount_amount >= 0 AND (discount_percent = 0 OR discount_amount = 0)')
    op.create_check_constraint(op.f('ck_orders_tax'), 'orders', 'tax_percent BETWEEN 0 AND 100')
    op.drop_index('ix_orders_total', table_name='orders')
    op.drop_column('orders', 'total')
    op.add_column('orders', sa.Column('total', sa.Numeric(precision=14, scale=2), sa.Computed(TOTAL, persisted=True), nullable=False))
    op.create_index('ix_orders_total', 'orders', ['total', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_unique_constraint(op.f('uq_orders_quote_id'), 'orders', ['quote_id'])
    op.create_foreign_key(op.f('fk_orders_quote_id_quotes'), 'orders', 'quotes', ['quote_id'], ['id'])
    op.execute(TRIGGERS)


def downgrade() -> None:
    """Drop them again; an order keeps its subtotal and freight."""
    op.execute(DROP_TRIGGERS)
    op.drop_index('ix_orders_total', table_name='orders')
    op.drop_column('orders', 'total')
    op.add_column('orders', sa.Column('total', sa.Numeric(precision=14, scale=2), sa.Computed('subtotal + freight', persisted=True), nullable=False))
    op.create_index('ix_orders_total', 'orders', ['total', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_constraint(op.f('ck_orders_tax'), 'orders', type_='check')
    op.drop_constraint(op.f('ck_orders_discount'), 'orders', type_='check')
    op.drop_constraint(op.f('fk_orders_quote_id_quotes'), 'orders', type_='foreignkey')
    op.drop_constraint(op.f('uq_orders_quote_id'), 'orders', type_='unique')
    op.drop_column('orders', 'copied')
    op.drop_column('orders', 'tax')
    op.drop_column('orders', 'discount')
    op.drop_column('orders', 'tax_percent')
    op.drop_column('orders', 'discount_amount')
    op.drop_column('orders', 'discount_percent')
    op.drop_column('orders', 'quote_id')
    op.drop_index('uq_quote_decisions_standing', table_name='quote_decisions', postgresql_where=sa.text('voided_at IS NULL'))
    op.drop_index(op.f('ix_quote_decisions_noted_by_id'), table_name='quote_decisions')
    op.drop_index(op.f('ix_quote_decisions_link_id'), table_name='quote_decisions')
    op.drop_table('quote_decisions')
    op.drop_index(op.f('ix_quote_revisions_sent_by_id'), table_name='quote_revisions')
    op.drop_index(op.f('ix_quote_revisions_content_hash'), table_name='quote_revisions')
    op.drop_table('quote_revisions')
    op.drop_index(op.f('ix_quote_lines_variant_id'), table_name='quote_lines')
    op.drop_index(op.f('ix_quote_lines_product_id'), table_name='quote_lines')
    op.drop_table('quote_lines')
    op.drop_index(op.f('ix_customer_links_quote_id'), table_name='customer_links')
    op.drop_index(op.f('ix_customer_links_created_by_id'), table_name='customer_links')
    op.drop_table('customer_links')
    op.drop_index('ix_quotes_usual', table_name='quotes', postgresql_where=sa.text('is_usual'))
    op.drop_index('ix_quotes_total', table_name='quotes')
    op.drop_index('ix_quotes_status', table_name='quotes')
    op.drop_index('ix_quotes_search', table_name='quotes', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_index('ix_quotes_salesperson_id', table_name='quotes')
    op.drop_index('ix_quotes_organization_id', table_name='quotes')
    op.drop_index('ix_quotes_created_by_id', table_name='quotes')
    op.drop_index(op.f('ix_quotes_contact_id'), table_name='quotes')
    op.drop_index('ix_quotes_begun_at', table_name='quotes')
    op.drop_table('quotes')
    op.drop_table('quote_documents')
    op.execute(DROP_FUNCTIONS)
