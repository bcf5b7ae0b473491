"""People: invitations, new passwords, exceptions, mail, and the append-only audit trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


TRAIL = """
-- What a link's hash covers: the link before, and every field of its entry.
CREATE FUNCTION audit_hash(previous bytea, e audit_entries) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(coalesce(previous, '') || convert_to(jsonb_build_array(
        e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), e.actor_id, e.actor,
        host(e.address), e.request_id, e.action, e.entity, e.entity_id, e.before, e.after
    )::text, 'UTF8'))
$$;

-- Runs when the transaction commits, so that writers wait for each other only that long.
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous bytea;
    entry audit_entries;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_chain'));
    SELECT hash INTO previous FROM audit_chain ORDER BY position DESC LIMIT 1;
    SELECT * INTO entry FROM audit_entries WHERE id = NEW.id;
    INSERT INTO audit_chain (entry_id, hash) VALUES (NEW.id, audit_hash(previous, entry));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_append AFTER INSERT ON audit_entries
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_append();

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries, audit_chain FROM CURRENT_USER, PUBLIC;
"""

DROP_TRAIL = """
DROP TRIGGER audit_append ON audit_entries;
DROP FUNCTION audit_append();
DROP FUNCTION audit_hash(bytea, audit_entries);
"""


def upgrade() -> None:
    """Make the tables; whoever is signed in stays so."""
    op.create_table('audit_entries',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('address', postgresql.INET(), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('after', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    op.create_index('ix_audit_entries_actor', 'audit_entries', ['actor_id', 'id'], unique=False)
    op.create_index('ix_audit_entries_at', 'audit_entries', ['at'], unique=False)
    op.create_index('ix_audit_entries_record', 'audit_entries', ['entity', 'entity_id', 'id'], unique=False)
    op.create_table('outbox_mails',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('recipient', postgresql.CITEXT(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'kept')", name=op.f('ck_outbox_mails_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_mails'))
    )
    op.create_index(op.f('ix_outbox_mails_recipient'), 'outbox_mails', ['recipient'], unique=False)
    op.create_table('audit_chain',
    sa.Column('position', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_audit_chain')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_audit_chain_entry_id'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('email', postgresql.CITEXT(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['invited_by_id'], ['users.id'], name=op.f('fk_invitations_invited_by_id_users')),
    sa.ForeignKeyConstraint(['role'], ['roles.name'], name=op.f('fk_invitations_role_roles')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    op.create_index('uq_invitations_open', 'invitations', ['email'], unique=True, postgresql_where=sa.text('accepted_at IS NULL AND revoked_at IS NULL'))
    op.create_table('password_resets',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_password_resets_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_resets')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_password_resets_token_hash'))
    )
    op.create_index(op.f('ix_password_resets_user_id'), 'password_resets', ['user_id'], unique=False)
    op.create_table('user_permissions',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('resource', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("scope IN ('none', 'assigned', 'own', 'all')", name=op.f('ck_user_permissions_scope')),
    sa.ForeignKeyConstraint(['resource'], ['resources.name'], name=op.f('fk_user_permissions_resource_resources')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_permissions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'resource', 'action', name=op.f('pk_user_permissions'))
    )
    op.add_column('sessions', sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False))
    op.drop_constraint(op.f('pk_sessions'), 'sessions', type_='primary')
    op.create_primary_key(op.f('pk_sessions'), 'sessions', ['id'])
    op.create_unique_constraint(op.f('uq_sessions_token_hash'), 'sessions', ['token_hash'])
    op.add_column('users', sa.Column('preferences', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.add_column('users', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.execute(TRAIL)


def downgrade() -> None:
    """Drop them again, the trail with them."""
    op.execute(DROP_TRAIL)
    op.drop_column('users', 'version')
    op.drop_column('users', 'preferences')
    op.drop_constraint(op.f('uq_sessions_token_hash'), 'sessions', type_='unique')
    op.drop_constraint(op.f('pk_sessions'), 'sessions', type_='primary')
    op.create_primary_key(op.f('pk_sessions'), 'sessions', ['token_hash'])
    op.drop_column('sessions', 'id')
    op.drop_table('user_permissions')
    op.drop_index(op.f('ix_password_resets_user_id'), table_name='password_resets')
    op.drop_table('password_resets')
    op.drop_index('uq_invitations_open', table_name='invitations', postgresql_where=sa.text('accepted_at IS NULL AND revoked_at IS NULL'))
    op.drop_table('invitations')
    op.drop_table('audit_chain')
    op.drop_index(op.f('ix_outbox_mails_recipient'), table_name='outbox_mails')
    op.drop_table('outbox_mails')
    op.drop_index('ix_audit_entries_record', table_name='audit_entries')
    op.drop_index('ix_audit_entries_at', table_name='audit_entries')
    op.drop_index('ix_audit_entries_actor', table_name='audit_entries')
    op.drop_table('audit_entries')
    op.execute("DROP FUNCTION audit_refuse()")
