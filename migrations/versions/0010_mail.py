"""Mails go out: their state, what the service tells, addresses that bounced; notifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import CITEXT
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'kept', 'sending', 'sent', 'delivered', 'bounced', 'failed')"


def upgrade() -> None:
    """Add the columns and tables."""
    op.drop_constraint(op.f('ck_outbox_mails_state'), 'outbox_mails')
    op.create_check_constraint('state', 'outbox_mails', STATES)
    for name in ('html', 'template', 'error'):
        op.add_column('outbox_mails', sa.Column(name, sa.Text(), server_default='', nullable=False))
    for name in ('is_doubtful', 'is_secret'):
        op.add_column('outbox_mails', sa.Column(name, sa.Boolean(), server_default='false', nullable=False))
    op.add_column('outbox_mails', sa.Column('attempts', sa.Integer(), server_default='0', nullable=False))
    op.add_column('outbox_mails', sa.Column('reply_to', sa.Text(), nullable=True))
    op.add_column('outbox_mails', sa.Column('service_id', sa.Text(), nullable=True))
    op.add_column('outbox_mails', sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint('attempts', 'outbox_mails', 'attempts >= 0')
    op.create_index('ix_outbox_mails_state', 'outbox_mails', ['state', 'id'])
    op.create_index(op.f('ix_outbox_mails_service_id'), 'outbox_mails', ['service_id'])
    # What was written before opened something, and no job waits to send it.
    op.execute("UPDATE outbox_mails SET is_secret = true, state = 'kept'")
    op.create_table('mail_events',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('address', CITEXT(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox_mails.id'], name=op.f('fk_mail_events_mail_id_outbox_mails'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_events')),
    sa.UniqueConstraint('event_id', name=op.f('uq_mail_events_event_id'))
    )
    op.create_index(op.f('ix_mail_events_mail_id'), 'mail_events', ['mail_id'])
    op.create_table('bounced_addresses',
    sa.Column('address', CITEXT(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('address', name=op.f('pk_bounced_addresses'))
    )
    op.create_table('notifications',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('once', sa.Text(), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_shown', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('is_for_digest', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("path LIKE '/%'", name=op.f('ck_notifications_path')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notifications_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications')),
    sa.UniqueConstraint('user_id', 'once', name=op.f('uq_notifications_user_id_once'))
    )
    op.create_index('ix_notifications_latest', 'notifications', ['user_id', 'id'])
    unread = sa.text('read_at IS NULL AND is_shown')
    op.create_index('ix_notifications_unread', 'notifications', ['user_id'], postgresql_where=unread)
    op.create_index('ix_notifications_digest', 'notifications', ['user_id'], postgresql_where=sa.text('is_for_digest'))


def downgrade() -> None:
    """Go back to an outbox that only keeps."""
    op.drop_table('notifications')
    op.drop_table('bounced_addresses')
    op.drop_table('mail_events')
    op.execute("UPDATE outbox_mails SET state = 'kept' WHERE state <> 'waiting'")
    op.drop_constraint(op.f('ck_outbox_mails_state'), 'outbox_mails')
    op.create_check_constraint('state', 'outbox_mails', "state IN ('waiting', 'kept')")
    op.drop_index('ix_outbox_mails_state', 'outbox_mails')
    for name in ('html', 'template', 'error', 'is_doubtful', 'is_secret', 'attempts', 'service_id', 'sent_at', 'reply_to'):
        op.drop_column('outbox_mails', name)
