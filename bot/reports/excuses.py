"""Beside a village that has not reported: that its report was sent as a picture, or why it comes later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from bot.conversation.words import Say
from bot.domain.units import Tree
from bot.storage import lateness, media
from bot.storage.database import Tx


async def excuses(tx: Tx, tree: Tree, villages: Collection[str], day: date) -> Mapping[str, Say]:
    """A remark by village; villages without one are silent. What was sent and waits to be typed in comes first."""
    gave = await lateness.reasons(tx, villages, day)
    sent = await media.awaited(tx, tree, villages, day)
    return {
        **{code: Say("reports.missing.late", reason=Say(f"lateness.{reason}")) for code, reason in gave.items()},
        **{code: Say("reports.missing.awaited") for code in sent if code in villages},
    }
