"""/bangiao: what is open goes to the colleague of the next shift, who accepts it; until then it stays with who gives it.

What is pushed names places and kinds of things, and nobody who is reported about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import OFFICIALS, Role, offices, works_for
from bot.domain.board import counts
from bot.domain.handover import REMINDED_AFTER, TOLD_AFTER, State, What, Why, handover_key, to_give, to_take
from bot.handlers import areas
from bot.handlers.board import BACK, seen_at
from bot.handlers.board_facts import Seen
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, moment, place
from bot.storage import claims, handovers, outbox, people
from bot.storage.accounts import for_duties
from bot.storage.handovers import Handover
from bot.storage.outbox import Lane, Post
from bot.storage.people import Who

MOST = 12  # lines of what is handed over
OPEN_IT = Choice("do:shift", Say("shift.open"))
CHAIRS = frozenset({Role.COMMUNE_CHAIR, Role.DISTRICT_CHAIR})


async def start(call: Call, unit: str = "", page: str = "0") -> None:
    """What waits for one's own answer, what one gave and is not accepted, or what is to be handed over."""
    open_ = await handovers.open_at(call.tx, offices(call.user.roles, call.tree))
    concerned = [one for one in open_ if call.user.id in (one.receiver, one.giver)]
    if concerned:
        to_me = [one for one in concerned if one.receiver == call.user.id]
        await card(call, (to_me or concerned)[0])
    elif (chosen := areas.office(call, "shift", unit, page)) is not None:
        await _what(call, chosen.code)


async def _what(call: Call, unit: str) -> None:
    seen = await seen_at(call, unit)
    choices = [
        Choice(f"do:shift_give:{unit}:{what}", Say(f"shift.what.{what}", n=n))
        for what in What
        if (n := len(to_give(seen.items, seen.claims, call.user.id, what)))
    ]
    say = Say("shift.ask_what" if choices else "shift.nothing", unit=place(seen.unit))
    call.say(say, rows=(*in_rows(choices, 1), (BACK, HOME)))


async def give(call: Call, unit: str, what: str, to: str = "", page: str = "0") -> None:
    """To whom? Then it is offered to them, and noted as the giver's until they accept."""
    if not works_for(call.user.roles, unit) or unit not in call.tree or what not in set(What):
        call.say(Say("access.denied"))
        return
    if any(one.giver == call.user.id for one in await handovers.open_at(call.tx, [unit])):
        await start(call, unit)
        return
    colleagues = [who for who in await _office(call, unit) if who.id != call.user.id]
    chosen = next((who for who in colleagues if who.id == to), None)
    if chosen is not None:
        await _offer(call, unit, What(what), chosen)
        return
    turn = f"do:shift_give:{unit}:{what}"
    choices = [Choice(f"{turn}:{who.id}", Say("shift.colleague", name=who.name, role=_role(who, unit))) for who in colleagues]
    say = Say("shift.to_whom" if choices else "shift.nobody")
    call.say(say, rows=paged(choices, page, f"{turn}:", call.message.channel, [BACK, HOME], per_row=1))


async def _office(call: Call, unit: str) -> Sequence[Who]:
    return (await holding(call.tx, call.desk.keys, [unit], OFFICIALS)).get(unit, [])


def _role(who: Who, unit: str) -> Say:
    held = next((one.role for one in who.roles if one.unit == unit and one.role in OFFICIALS), None)
    return Say(f"role.{held}") if held is not None else Say("reports.nothing")


async def _offer(call: Call, unit: str, what: What, to: Who) -> None:
    seen = await seen_at(call, unit)
    items = to_give(seen.items, seen.claims, call.user.id, what)
    if not items:
        await _what(call, unit)
        return
    await claims.take(call.tx, unit, items, call.user.id, call.at)
    new = Handover(call.desk.new_id(), unit, call.user.id, to.id, items, call.at)
    await handovers.add(call.tx, new)
    await outbox.queue(call.tx, call.desk.keys, await _told(call, seen, new, to), call.at)
    said = Say("shift.offered", name=to.name, n=len(items))
    call.say(said, rows=((Choice(f"do:shift_back:{new.id}", Say("shift.withdraw")),), (BACK, HOME)))


