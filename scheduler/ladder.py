"""One message instead of five: what is said again about the same deadline takes the place of what was said before.

Where a channel can change a message the next step is an edit, which makes no sound; the last step before the deadline is a new
message, and the one before it shrinks to a line. Elsewhere every step is a message of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.words import Say
from bot.messages import EDITS
from bot.reports.duties import voice
from bot.reports.phrases import clock
from bot.storage import outbox, people
from bot.storage.outbox import Post, Sent
from scheduler.round import Round


@dataclass(frozen=True)
class Rung:
    """What is said to one person now; ``former`` are the dedup keys of what was said about it before, the newest first."""

    who: people.Who
    posts: Sequence[Post]
    former: Sequence[str]


async def climbed(round_: Round, rungs: Sequence[Rung], loud: bool) -> list[Post]:
    """What to queue for these. ``loud``: the deadline is near, so it has to be heard."""
    sent = await outbox.sent_as(round_.tx, {key for rung in rungs for key in rung.former})
    return [post for rung in rungs for post in _instead(rung, sent, loud)]


def _instead(rung: Rung, sent: dict[str, Sent], loud: bool) -> Sequence[Post]:
    before = next((sent[key] for key in rung.former if key in sent), None)
    first = rung.posts[0]
    here = before is not None and (before.channel, before.bot, before.address) == (first.channel, first.bot, first.address)
    if before is None or not here or not EDITS[first.channel]:
        return rung.posts
    if not loud and len(rung.posts) == 1:
        return [replace(first, edits=before.id)]
    line = voice(rung.who)(Say("schedule.said_before", at=clock(before.at)))
    shrunk = replace(first, text=line, buttons=(), edits=before.id, dedup_key=f"{first.dedup_key}:before", whole=None)
    return [shrunk, *rung.posts]
