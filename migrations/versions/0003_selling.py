"""Selling: leads, timelines, price lists, a catalog of two levels, prepacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


FUNCTIONS = """
-- A prepack's parts are whole and positive, and there is at least one.
CREATE FUNCTION ratio_fits(ratio jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT jsonb_typeof(ratio) = 'object' AND coalesce(bool_and(value ~ '^[1-9][0-9]{0,2}$'), false)
    FROM jsonb_each_text(ratio)
$$;
"""

# A size that a surcharge or a prepack names has to be in the run, whichever of them changes.
TRIGGERS = """
CREATE FUNCTION sizes_stay_in_the_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    run integer := CASE TG_TABLE_NAME WHEN 'size_runs' THEN (to_jsonb(NEW) ->> 'id')::integer
        ELSE (to_jsonb(NEW) ->> 'size_run_id')::integer END;
    strange text;
BEGIN
    SELECT string_agg(DISTINCT used.size, ', ') INTO strange
    FROM (
        SELECT jsonb_object_keys(surcharges) AS size FROM products WHERE size_run_id = run
        UNION ALL
        SELECT jsonb_object_keys(ratio) FROM prepacks WHERE size_run_id = run
    ) used
    WHERE NOT used.size = ANY ((SELECT sizes FROM size_runs WHERE id = run)::text[]);
    IF strange IS NOT NULL THEN
        RAISE EXCEPTION 'not in the size run: %', strange
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sizes_stay_in_the_run';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sizes_stay_in_the_run AFTER INSERT OR UPDATE OF surcharges, size_run_id
ON products FOR EACH ROW EXECUTE FUNCTION sizes_stay_in_the_run();
CREATE TRIGGER sizes_stay_in_the_run AFTER INSERT OR UPDATE OF ratio, size_run_id
ON prepacks FOR EACH ROW EXECUTE FUNCTION sizes_stay_in_the_run();
CREATE TRIGGER sizes_stay_in_the_run AFTER UPDATE OF sizes
ON size_runs FOR EACH ROW EXECUTE FUNCTION sizes_stay_in_the_run();
"""

DROP_TRIGGERS = """
DROP TRIGGER sizes_stay_in_the_run ON size_runs;
DROP TRIGGER sizes_stay_in_the_run ON products;
DROP FUNCTION sizes_stay_in_the_run() CASCADE;
"""

# Tables whose forms carry a key: the same form sent twice makes one record.
ENTERED = ("categories", "size_runs", "products")

# What older rows may hold: a method written otherwise, a surcharge of a size that is gone.
TIDY = """
UPDATE products SET decoration = regexp_replace(lower(btrim(decoration)), '[ -]+', '_', 'g');
UPDATE products SET decoration = NULL WHERE decoration NOT IN
    ('sublimation', 'screen_print', 'embroidery', 'dtg', 'heat_transfer', 'cut_sew');
UPDATE products p SET surcharges = (
    SELECT coalesce(jsonb_object_agg(s.key, s.value), '{}') FROM jsonb_each(p.surcharges) s
    JOIN size_runs r ON r.id = p.size_run_id AND s.key = ANY (r.sizes))
WHERE surcharges <> '{}';
"""

CHECKS = (
    ("organizations", "merged", "merged_into_id <> id"),
    ("categories", "name", "length(btrim(name::text)) > 0"),
    ("size_runs", "name", "length(btrim(name::text)) > 0"),
    ("products", "order_multiple", "order_multiple > 0"),
    (
        "products",
        "decoration",
        "decoration IN ('sublimation', 'screen_print', 'embroidery', 'dtg', 'heat_transfer',"
        " 'cut_sew')",
    ),
)

def upgrade() -> None:
    """Make the tables, and first the function that one of their checks uses."""
    op.execute(FUNCTIONS)
    op.create_table('prepacks',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('size_run_id', sa.Integer(), nullable=False),
    sa.Column('name', postgresql.CITEXT(), nullable=False),
    sa.Column('ratio', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.CheckConstraint('length(btrim(name::text)) > 0', name=op.f('ck_prepacks_name')),
    sa.CheckConstraint('ratio_fits(ratio)', name=op.f('ck_prepacks_ratio')),
    sa.ForeignKeyConstraint(['size_run_id'], ['size_runs.id'], name=op.f('fk_prepacks_size_run_id_size_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prepacks')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_prepacks_entry_key')),
    sa.UniqueConstraint('size_run_id', 'name', name=op.f('uq_prepacks_size_run_id_name'))
    )
    op.create_table('product_images',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('alt_text', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('bytes = octet_length(content)', name=op.f('ck_product_images_bytes')),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_product_images_sha256')),
    sa.CheckConstraint('width > 0 AND height > 0', name=op.f('ck_product_images_pixels')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_images_product_id_products'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['variant_id', 'product_id'], ['variants.id', 'variants.product_id'], name=op.f('fk_product_images_variant_id_product_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_images')),
    sa.UniqueConstraint('product_id', 'sha256', name=op.f('uq_product_images_product_id_sha256'))
    )
    op.create_index('ix_product_images_product_id', 'product_images', ['product_id', 'position'], unique=False)
    op.create_index(op.f('ix_product_images_variant_id'), 'product_images', ['variant_id'], unique=False)
    op.create_table('price_lists',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('tier', sa.Text(), nullable=True),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('percent_off', sa.Numeric(precision=5, scale=2), server_default='0', nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("tier IN ('standard', 'wholesale', 'vip')", name=op.f('ck_price_lists_tier')),
    sa.CheckConstraint('(tier IS NULL) <> (organization_id IS NULL)', name=op.f('ck_price_lists_owner')),
    sa.CheckConstraint('length(btrim(name)) > 0', name=op.f('ck_price_lists_name')),
    sa.CheckConstraint('percent_off >= 0 AND percent_off < 100', name=op.f('ck_price_lists_percent_off')),
    sa.CheckConstraint('valid_from <= valid_to', name=op.f('ck_price_lists_validity')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_price_lists_organization_id_organizations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_lists'))
    )
    op.create_index(op.f('ix_price_lists_organization_id'), 'price_lists', ['organization_id'], unique=False)
    op.create_index('ix_price_lists_tier', 'price_lists', ['tier'], unique=False)
    op.create_index('uq_price_lists_name', 'price_lists', ['name'], unique=True)
    op.create_table('leads',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('company', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), nullable=True),
    sa.Column('email', postgresql.CITEXT(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('city', sa.Text(), nullable=True),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('client_type', sa.Text(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stage', sa.Text(), server_default='lead', nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('score', sa.Integer(), server_default='0', nullable=False),
    sa.Column('value', sa.Numeric(precision=12, scale=2), server_default='0', nullable=False),
    sa.Column('next_step', sa.Text(), nullable=True),
    sa.Column('next_step_on', sa.Date(), nullable=True),
    sa.Column('notes', sa.Text(), nullable=True),
    sa.Column('next_step_rank', sa.Date(), sa.Computed("coalesce(next_step_on, DATE '9999-12-31')", persisted=True), nullable=False),
    sa.Column('last_activity_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('converted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('search', sa.Text(), sa.Computed("search_key(code || ' ' || name || ' ' || company || ' ' || coalesce(person, '') || ' ' || coalesce(email::text, '') || ' ' || coalesce(city, ''))", persisted=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.CheckConstraint("client_type IN ('retail', 'wholesale', 'enterprise', 'government', 'high_school', 'college', 'tour', 'in_house')", name=op.f('ck_leads_client_type')),
    sa.CheckConstraint("stage IN ('future', 'lead', 'hot', 'mock_up', 'mock_up_sent', 'store_or_order', 'client', 'no_answer')", name=op.f('ck_leads_stage')),
    sa.CheckConstraint('(owner_id IS NULL) = (claimed_at IS NULL)', name=op.f('ck_leads_claimed')),
    sa.CheckConstraint('length(btrim(name)) > 0', name=op.f('ck_leads_name')),
    sa.CheckConstraint('organization_id IS NOT NULL OR length(btrim(company)) > 0', name=op.f('ck_leads_company')),
    sa.CheckConstraint('score BETWEEN 0 AND 100', name=op.f('ck_leads_score')),
    sa.CheckConstraint('value >= 0', name=op.f('ck_leads_value')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_leads_contact_id_contacts')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_leads_organization_id_organizations')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_leads_owner_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leads')),
    sa.UniqueConstraint('code', name=op.f('uq_leads_code')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_leads_entry_key'))
    )
    op.create_index(op.f('ix_leads_contact_id'), 'leads', ['contact_id'], unique=False)
    op.create_index('ix_leads_last_activity_at', 'leads', ['last_activity_at', 'id'], unique=False)
    op.create_index('ix_leads_name', 'leads', ['name', 'id'], unique=False)
    op.create_index('ix_leads_next_step_rank', 'leads', ['next_step_rank', 'id'], unique=False)
    op.create_index('ix_leads_score', 'leads', ['score', 'id'], unique=False)
    op.create_index('ix_leads_value', 'leads', ['value', 'id'], unique=False)
    op.create_index(op.f('ix_leads_organization_id'), 'leads', ['organization_id'], unique=False)
    op.create_index('ix_leads_owner', 'leads', ['owner_id', 'stage', 'last_activity_at'], unique=False, postgresql_where=sa.text('archived_at IS NULL'))
    op.create_index('ix_leads_search', 'leads', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_index('ix_leads_stage', 'leads', ['stage', 'last_activity_at', 'id'], unique=False, postgresql_where=sa.text('archived_at IS NULL'))
    op.create_table('price_entries',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('price_list_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=True),
    sa.Column('min_quantity', sa.Integer(), server_default='1', nullable=False),
    sa.Column('price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('min_quantity > 0', name=op.f('ck_price_entries_min_quantity')),
    sa.CheckConstraint('price > 0', name=op.f('ck_price_entries_price')),
    sa.ForeignKeyConstraint(['price_list_id'], ['price_lists.id'], name=op.f('fk_price_entries_price_list_id_price_lists'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_price_entries_product_id_products')),
    sa.ForeignKeyConstraint(['variant_id', 'product_id'], ['variants.id', 'variants.product_id'], name=op.f('fk_price_entries_variant_id_product_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_entries'))
    )
    op.create_index(op.f('ix_price_entries_product_id'), 'price_entries', ['product_id'], unique=False)
    op.create_index(op.f('ix_price_entries_variant_id'), 'price_entries', ['variant_id'], unique=False)
    op.create_index('uq_price_entries_place', 'price_entries', ['price_list_id', 'product_id', 'variant_id', 'min_quantity'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('activities',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Text(), server_default='note', nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.CheckConstraint("kind IN ('call', 'mail', 'meeting', 'note')", name=op.f('ck_activities_kind')),
    sa.CheckConstraint('length(btrim(body)) > 0', name=op.f('ck_activities_body')),
    sa.CheckConstraint('num_nonnulls(organization_id, lead_id) > 0', name=op.f('ck_activities_about')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_activities_author_id_users')),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_activities_lead_id_leads')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_activities_organization_id_organizations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activities')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_activities_entry_key'))
    )
    op.create_index('ix_activities_lead', 'activities', ['lead_id', 'happened_at', 'id'], unique=False)
    op.create_index('ix_activities_open', 'activities', ['author_id', 'follow_up_on'], unique=False, postgresql_where=sa.text('follow_up_on IS NOT NULL AND done_at IS NULL'))
    op.create_index('ix_activities_organization', 'activities', ['organization_id', 'happened_at', 'id'], unique=False)
    op.add_column('categories', sa.Column('parent_id', sa.Integer(), nullable=True))
    op.add_column('categories', sa.Column('is_top', sa.Boolean(), sa.Computed('parent_id IS NULL', persisted=True), nullable=False))
    op.add_column('categories', sa.Column('parent_is_top', sa.Boolean(), sa.Computed('CASE WHEN parent_id IS NOT NULL THEN true END', persisted=True), nullable=True))
    op.add_column('categories', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.create_index(op.f('ix_categories_parent_id'), 'categories', ['parent_id'], unique=False)
    op.create_unique_constraint(op.f('uq_categories_id_is_top'), 'categories', ['id', 'is_top'])
    op.create_foreign_key(op.f('fk_categories_parent_id_parent_is_top_categories'), 'categories', 'categories', ['parent_id', 'parent_is_top'], ['id', 'is_top'])
    op.add_column('contacts', sa.Column('search', sa.Text(), sa.Computed("search_key(name || ' ' || coalesce(email::text, ''))", persisted=True), nullable=False))
    op.add_column('contacts', sa.Column('entry_key', sa.Uuid(), nullable=True))
    op.create_index('ix_contacts_search', 'contacts', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_index('ix_contacts_begins', 'contacts', ['search'], unique=False, postgresql_ops={'search': 'text_pattern_ops'})
    op.create_index('ix_contacts_created_at', 'contacts', ['created_at', 'id'], unique=False)
    op.create_index('ix_contacts_name', 'contacts', ['name', 'id'], unique=False)
    op.create_unique_constraint(op.f('uq_contacts_entry_key'), 'contacts', ['entry_key'])
    op.add_column('order_lines', sa.Column('pricing', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.add_column('order_lines', sa.Column('is_price_manual', sa.Boolean(), server_default='false', nullable=False))
    op.drop_constraint(op.f('fk_orders_contact_id_organization_id_contacts'), 'orders', type_='foreignkey')
    op.create_foreign_key(op.f('fk_orders_contact_id_organization_id_contacts'), 'orders', 'contacts', ['contact_id', 'organization_id'], ['id', 'organization_id'], initially='IMMEDIATE', deferrable=True)
    op.add_column('organizations', sa.Column('merged_into_id', sa.Integer(), nullable=True))
    op.add_column('organizations', sa.Column('entry_key', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_organizations_merged_into_id'), 'organizations', ['merged_into_id'], unique=False)
    op.create_index('ix_organizations_begins', 'organizations', ['search'], unique=False, postgresql_ops={'search': 'text_pattern_ops'})
    op.create_index('ix_organizations_created_at', 'organizations', ['created_at', 'id'], unique=False)
    op.create_unique_constraint(op.f('uq_organizations_entry_key'), 'organizations', ['entry_key'])
    op.create_foreign_key(op.f('fk_organizations_merged_into_id_organizations'), 'organizations', 'organizations', ['merged_into_id'], ['id'])
    op.add_column('products', sa.Column('order_multiple', sa.Integer(), server_default='1', nullable=False))
    op.add_column('size_runs', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.add_column('variants', sa.Column('search', sa.Text(), sa.Computed("search_key(code::text || ' ' || coalesce(colour, '') || ' ' || coalesce(material, ''))", persisted=True), nullable=False))
    op.create_index('ix_variants_search', 'variants', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    for table in ENTERED:
        op.add_column(table, sa.Column('entry_key', sa.Uuid(), nullable=True))
        op.create_unique_constraint(op.f(f'uq_{table}_entry_key'), table, ['entry_key'])
    op.execute(TIDY)
    for table, name, condition in CHECKS:
        op.create_check_constraint(op.f(f'ck_{table}_{name}'), table, condition)
    op.execute(TRIGGERS)


def downgrade() -> None:
    """Drop them again."""
    op.execute(DROP_TRIGGERS)
    for table, name, _ in CHECKS:
        op.drop_constraint(op.f(f'ck_{table}_{name}'), table, type_='check')
    for table in ENTERED:
        op.drop_constraint(op.f(f'uq_{table}_entry_key'), table, type_='unique')
        op.drop_column(table, 'entry_key')
    op.drop_index('ix_variants_search', table_name='variants', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_column('variants', 'search')
    op.drop_column('size_runs', 'version')
    op.drop_column('products', 'order_multiple')
    op.drop_constraint(op.f('fk_organizations_merged_into_id_organizations'), 'organizations', type_='foreignkey')
    op.drop_constraint(op.f('uq_organizations_entry_key'), 'organizations', type_='unique')
    op.drop_index('ix_organizations_created_at', table_name='organizations')
    op.drop_index('ix_organizations_begins', table_name='organizations', postgresql_ops={'search': 'text_pattern_ops'})
    op.drop_index(op.f('ix_organizations_merged_into_id'), table_name='organizations')
    op.drop_column('organizations', 'entry_key')
    op.drop_column('organizations', 'merged_into_id')
    op.drop_constraint(op.f('fk_orders_contact_id_organization_id_contacts'), 'orders', type_='foreignkey')
    op.create_foreign_key(op.f('fk_orders_contact_id_organization_id_contacts'), 'orders', 'contacts', ['contact_id', 'organization_id'], ['id', 'organization_id'])
    op.drop_column('order_lines', 'is_price_manual')
    op.drop_column('order_lines', 'pricing')
    op.drop_constraint(op.f('uq_contacts_entry_key'), 'contacts', type_='unique')
    op.drop_index('ix_contacts_name', table_name='contacts')
    op.drop_index('ix_contacts_created_at', table_name='contacts')
    op.drop_index('ix_contacts_begins', table_name='contacts', postgresql_ops={'search': 'text_pattern_ops'})
    op.drop_index('ix_contacts_search', table_name='contacts', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_column('contacts', 'entry_key')
    op.drop_column('contacts', 'search')
    op.drop_constraint(op.f('fk_categories_parent_id_parent_is_top_categories'), 'categories', type_='foreignkey')
    op.drop_constraint(op.f('uq_categories_id_is_top'), 'categories', type_='unique')
    op.drop_index(op.f('ix_categories_parent_id'), table_name='categories')
    op.drop_column('categories', 'version')
    op.drop_column('categories', 'parent_is_top')
    op.drop_column('categories', 'is_top')
    op.drop_column('categories', 'parent_id')
    op.drop_index('ix_activities_organization', table_name='activities')
    op.drop_index('ix_activities_open', table_name='activities', postgresql_where=sa.text('follow_up_on IS NOT NULL AND done_at IS NULL'))
    op.drop_index('ix_activities_lead', table_name='activities')
    op.drop_table('activities')
    op.drop_index('uq_price_entries_place', table_name='price_entries', postgresql_nulls_not_distinct=True)
    op.drop_index(op.f('ix_price_entries_variant_id'), table_name='price_entries')
    op.drop_index(op.f('ix_price_entries_product_id'), table_name='price_entries')
    op.drop_table('price_entries')
    op.drop_index('ix_leads_stage', table_name='leads', postgresql_where=sa.text('archived_at IS NULL'))
    op.drop_index('ix_leads_search', table_name='leads', postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.drop_index('ix_leads_owner', table_name='leads', postgresql_where=sa.text('archived_at IS NULL'))
    op.drop_index(op.f('ix_leads_organization_id'), table_name='leads')
    op.drop_index('ix_leads_value', table_name='leads')
    op.drop_index('ix_leads_score', table_name='leads')
    op.drop_index('ix_leads_next_step_rank', table_name='leads')
    op.drop_index('ix_leads_name', table_name='leads')
    op.drop_index('ix_leads_last_activity_at', table_name='leads')
    op.drop_index(op.f('ix_leads_contact_id'), table_name='leads')
    op.drop_table('leads')
    op.drop_index('uq_price_lists_name', table_name='price_lists')
    op.drop_index('ix_price_lists_tier', table_name='price_lists')
    op.drop_index(op.f('ix_price_lists_organization_id'), table_name='price_lists')
    op.drop_table('price_lists')
    op.drop_index(op.f('ix_product_images_variant_id'), table_name='product_images')
    op.drop_index('ix_product_images_product_id', table_name='product_images')
    op.drop_table('product_images')
    op.drop_table('prepacks')
    op.execute('DROP FUNCTION ratio_fits(jsonb)')
