"""The first schema: units, people, conversations, records, ledger, schedule."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('attachment',
    sa.Column('id', CODE, nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('mime', CODE, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    op.create_table('digest',
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('as_of', sa.BigInteger(), nullable=False),
    sa.Column('issued_at', sa.BigInteger(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('unit_code', 'kind', 'day', 'version', name=op.f('pk_digest'))
    )
    op.create_table('event',
    sa.Column('id', SERIAL, autoincrement=True, nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('record_id', CODE, nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('author_id', CODE, nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('undoes', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['undoes'], ['event.id'], name=op.f('fk_event_undoes_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_event_record_id', 'event', ['record_id'], unique=False)
    op.create_table('inbox',
    sa.Column('bot_id', CODE, nullable=False),
    sa.Column('message', CODE, nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('outcome', CODE, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('reference', CODE, nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('bot_id', 'message', name=op.f('pk_inbox'))
    )
    op.create_index('ix_inbox_received_at', 'inbox', ['received_at'], unique=False)
    op.create_table('invite',
    sa.Column('code', CODE, nullable=False),
    sa.Column('role', CODE, nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('created_by', CODE, nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('used_by', CODE, nullable=True),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_invite'))
    )
    op.create_table('job_runs',
    sa.Column('job', CODE, nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('ran_at', sa.BigInteger(), nullable=False),
    sa.Column('outcome', CODE, nullable=False),
    sa.PrimaryKeyConstraint('job', 'unit_code', 'due_at', name=op.f('pk_job_runs'))
    )
    op.create_table('lease',
    sa.Column('name', CODE, nullable=False),
    sa.Column('holder', CODE, nullable=False),
    sa.Column('epoch', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_lease'))
    )
    op.create_table('org_unit',
    sa.Column('code', CODE, nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('level', CODE, nullable=False),
    sa.Column('label', sa.Text(), nullable=True),
    sa.Column('parent_code', CODE, nullable=True),
    sa.PrimaryKeyConstraint('code', 'valid_from', name=op.f('pk_org_unit'))
    )
    op.create_index('ix_org_unit_parent_code', 'org_unit', ['parent_code'], unique=False)
    op.create_table('outbox',
    sa.Column('id', SERIAL, autoincrement=True, nullable=False),
    sa.Column('channel', CODE, nullable=False),
    sa.Column('bot_id', CODE, nullable=False),
    sa.Column('address', CODE, nullable=False),
    sa.Column('lane', sa.SmallInteger(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('attachment_id', CODE, nullable=True),
    sa.Column('edits', sa.BigInteger(), nullable=True),
    sa.Column('edits_message', CODE, nullable=True),
    sa.Column('record_id', CODE, nullable=True),
    sa.Column('record_version', sa.Integer(), nullable=True),
    sa.Column('not_before', sa.BigInteger(), nullable=True),
    sa.Column('drop_after', sa.BigInteger(), nullable=True),
    sa.Column('dedup_key', CODE, nullable=True),
    sa.Column('cancel_key', CODE, nullable=True),
    sa.Column('state', CODE, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedup_key', name=op.f('uq_outbox_dedup_key')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_outbox_cancel_key', 'outbox', ['cancel_key'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_index('ix_outbox_pending', 'outbox', ['bot_id', 'lane', 'id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_table('report',
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('data_set', CODE, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('record_id', CODE, nullable=False),
    sa.Column('filed_at', sa.BigInteger(), nullable=False),
    sa.Column('zero', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('unit_code', 'data_set', 'day', name=op.f('pk_report'))
    )
    op.create_index('ix_report_data_set_day', 'report', ['data_set', 'day'], unique=False)
    op.create_table('sent_message',
    sa.Column('outbox_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('bot_id', CODE, nullable=False),
    sa.Column('address', CODE, nullable=False),
    sa.Column('message_id', CODE, nullable=False),
    sa.Column('record_id', CODE, nullable=True),
    sa.Column('record_version', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('outbox_id', name=op.f('pk_sent_message'))
    )
    op.create_index('ix_sent_message_bot_id_address_message_id', 'sent_message', ['bot_id', 'address', 'message_id'], unique=False)
    op.create_table('setting',
    sa.Column('key', CODE, nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('unit_change',
    sa.Column('id', SERIAL, autoincrement=True, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('from_code', CODE, nullable=False),
    sa.Column('to_code', CODE, nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_change'))
    )
    op.create_table('user_account',
    sa.Column('id', CODE, nullable=False),
    sa.Column('full_name', sa.LargeBinary(), nullable=False),
    sa.Column('phone', sa.LargeBinary(), nullable=True),
    sa.Column('address_form', CODE, nullable=False),
    sa.Column('language', CODE, nullable=False),
    sa.Column('notice_version', CODE, nullable=True),
    sa.Column('notice_at', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account'))
    )
    op.create_table('work',
    sa.Column('id', CODE, nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('args', sa.LargeBinary(), nullable=False),
    sa.Column('requested_by', CODE, nullable=True),
    sa.Column('as_of', sa.BigInteger(), nullable=False),
    sa.Column('lease_until', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('state', CODE, nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work'))
    )
    op.create_index('ix_work_state', 'work', ['state'], unique=False)
    op.create_table('account',
    sa.Column('channel', CODE, nullable=False),
    sa.Column('bot_id', CODE, nullable=False),
    sa.Column('address', CODE, nullable=False),
    sa.Column('user_id', CODE, nullable=True),
    sa.Column('state', CODE, nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_account_user_id_user_account')),
    sa.PrimaryKeyConstraint('channel', 'bot_id', 'address', name=op.f('pk_account'))
    )
    op.create_index('ix_account_user_id', 'account', ['user_id'], unique=False)
    op.create_table('draft',
    sa.Column('id', CODE, nullable=False),
    sa.Column('user_id', CODE, nullable=False),
    sa.Column('form', CODE, nullable=False),
    sa.Column('form_version', sa.Integer(), nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('at', CODE, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('amends', CODE, nullable=True),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_draft_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('user_id', name=op.f('uq_draft_user_id'))
    )
    op.create_table('person',
    sa.Column('id', CODE, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('phone_index', CODE, nullable=True),
    sa.Column('national_id_index', CODE, nullable=True),
    sa.Column('recorded_at', sa.BigInteger(), nullable=False),
    sa.Column('author_id', CODE, nullable=True),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_person_event_id_event')),
    sa.PrimaryKeyConstraint('id', 'version', name=op.f('pk_person'))
    )
    op.create_index('ix_person_phone_index', 'person', ['phone_index'], unique=False)
    op.create_index('ix_person_unit_code', 'person', ['unit_code'], unique=False)
    op.create_table('posting',
    sa.Column('seq', SERIAL, autoincrement=True, nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('subject', CODE, nullable=True),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('indicator', CODE, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_posting_event_id_event')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_posting')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_posting_day', 'posting', ['day'], unique=False)
    op.create_index('ix_posting_event_id', 'posting', ['event_id'], unique=False)
    op.create_index('ix_posting_figures', 'posting', ['indicator', 'unit_code', 'day', 'seq', 'n'], unique=False)
    op.create_table('record',
    sa.Column('id', CODE, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', CODE, nullable=False),
    sa.Column('form_version', sa.Integer(), nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('person_id', CODE, nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('recorded_at', sa.BigInteger(), nullable=False),
    sa.Column('author_id', CODE, nullable=True),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_record_event_id_event')),
    sa.PrimaryKeyConstraint('id', 'version', name=op.f('pk_record'))
    )
    op.create_index('ix_record_event_id', 'record', ['event_id'], unique=False)
    op.create_index('ix_record_person_id', 'record', ['person_id'], unique=False)
    op.create_index('ix_record_unit_code_kind', 'record', ['unit_code', 'kind'], unique=False)
    op.create_table('role',
    sa.Column('id', SERIAL, autoincrement=True, nullable=False),
    sa.Column('user_id', CODE, nullable=False),
    sa.Column('role', CODE, nullable=False),
    sa.Column('unit_code', CODE, nullable=False),
    sa.Column('granted_by', CODE, nullable=True),
    sa.Column('granted_at', sa.BigInteger(), nullable=False),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_role_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role'))
    )
    op.create_index('ix_role_unit_code', 'role', ['unit_code'], unique=False)
    op.create_index('ix_role_user_id', 'role', ['user_id'], unique=False)
