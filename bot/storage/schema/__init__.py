"""Every table, once. Migrations build it; nothing else creates tables.

Types are the few that SQLite and PostgreSQL share. ``Sealed`` marks a column that holds ciphertext: whatever could identify
a person, and every health answer, is sealed (``storage.crypto``). Codes and keys compare by bytes on both databases.

A new table goes into the module of its subject and into ``__all__`` here.
"""

from bot.storage.schema.accounts import account, invite, link_code, role, user, wrong_code
from bot.storage.schema.columns import Code, Instant, Sealed, Serial, metadata
from bot.storage.schema.conversations import (
    arrival,
    attachment,
    draft,
    inbox,
    media_item,
    outbox,
    pasted,
    sent_message,
    shown_choices,
)
from bot.storage.schema.figures import (
    digest,
    explanation,
    figure_above,
    late_reason,
    mail,
    opening,
    own_table,
    own_table_draft,
    report,
    sign_off,
)
from bot.storage.schema.office import claim, deputy, handover, live_board, question, question_answer, question_round
from bot.storage.schema.records import event, look_alike, person, person_pair, posting, record, stock_total, transfer
from bot.storage.schema.running import job_run, lease, setting, work
from bot.storage.schema.units import call_attempt, org_unit, unit_change, unit_way

__all__ = [
    "Code",
    "Instant",
    "Sealed",
    "Serial",
    "account",
    "arrival",
    "attachment",
    "call_attempt",
    "claim",
    "deputy",
    "digest",
    "draft",
    "event",
    "explanation",
    "figure_above",
    "handover",
    "inbox",
    "invite",
    "job_run",
    "late_reason",
    "lease",
    "link_code",
    "live_board",
    "look_alike",
    "mail",
    "media_item",
    "metadata",
    "opening",
    "org_unit",
    "outbox",
    "own_table",
    "own_table_draft",
    "pasted",
    "person",
    "person_pair",
    "posting",
    "question",
    "question_answer",
    "question_round",
    "record",
    "report",
    "role",
    "sent_message",
    "setting",
    "shown_choices",
    "sign_off",
    "stock_total",
    "transfer",
    "unit_change",
    "unit_way",
    "user",
    "work",
    "wrong_code",
]
