"""/cachbao: which villages report by phone or on paper, and whom the commune rings up there."""

from __future__ import annotations

from bot.conversation.draft import Answers
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, reach
from bot.domain.ways import Way
from bot.forms.village_way import VillageWay
from bot.handlers import reporting
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.phrases import HOME, place
from bot.storage import ways
from bot.storage.ways import Reporting


async def list_(call: Call, page: str = "0") -> None:
    """Every village with how it reports; a button for each changes that."""
    villages = [village for top in reach(call.user.roles, Act.CALL, call.tree) for village in call.tree.villages(top.code)]
    if not villages:
        call.say(Say("access.denied"))
        return
    others = await ways.not_on_app(call.tx, [one.code for one in villages])
    choices = [
        Choice(
            f"do:way:{one.code}",
            Say("ways.village", village=place(one), way=Say(f"choice.way.{others.get(one.code, Way.APP)}")),
        )
        for one in villages
    ]
    below = [Choice("do:calls", Say("menu.calls")), HOME]
    call.say(Say("ways.title"), rows=paged(choices, page, "do:ways", call.message.channel, below))


async def change(call: Call, unit: str, drop: str = "") -> None:
    """Ask how a village reports; opens with what was said before."""
    if unit not in call.tree or not may(call.user.roles, Act.CALL, unit, call.tree):
        call.say(Say("access.denied"))
        return
    if reporting.busy(call, VillageWay.name, drop, lambda draft: f"do:way:{unit}:{draft}"):
        return
    stored = (await ways.of_units(call.tx, call.desk.keys, [unit])).get(unit)
    known: Answers = {}
    if stored is not None:
        known = {"way": str(stored.way), "contact_name": stored.name, "contact_phone": stored.phone}
    facts = {"unit_name": call.voice(place(call.tree[unit]))}
    reporting.begin(call, opened(VillageWay, call.desk.new_id(), unit, known, facts, call.today))


async def saved(call: Call) -> None:
    """The way was confirmed."""
    assert call.draft is not None
    unit, answers = call.draft.unit, call.draft.answers
    call.close_draft()
    if unit not in call.tree or not may(call.user.roles, Act.CALL, unit, call.tree):
        call.say(Say("access.denied"))
        return
    way = Way(answers["way"])
    new = Reporting(unit, way, answers.get("contact_name"), answers.get("contact_phone"))
    await ways.save(call.tx, call.desk.keys, new, call.user.id, call.at)
    said = Say("ways.saved", village=place(call.tree[unit]), way=Say(f"choice.way.{way}"))
    call.say(said, rows=((Choice("do:ways", Say("menu.ways")), Choice("do:calls", Say("menu.calls"))), (HOME,)))
