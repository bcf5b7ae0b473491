"""Files kept with records, and their versions."""

import sqlalchemy as sa
from alembic import op
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

RECORDS = {
    'organization_id': 'organizations', 'lead_id': 'leads', 'quote_id': 'quotes',
    'order_id': 'orders', 'product_id': 'products',
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table('stored_files',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    *[sa.Column(name, sa.Integer(), nullable=True) for name in RECORDS],
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint(f"num_nonnulls({', '.join(RECORDS)}) = 1", name=op.f('ck_stored_files_record')),
    *[sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_stored_files_{name}_{table}'), ondelete='CASCADE') for name, table in RECORDS.items()],
    sa.ForeignKeyConstraint(['customer_id'], ['organizations.id'], name=op.f('fk_stored_files_customer_id_organizations'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_files'))
    )
    for name in (*RECORDS, 'customer_id'):
        op.create_index(f'ix_stored_files_{name}', 'stored_files', [name], unique=False)
    op.create_table('file_versions',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('byte_count', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('sent_sha256', sa.Text(), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.Column('thumbnail_key', sa.Text(), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('state', sa.Text(), server_default='ready', nullable=False),
    sa.Column('problem', sa.Text(), server_default='', nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(state = 'failed') = (problem <> '')", name=op.f('ck_file_versions_problem')),
    sa.CheckConstraint('(width IS NULL) = (height IS NULL)', name=op.f('ck_file_versions_picture')),
    sa.CheckConstraint("name <> '' AND char_length(name) <= 150 AND name !~ '[/\\\\]'", name=op.f('ck_file_versions_name')),
    sa.CheckConstraint('number > 0 AND byte_count > 0', name=op.f('ck_file_versions_numbers')),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND sent_sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_file_versions_sha256')),
    sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f('ck_file_versions_state')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_file_versions_file_id_stored_files'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['users.id'], name=op.f('fk_file_versions_uploaded_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_versions')),
    sa.UniqueConstraint('file_id', 'number', name=op.f('uq_file_versions_file_id_number')),
    sa.UniqueConstraint('object_key', name=op.f('uq_file_versions_object_key')),
    sa.UniqueConstraint('thumbnail_key', name=op.f('uq_file_versions_thumbnail_key'))
    )
    op.create_index('ix_file_versions_uploaded_by_id', 'file_versions', ['uploaded_by_id'], unique=False)
    op.create_index('ix_file_versions_waiting', 'file_versions', ['id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))


def downgrade() -> None:
    """Drop them again."""
    op.drop_table('file_versions')
    op.drop_table('stored_files')
