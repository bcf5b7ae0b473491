"""What was asked of the assistant."""

import sqlalchemy as sa
from alembic import op
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table('assistant_calls',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('record', sa.Text(), server_default='', nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('prompt', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('tokens_in', sa.Integer(), server_default='0', nullable=False),
    sa.Column('tokens_out', sa.Integer(), server_default='0', nullable=False),
    sa.Column('milliseconds', sa.Integer(), server_default='0', nullable=False),
    sa.Column('outcome', sa.Text(), server_default='running', nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("purpose IN ('rows', 'summary', 'list', 'mail', 'clean_up')", name=op.f('ck_assistant_calls_purpose')),
    sa.CheckConstraint("outcome IN ('running', 'answered', 'garbage', 'empty', 'too_large', 'timed_out', 'limited', 'unavailable', 'wrong_key', 'refused', 'failed')", name=op.f('ck_assistant_calls_outcome')),
    sa.CheckConstraint('tokens_in >= 0 AND tokens_out >= 0', name=op.f('ck_assistant_calls_tokens')),
    sa.CheckConstraint('milliseconds >= 0', name=op.f('ck_assistant_calls_milliseconds')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_assistant_calls_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assistant_calls'))
    )
    op.create_index('ix_assistant_calls_user_id', 'assistant_calls', ['user_id', 'created_at'])
    op.create_index('ix_assistant_calls_created_at', 'assistant_calls', ['created_at', 'id'])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table('assistant_calls')
