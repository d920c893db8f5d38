"""Asking whose a figure is why it does not match (R7): pushed, so it names places and no people."""

from __future__ import annotations

from datetime import datetime, time

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.units import COMMUNE, Tree
from bot.reports.discrepancies import Discrepancy
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import HOME, place
from bot.storage.outbox import Post
from bot.storage.people import Who


def ask(tree: Tree, one: Discrepancy, who: Who, key: str, due: time, until: datetime | None) -> list[Post]:
    """Both numbers, and a button to explain; not sent after ``until``. ``due`` is the hour by which it should be explained."""
    commune = tree.above(one.unit.code, COMMUNE) or one.unit
    said = Say(
        f"discrepancy.push.{one.source}",
        commune=place(commune),
        unit=place(one.unit),
        indicator=Say(f"reports.indicator.{one.indicator}"),
        a=one.declared,
        b=one.listed,
        due=due,
    )
    explain = Choice(f"do:explain:{one.unit.code}:{one.indicator}:{one.source}", Say("discrepancy.button.explain"))
    return duty(who, voice(who)(said), key, buttons=buttons(who, (explain, HOME)), drop_after=until)
