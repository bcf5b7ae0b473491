"""The house: people, permissions, customers, catalog, orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


FUNCTIONS = """
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Text folded for searching: no accents, lower case.
CREATE FUNCTION search_key(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

-- Units in a line: the sum over its sizes.
CREATE FUNCTION units_of(quantities jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT coalesce(sum(value::integer), 0)::integer FROM jsonb_each_text(quantities) $$;

-- Money of a line: sizes x (unit price + surcharge), less the discount, half up to the cent.
CREATE FUNCTION line_amount(quantities jsonb, surcharges jsonb, price numeric, discount numeric)
RETURNS numeric(12, 2) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT round(
        coalesce(sum(value::numeric * (price + coalesce((surcharges ->> key)::numeric, 0))), 0)
        * (100 - discount) / 100, 2)
    FROM jsonb_each_text(quantities)
$$;

-- Quantities are whole, positive, and only in sizes the line has.
CREATE FUNCTION quantities_fit(quantities jsonb, sizes text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT jsonb_typeof(quantities) = 'object'
        AND coalesce(bool_and(value ~ '^[1-9][0-9]{0,4}$' AND key = ANY (sizes)), true)
    FROM jsonb_each_text(quantities)
$$;

-- Surcharges are amounts: a text of digits per size, never negative.
CREATE FUNCTION surcharges_fit(surcharges jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT jsonb_typeof(surcharges) = 'object'
        AND coalesce(bool_and(value ~ '^[0-9]{1,8}(\\.[0-9]{1,2})?$'), true)
    FROM jsonb_each_text(surcharges)
$$;

-- The next number of a prefix in a year; a year's first document makes its sequence.
CREATE FUNCTION next_document_number(prefix text, year integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    sequence_name text := format('document_%s_%s', lower(prefix), year);
BEGIN
    IF to_regclass(sequence_name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(sequence_name));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', sequence_name);
    END IF;
    RETURN nextval(sequence_name);
END $$;
"""

TRIGGERS = """
CREATE FUNCTION orders_set_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT search_key(concat_ws(' ', NEW.code, o.name, NEW.name)) INTO NEW.search
    FROM organizations o WHERE o.id = NEW.organization_id;
    NEW.search := coalesce(NEW.search, '');
    RETURN NEW;
END $$;
CREATE TRIGGER orders_set_search BEFORE INSERT OR UPDATE OF code, name, organization_id
ON orders FOR EACH ROW EXECUTE FUNCTION orders_set_search();

CREATE FUNCTION organizations_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders SET search = search_key(concat_ws(' ', code, NEW.name, name))
    WHERE organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_renamed AFTER UPDATE OF name ON organizations
FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION organizations_renamed();
"""

DROP_TRIGGERS = """
DROP TRIGGER organizations_renamed ON organizations;
DROP TRIGGER orders_set_search ON orders;
DROP FUNCTION organizations_renamed();
DROP FUNCTION orders_set_search();
"""

DROP_FUNCTIONS = """
DO $$
DECLARE
    found text;
BEGIN
    FOR found IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = current_schema() AND sequencename ~ '^document_[a-z]+_[0-9]{4}$'
    LOOP
        EXECUTE format('DROP SEQUENCE %I', found);
    END LOOP;
END $$;
DROP FUNCTION next_document_number(text, integer);
DROP FUNCTION surcharges_fit(jsonb);
DROP FUNCTION quantities_fit(jsonb, text[]);
DROP FUNCTION line_amount(jsonb, jsonb, numeric, numeric);
DROP FUNCTION units_of(jsonb);
DROP FUNCTION search_key(text);
DROP EXTENSION unaccent;
DROP EXTENSION pg_trgm;
DROP EXTENSION citext;
"""


def upgrade() -> None:
    """Make the tables, and first the functions that their generated columns use."""
    op.execute(FUNCTIONS)
    op.create_table('categories',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', postgresql.CITEXT(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
    sa.UniqueConstraint('name', name=op.f('uq_categories_name'))
    )
    op.create_table('resources',
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_resources'))
    )
    op.create_table('roles',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('is_system', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_roles'))
    )
    op.create_table('size_runs',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', postgresql.CITEXT(), nullable=False),
    sa.Column('sizes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('cardinality(sizes) BETWEEN 1 AND 40', name=op.f('ck_size_runs_sizes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_size_runs')),
    sa.UniqueConstraint('name', name=op.f('uq_size_runs_name'))
    )
    op.create_table('products',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('sku', postgresql.CITEXT(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('size_run_id', sa.Integer(), nullable=False),
    sa.Column('base_price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('surcharges', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('min_quantity', sa.Integer(), server_default='1', nullable=False),
    sa.Column('lead_time_days', sa.Integer(), server_default='14', nullable=False),
    sa.Column('decoration', sa.Text(), nullable=True),
    sa.Column('search', sa.Text(), sa.Computed("search_key(sku::text || ' ' || name)", persisted=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('base_price > 0', name=op.f('ck_products_base_price')),
    sa.CheckConstraint('lead_time_days >= 0', name=op.f('ck_products_lead_time')),
    sa.CheckConstraint('min_quantity > 0', name=op.f('ck_products_min_quantity')),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_products_category_id_categories')),
    sa.ForeignKeyConstraint(['size_run_id'], ['size_runs.id'], name=op.f('fk_products_size_run_id_size_runs')),
    sa.CheckConstraint('surcharges_fit(surcharges)', name=op.f('ck_products_surcharges')),
    sa.CheckConstraint('length(btrim(sku::text)) > 0', name=op.f('ck_products_sku')),
    sa.CheckConstraint('length(btrim(name)) > 0', name=op.f('ck_products_name')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products')),
    sa.UniqueConstraint('sku', name=op.f('uq_products_sku'))
    )
    op.create_index(op.f('ix_products_category_id'), 'products', ['category_id'], unique=False)
    op.create_index('ix_products_name', 'products', ['name', 'id'], unique=False)
    op.create_index('ix_products_search', 'products', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_index(op.f('ix_products_size_run_id'), 'products', ['size_run_id'], unique=False)
    op.create_table('role_permissions',
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('resource', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("scope IN ('none', 'assigned', 'own', 'all')", name=op.f('ck_role_permissions_scope')),
    sa.ForeignKeyConstraint(['resource'], ['resources.name'], name=op.f('fk_role_permissions_resource_resources')),
    sa.ForeignKeyConstraint(['role'], ['roles.name'], name=op.f('fk_role_permissions_role_roles')),
    sa.PrimaryKeyConstraint('role', 'resource', 'action', name=op.f('pk_role_permissions'))
    )
    op.create_table('users',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('email', postgresql.CITEXT(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('is_active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('time_zone', sa.Text(), server_default='America/New_York', nullable=False),
    sa.Column('reference', postgresql.CITEXT(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['role'], ['roles.name'], name=op.f('fk_users_role_roles')),
    sa.CheckConstraint('length(btrim(name)) > 0', name=op.f('ck_users_name')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email')),
    sa.UniqueConstraint('reference', name=op.f('uq_users_reference'))
    )
    op.create_index(op.f('ix_users_role'), 'users', ['role'], unique=False)
    op.create_table('organizations',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('reference', postgresql.CITEXT(), nullable=True),
    sa.Column('client_type', sa.Text(), server_default='retail', nullable=False),
    sa.Column('tier', sa.Text(), server_default='standard', nullable=False),
    sa.Column('territory', sa.Text(), nullable=True),
    sa.Column('street', sa.Text(), nullable=True),
    sa.Column('city', sa.Text(), nullable=True),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('postal_code', sa.Text(), nullable=True),
    sa.Column('country', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('salesperson_id', sa.Integer(), nullable=True),
    sa.Column('discount_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('credit_limit', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('payment_terms', sa.Text(), nullable=True),
    sa.Column('tax_exempt', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('search', sa.Text(), sa.Computed("search_key(name || ' ' || coalesce(reference::text, '') || ' ' || coalesce(city, ''))", persisted=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("client_type IN ('retail', 'wholesale', 'enterprise', 'government', 'high_school', 'college', 'tour', 'in_house')", name=op.f('ck_organizations_client_type')),
    sa.CheckConstraint("tier IN ('standard', 'wholesale', 'vip')", name=op.f('ck_organizations_tier')),
    sa.CheckConstraint('credit_limit >= 0', name=op.f('ck_organizations_credit_limit')),
    sa.CheckConstraint('discount_percent BETWEEN 0 AND 100', name=op.f('ck_organizations_discount')),
    sa.CheckConstraint('length(btrim(name)) > 0', name=op.f('ck_organizations_name')),
    sa.ForeignKeyConstraint(['salesperson_id'], ['users.id'], name=op.f('fk_organizations_salesperson_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organizations')),
    sa.UniqueConstraint('reference', name=op.f('uq_organizations_reference'))
    )
    op.create_index('ix_organizations_folded', 'organizations', ['search', 'id'], unique=False)
    op.create_index(op.f('ix_organizations_salesperson_id'), 'organizations', ['salesperson_id'], unique=False)
    op.create_index('ix_organizations_search', 'organizations', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_table('salesperson_profiles',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('territory', sa.Text(), nullable=True),
    sa.Column('monthly_quota', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('commission_rate', sa.Numeric(precision=5, scale=4), server_default='0.1000', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('commission_rate BETWEEN 0 AND 1', name=op.f('ck_salesperson_profiles_commission_rate')),
    sa.CheckConstraint('monthly_quota >= 0', name=op.f('ck_salesperson_profiles_quota')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_salesperson_profiles_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_salesperson_profiles'))
    )
    op.create_table('sessions',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('address', postgresql.INET(), nullable=True),
    sa.Column('user_agent', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sessions'))
    )
    op.create_index('ix_sessions_expires_at', 'sessions', ['expires_at'], unique=False)
    op.create_index(op.f('ix_sessions_user_id'), 'sessions', ['user_id'], unique=False)
    op.create_table('variants',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', postgresql.CITEXT(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('colour', sa.Text(), nullable=True),
    sa.Column('material', sa.Text(), nullable=True),
    sa.Column('price', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('cost', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('cost >= 0', name=op.f('ck_variants_cost')),
    sa.CheckConstraint('price > 0', name=op.f('ck_variants_price')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_variants_product_id_products')),
    sa.CheckConstraint('length(btrim(code::text)) > 0', name=op.f('ck_variants_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_variants')),
    sa.UniqueConstraint('code', name=op.f('uq_variants_code')),
    sa.UniqueConstraint('id', 'product_id', name=op.f('uq_variants_id_product_id'))
    )
    op.create_index('ix_variants_product_id', 'variants', ['product_id', 'position'], unique=False)
    op.create_table('contacts',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('email', postgresql.CITEXT(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('is_primary', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(btrim(name)) > 0', name=op.f('ck_contacts_name')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_contacts_organization_id_organizations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('id', 'organization_id', name=op.f('uq_contacts_id_organization_id'))
    )
    op.create_index(op.f('ix_contacts_organization_id'), 'contacts', ['organization_id'], unique=False)
    op.create_index('uq_contacts_primary', 'contacts', ['organization_id'], unique=True, postgresql_where=sa.text('is_primary'))
    op.create_table('orders',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('salesperson_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Text(), server_default='new', nullable=False),
    sa.Column('priority', sa.Text(), server_default='normal', nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('requested_delivery', sa.Date(), nullable=True),
    sa.Column('delivery_rank', sa.Date(), sa.Computed("coalesce(requested_delivery, DATE '9999-12-31')", persisted=True), nullable=False),
    sa.Column('shipping_address', sa.Text(), server_default='', nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('units', sa.Integer(), server_default='0', nullable=False),
    sa.Column('subtotal', sa.Numeric(precision=14, scale=2), server_default='0', nullable=False),
    sa.Column('freight', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('total', sa.Numeric(precision=14, scale=2), sa.Computed('subtotal + freight', persisted=True), nullable=False),
    sa.Column('lines_version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('search', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("code IS NOT NULL OR status = 'new'", name=op.f('ck_orders_draft_is_new')),
    sa.CheckConstraint("priority IN ('low', 'normal', 'high')", name=op.f('ck_orders_priority')),
    sa.CheckConstraint("status IN ('new', 'waiting_sizes', 'design_created', 'sizes_validated', 'invoiced', 'production', 'shipped', 'completed', 'cancelled')", name=op.f('ck_orders_status')),
    sa.CheckConstraint('(code IS NULL) = (placed_at IS NULL)', name=op.f('ck_orders_placed')),
    sa.CheckConstraint('char_length(name) <= 200', name=op.f('ck_orders_name')),
    sa.CheckConstraint('subtotal >= 0 AND units >= 0 AND freight >= 0', name=op.f('ck_orders_amounts')),
    sa.ForeignKeyConstraint(['contact_id', 'organization_id'], ['contacts.id', 'contacts.organization_id'], name=op.f('fk_orders_contact_id_organization_id_contacts')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_orders_created_by_id_users')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_orders_organization_id_organizations')),
    sa.ForeignKeyConstraint(['salesperson_id'], ['users.id'], name=op.f('fk_orders_salesperson_id_users')),
    sa.CheckConstraint("code NOT LIKE 'draft-%'", name=op.f('ck_orders_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('code', name=op.f('uq_orders_code')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_orders_entry_key'))
    )
    op.create_index(op.f('ix_orders_contact_id'), 'orders', ['contact_id'], unique=False)
    op.create_index('ix_orders_delivery_rank', 'orders', ['delivery_rank', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_index('ix_orders_drafts', 'orders', ['created_by_id'], unique=False, postgresql_where=sa.text('code IS NULL'))
    op.create_index('ix_orders_organization_id', 'orders', ['organization_id', 'placed_at', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_index('ix_orders_placed_at', 'orders', ['placed_at', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_index('ix_orders_salesperson_id', 'orders', ['salesperson_id', 'placed_at', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_index('ix_orders_search', 'orders', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_index('ix_orders_status', 'orders', ['status', 'placed_at', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_index('ix_orders_total', 'orders', ['total', 'id'], unique=False, postgresql_where=sa.text('code IS NOT NULL'))
    op.create_table('order_lines',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('sizes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('surcharges', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('quantities', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('unit_price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('discount_percent', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('qty_total', sa.Integer(), sa.Computed('units_of(quantities)', persisted=True), nullable=False),
    sa.Column('line_total', sa.Numeric(precision=12, scale=2), sa.Computed('line_amount(quantities, surcharges, unit_price, discount_percent)', persisted=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('discount_percent BETWEEN 0 AND 100', name=op.f('ck_order_lines_discount')),
    sa.CheckConstraint('quantities_fit(quantities, sizes)', name=op.f('ck_order_lines_quantities')),
    sa.CheckConstraint('unit_price >= 0', name=op.f('ck_order_lines_unit_price')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id_orders'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_order_lines_product_id_products')),
    sa.ForeignKeyConstraint(['variant_id', 'product_id'], ['variants.id', 'variants.product_id'], name=op.f('fk_order_lines_variant_id_product_id_variants')),
    sa.CheckConstraint('surcharges_fit(surcharges)', name=op.f('ck_order_lines_surcharges')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_lines')),
    sa.UniqueConstraint('order_id', 'variant_id', name=op.f('uq_order_lines_order_id_variant_id'))
    )
    op.create_index(op.f('ix_order_lines_product_id'), 'order_lines', ['product_id'], unique=False)
    op.create_index(op.f('ix_order_lines_variant_id'), 'order_lines', ['variant_id'], unique=False)
    op.create_table('rate_counts',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_rate_counts')),
    prefixes=['UNLOGGED']
    )
    op.create_index(op.f('ix_rate_counts_expires_at'), 'rate_counts', ['expires_at'], unique=False)
    op.execute(TRIGGERS)


def downgrade() -> None:
    """Drop everything."""
    op.execute(DROP_TRIGGERS)
    op.drop_index(op.f('ix_rate_counts_expires_at'), table_name='rate_counts')
    op.drop_table('rate_counts')
    op.drop_index(op.f('ix_order_lines_variant_id'), table_name='order_lines')
    op.drop_index(op.f('ix_order_lines_product_id'), table_name='order_lines')
    op.drop_table('order_lines')
    op.drop_index('ix_orders_total', table_name='orders', postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_index('ix_orders_status', table_name='orders', postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_index('ix_orders_search', table_name='orders', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_index('ix_orders_salesperson_id', table_name='orders', postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_index('ix_orders_placed_at', table_name='orders', postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_index('ix_orders_organization_id', table_name='orders', postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_index('ix_orders_drafts', table_name='orders', postgresql_where=sa.text('code IS NULL'))
    op.drop_index('ix_orders_delivery_rank', table_name='orders', postgresql_where=sa.text('code IS NOT NULL'))
    op.drop_index(op.f('ix_orders_contact_id'), table_name='orders')
    op.drop_table('orders')
    op.drop_index('uq_contacts_primary', table_name='contacts', postgresql_where=sa.text('is_primary'))
    op.drop_index(op.f('ix_contacts_organization_id'), table_name='contacts')
    op.drop_table('contacts')
    op.drop_index('ix_variants_product_id', table_name='variants')
    op.drop_table('variants')
    op.drop_index(op.f('ix_sessions_user_id'), table_name='sessions')
    op.drop_index('ix_sessions_expires_at', table_name='sessions')
    op.drop_table('sessions')
    op.drop_table('salesperson_profiles')
    op.drop_index('ix_organizations_search', table_name='organizations', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_index(op.f('ix_organizations_salesperson_id'), table_name='organizations')
    op.drop_index('ix_organizations_folded', table_name='organizations')
    op.drop_table('organizations')
    op.drop_index(op.f('ix_users_role'), table_name='users')
    op.drop_table('users')
    op.drop_table('role_permissions')
    op.drop_index(op.f('ix_products_size_run_id'), table_name='products')
    op.drop_index('ix_products_search', table_name='products', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_index('ix_products_name', table_name='products')
    op.drop_index(op.f('ix_products_category_id'), table_name='products')
    op.drop_table('products')
    op.drop_table('size_runs')
    op.drop_table('roles')
    op.drop_table('resources')
    op.drop_table('categories')
    op.execute(DROP_FUNCTIONS)
