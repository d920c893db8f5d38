"""What a visit found that cannot wait is told to the commune's officers at once. No name: it shows on a locked screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, Role
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.health import Alarm, alarms
from bot.domain.isolation_rules import Category
from bot.domain.units import COMMUNE, Tree
from bot.forms.visit import VisitSlot
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, place
from bot.storage import outbox
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.outbox import Lane
from bot.storage.records import Record


def found(answers: Mapping[str, Any]) -> tuple[Alarm, ...]:
    """What of these answers of a visit is told at once."""
    rules = follow_up_rules()
    measured = {name: Decimal(answers[name]) for name in rules.vital if answers.get(name) is not None}
    category = Category.CONTACT if answers["slot"] == VisitSlot.DAY else Category.CASE
    return alarms(category, measured, [answers["symptoms"]] if answers.get("symptoms") else [], rules)


async def raised(tx: Tx, keys: Keyring, tree: Tree, visit: Record, now: datetime) -> bool:
    """Tell the commune's officers; whether there was something to tell. A correction that finds nothing new tells nothing."""
    seen = found(visit.body)
    commune = tree.above(visit.unit, COMMUNE)
    if not seen or commune is None:
        return False
    officers = await holding(tx, keys, [commune.code], {Role.COMMUNE_OFFICER}) or await holding(
        tx, keys, [commune.code], COMMUNE_ROLES
    )
    say = Say("visits.alarm", place=place(tree[visit.unit]), code=visit.person_id or visit.id)
    choices = (Choice(f"do:person:{visit.person_id}", Say("button.card")), HOME)
    what = "+".join(sorted(one.what for one in seen))
    posts = [
        post
        for who in officers.get(commune.code, ())
        for post in duty(
            who, voice(who)(say), f"visit:{visit.id}:{what}:{who.id}", buttons=buttons(who, choices), lane=Lane.URGENT
        )
    ]
    await outbox.queue(tx, keys, posts, now)
    return True
