"""Daily questions as figures (N14): what a digest and its file say of them, and what a unit's own table takes from them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.conversation.words import Say
from bot.domain.units import Tree
from bot.reports.questions import Round, counter_line, is_counted, read_round
from bot.storage import questions
from bot.storage.crypto import Keyring
from bot.storage.database import Tx

TARGET = "question-"
"""How a daily question is called as a figure, before its id."""


async def counters(
    tx: Tx, keys: Keyring, tree: Tree, units: Collection[str], day: date, until: datetime
) -> dict[str, list[Round]]:
    """By unit the daily questions that it asked on a day, with what was answered at ``until``; a unit without is absent."""
    found: dict[str, list[Round]] = {}
    asked = await questions.counters(tx, keys, units, day)
    rounds = await questions.rounds(tx, [one.id for one in asked])
    for one in asked:
        for round_ in rounds[one.id]:
            if round_.day == day:
                found.setdefault(one.unit, []).append(await read_round(tx, keys, tree, one, round_, until))
    return found


def counter_lines(found: Sequence[Round]) -> list[Say]:
    """The section of a digest: of those that can be added up, who has not answered by name."""
    counted = [counter_line(one) for one in found if is_counted(one.question)]
    return [Say("question.digest.title"), *counted] if counted else []