async def _told(call: Call, seen: Seen, new: Handover, to: Who) -> list[Post]:
    """To the colleague now, and once more; to the chair if there is no answer then either. Shifts change at night too."""
    lines = [Say("shift.push", name=call.user.name, unit=place(seen.unit), n=len(new.items)), *_summary(seen, new.items)]
    rows = [_answers(new.id), (OPEN_IT, HOME)]
    key = handover_key(new.id)
    posts = duty(to, "\n".join(voice(to)(line) for line in lines), f"{key}:{to.id}", buttons=buttons(to, *rows))
    again = Say("shift.reminder", name=call.user.name, n=len(new.items), minutes=REMINDED_AFTER.seconds // 60)
    posts += _later(call.at + REMINDED_AFTER, duty(to, voice(to)(again), f"{key}:again:{to.id}", buttons=buttons(to, *rows)))
    for chair in (await holding(call.tx, call.desk.keys, [new.unit], CHAIRS)).get(new.unit, []):
        say = Say("shift.not_accepted", giver=call.user.name, name=to.name, n=len(new.items), unit=place(seen.unit))
        told = duty(chair, voice(chair)(say), f"{key}:chair:{chair.id}", buttons=buttons(chair, (HOME,)))
        posts += _later(call.at + TOLD_AFTER, told) if chair.id != to.id else []
    return [replace(post, cancel_key=key, lane=Lane.URGENT) for post in posts]


def _later(instant: datetime, posts: Sequence[Post]) -> list[Post]:
    return [replace(post, not_before=instant) for post in posts]


def _answers(handover: str) -> tuple[Choice, ...]:
    return (
        Choice(f"do:shift_yes:{handover}", Say("shift.accept")),
        Choice(f"do:shift_no:{handover}", Say("shift.decline")),
    )


def _summary(seen: Seen, refs: Sequence[str]) -> list[Say]:
    """How many of each kind, then the first of them."""
    items = [one for one in seen.items if one.ref in set(refs)]
    if not items:
        return []
    counted = [Say("board.count", kind=Say(f"board.kind.{kind}"), n=n) for kind, n in counts(items).items()]
    lines = [Say("board.counts", counts=counted), *(Say("shift.line", what=seen.lines[one.ref]) for one in items[:MOST])]
    return [*lines, Say("shift.more", n=len(items) - MOST)] if len(items) > MOST else lines


# --- the answer -------------------------------------------------------------------------------------------------------


async def card(call: Call, found: Handover, *before: Say) -> None:
    """One that is open: for its receiver to answer, for its giver to take back."""
    seen = await seen_at(call, found.unit)
    names = await _names(call, found)
    mine = found.receiver == call.user.id
    key = "shift.for_you" if mine else "shift.waits"
    title = Say(key, giver=names[found.giver], name=names[found.receiver], at=moment(found.given_at, call.at))
    left = to_take(found.items, seen.items, seen.claims, found.giver)
    ways = _answers(found.id) if mine else (Choice(f"do:shift_back:{found.id}", Say("shift.withdraw")),)
    call.say(*before, title, *_summary(seen, left), rows=(ways, (BACK, HOME)))


async def _names(call: Call, found: Handover) -> dict[str, str]:
    known = await people.of_users(call.tx, call.desk.keys, [found.giver, found.receiver])
    return {found.giver: "–", found.receiver: "–"} | {who.id: who.name for who in known}


async def accept(call: Call, handover: str) -> None:
    """From now on what is still open of it is the receiver's; the giver is told."""
    found = await _to_answer(call, handover)
    if found is None:
        return
    seen = await seen_at(call, found.unit)
    moved = to_take(found.items, seen.items, seen.claims, found.giver)
    await handovers.settle(call.tx, found.id, State.ACCEPTED, call.at)
    await claims.give(call.tx, found.unit, moved, call.user.id, call.at)
    await outbox.cancel(call.tx, [handover_key(found.id)], call.at)
    names = await _names(call, found)
    told = Say("shift.accepted", name=call.user.name, n=len(moved), at=moment(call.at, call.at))
    await _tell_giver(call, found, told)
    call.say(Say("shift.yours", giver=names[found.giver], n=len(moved)), *_summary(seen, moved), rows=((BACK, HOME),))


async def decline(call: Call, handover: str, why: str = "") -> None:
    """Why? Then it stays with the giver, who is told."""
    found = await _to_answer(call, handover)
    if found is None:
        return
    if why not in set(Why):
        choices = [Choice(f"do:shift_no:{handover}:{one}", Say(f"shift.why.{one}")) for one in Why]
        call.say(Say("shift.ask_why"), rows=(*in_rows(choices, 2), (OPEN_IT, HOME)))
        return
    await handovers.settle(call.tx, found.id, State.DECLINED, call.at, Why(why))
    await outbox.cancel(call.tx, [handover_key(found.id)], call.at)
    await _tell_giver(call, found, Say("shift.declined", name=call.user.name, reason=Say(f"shift.why.{why}")))
    call.say(Say("shift.stays", giver=(await _names(call, found))[found.giver]), rows=((BACK, HOME),))


async def withdraw(call: Call, handover: str) -> None:
    """Who gave it keeps it."""
    found = await handovers.get(call.tx, handover)
    if found is None or found.giver != call.user.id or not await handovers.settle(call.tx, handover, State.WITHDRAWN, call.at):
        call.say(Say("shift.over"), rows=((BACK, HOME),))
        return
    await outbox.cancel(call.tx, [handover_key(handover)], call.at)
    to = for_duties(await people.of_users(call.tx, call.desk.keys, [found.receiver]))
    if to is not None:
        say = voice(to)(Say("shift.withdrawn", giver=call.user.name))
        posts = duty(to, say, f"{handover_key(handover)}:withdrawn:{to.id}", buttons=buttons(to, (HOME,)))
        await outbox.queue(call.tx, call.desk.keys, posts, call.at)
    call.say(Say("shift.kept"), rows=((BACK, HOME),))


async def _to_answer(call: Call, handover: str) -> Handover | None:
    """One that is open, for its receiver, who still works there; else that is said."""
    found = await handovers.get(call.tx, handover)
    if (
        found is not None
        and found.state is State.OPEN
        and found.receiver == call.user.id
        and found.unit in call.tree
        and works_for(call.user.roles, found.unit)
    ):
        return found
    call.say(Say("shift.over"), rows=((BACK, HOME),))
    return None


async def _tell_giver(call: Call, found: Handover, say: Say) -> None:
    giver = for_duties(await people.of_users(call.tx, call.desk.keys, [found.giver]))
    if giver is not None:
        key = f"{handover_key(found.id)}:answer:{giver.id}"
        posts = duty(giver, voice(giver)(say), key, buttons=buttons(giver, (Choice("do:board", Say("menu.board")), HOME)))
        await outbox.queue(call.tx, call.desk.keys, posts, call.at)
