"""Forgetting what is no longer needed, once a night."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from bot.storage import arrivals, inbox, jobs, live_boards, media, outbox, own_tables, pasted, questions
from scheduler.round import Decisions, Round, Work

log = logging.getLogger(__name__)

INBOX_KEPT = timedelta(days=8)  # Telegram's ids restart at random after a quiet week
BOARDS_KEPT = timedelta(days=1)  # nobody looks at one any more
RUNS_KEPT = timedelta(days=30)  # far longer than any run is still worth doing, so none can come back


def upkeep(words_kept: timedelta, job_names: Sequence[str]) -> Work:
    """Forget settled messages of the inbox, arrivals without a leader, what teams sent and is done, what was said, old runs."""

    async def work(round_: Round, everywhere: Sequence[str]) -> Decisions:
        await inbox.forget(round_.tx, round_.now - INBOX_KEPT)
        # Older ones could be counted twice: the inbox no longer knows whether they were handled.
        if lost := await arrivals.forget(round_.tx, round_.now - INBOX_KEPT):
            log.error("%d messages of a bot that no process leads are given up", lost)
        await live_boards.forget(round_.tx, round_.now - BOARDS_KEPT)
        await pasted.clear(round_.tx, round_.now - words_kept)
        await own_tables.clear(round_.tx, round_.now - words_kept)
        await questions.clear(round_.tx, round_.now - words_kept)
        await media.forget(round_.tx, round_.now - words_kept)
        await outbox.clear(round_.tx, round_.now - words_kept)
        await jobs.forget(round_.tx, round_.now - RUNS_KEPT, job_names)
        return dict.fromkeys(everywhere, ())

    return work
