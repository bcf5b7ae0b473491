"""Imports: uploaded files, what their rows came to, what they changed, remembered columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the index by which customers are found by name."""
    op.create_table('import_mappings',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'signature', name=op.f('pk_import_mappings'))
    )
    op.create_table('imports',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Text(), server_default='uploaded', nullable=False),
    sa.Column('header', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('sheets', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('sheet', sa.Text(), nullable=True),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('takes_duplicates', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('makes_categories', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('good_rows_only', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('progress', sa.Integer(), server_default='0', nullable=False),
    sa.Column('rows_done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('message', sa.Text(), server_default='', nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('entry_key', sa.Uuid(), nullable=True),
    sa.CheckConstraint("status IN ('uploaded', 'checking', 'checked', 'loading', 'loaded', 'undoing', 'undone', 'failed')", name=op.f('ck_imports_status')),
    sa.CheckConstraint('progress BETWEEN 0 AND 100', name=op.f('ck_imports_progress')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_imports_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports')),
    sa.UniqueConstraint('entry_key', name=op.f('uq_imports_entry_key'))
    )
    op.create_index('ix_imports_user', 'imports', ['user_id', 'id'], unique=False)
    op.create_table('import_changes',
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_changes_import_id_imports'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'entity', 'entity_id', name=op.f('pk_import_changes'))
    )
    op.create_table('import_chunks',
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_chunks_import_id_imports'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'position', name=op.f('pk_import_chunks'))
    )
    op.create_table('import_rows',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('cells', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.CheckConstraint("outcome IN ('create', 'update', 'unchanged', 'duplicate', 'error')", name=op.f('ck_import_rows_outcome')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_rows_import_id_imports'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows'))
    )
    op.create_index('ix_import_rows_line', 'import_rows', ['import_id', 'line', 'id'], unique=False)
    op.create_index('ix_import_rows_outcome', 'import_rows', ['import_id', 'outcome', 'line', 'id'], unique=False)
    op.create_index('ix_organizations_name_key', 'organizations', [sa.literal_column('search_key(name)')], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_index('ix_organizations_name_key', table_name='organizations')
    op.drop_index('ix_import_rows_outcome', table_name='import_rows')
    op.drop_index('ix_import_rows_line', table_name='import_rows')
    op.drop_table('import_rows')
    op.drop_table('import_chunks')
    op.drop_table('import_changes')
    op.drop_index('ix_imports_user', table_name='imports')
    op.drop_table('imports')
    op.drop_table('import_mappings')
