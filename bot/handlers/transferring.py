"""Handing a person over to another village (N8): one side proposes, the other accepts or returns, and nobody is lost between.

Until it is accepted the sender keeps the person, who is counted there. The other side sees them in one card only. What is
pushed names villages and nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.engine import opened
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import Act, Role, may
from bot.domain.plans import PLAN
from bot.domain.transfers import State, transfer_key
from bot.domain.unit_search import search
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit, Tree
from bot.forms.transfer import TransferReturn
from bot.handlers import areas, reporting
from bot.handlers.call import Call, Desk
from bot.handlers.counting import recount
from bot.handlers.paging import page_of, paged
from bot.handlers.persons import NEWEST, identity_of, told
from bot.handlers.planning import replan
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, instant, place, who_is
from bot.storage import outbox, people, persons, transfers
from bot.storage.accounts import for_duties
from bot.storage.database import Tx
from bot.storage.outbox import Post
from bot.storage.people import Who
from bot.storage.transfers import Transfer

LIST = Choice("do:transfers", Say("menu.transfers"))
RECEIVERS = frozenset({Role.HEAD})


async def take_over(tx: Tx, desk: Desk, tree: Tree, who: Who, found: Transfer, at: datetime) -> bool:
    """The other village accepts: from this instant the person is there, with all that is known of them.

    Whether they could be had: the proposal is still open, and the person is still where it came from.
    """
    kept = await persons.kept_for(tx, found.person)
    person = (await persons.of_ids(tx, desk.keys, [kept]))[kept]
    if person.unit != found.from_unit or not await transfers.settle(tx, desk.keys, found.id, State.ACCEPTED, who.id, at):
        return False
    event = await persons.move(tx, desk.keys, person, found.to_unit, who.id, found.reason, at)
    await recount(tx, desk.keys, desk.forms, [kept], event, desk.timetable.window_at(at).day)
    await replan(tx, desk, tree, kept, who.id, at)
    return True


# --- the sender -----------------------------------------------------------------------------------------------------


async def asked(call: Call) -> None:
    """To which village was said: keep it, and let the one that is meant be chosen."""
    assert call.draft is not None
    draft = call.draft
    call.close_draft()
    kept = await persons.kept_for(call.tx, draft.facts["person"])
    person = (await persons.of_ids(call.tx, call.desk.keys, [kept])).get(kept)
    if person is None or not may(call.user.roles, Act.TRANSFER, person.unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    if (waiting := await transfers.open_of(call.tx, call.desk.keys, kept)) is not None:
        await card(call, waiting.id)
        return
    to, reason = draft.answers["to"], draft.answers["reason"]
    new = Transfer(draft.id, kept, person.unit, "", reason, call.user.id, call.at, State.CHOOSING)
    await transfers.add(call.tx, call.desk.keys, new)
    _choose(call, new, search(call.tree, to, person.unit), draft.facts["follows"], to)


def _choose(call: Call, new: Transfer, found: Sequence[OrgUnit], base: str, typed: str) -> None:
    again = Choice(f"do:about:transfer:{base}", Say("transfer.search_again"))
    below = [again, HOME]
    room = page_of(len(found), "0", call.message.channel, below).room
    choices = [Choice(f"do:transfer_to:{new.id}:{one.code}", _where(call.tree, one)) for one in found[:room]]
    key = "transfer.nothing_found" if not found else "transfer.which" if len(found) <= room else "transfer.too_many"
    rows = paged(choices, "0", "do:transfers", call.message.channel, below, per_row=1)
    call.say(Say(key, text=typed, n=len(found)), rows=rows, fresh=True)


def _where(tree: Tree, unit: OrgUnit) -> Say:
    commune = tree.above(unit.code, COMMUNE)
    return Say("transfer.where", village=place(unit), commune=place(commune)) if commune else place(unit)


async def to(call: Call, transfer_id: str, unit: str) -> None:
    """The village is chosen: it is asked, and the sender keeps the person until it answers."""
    found = await transfers.get(call.tx, call.desk.keys, transfer_id)
    if (
        found is None
        or not may(call.user.roles, Act.TRANSFER, found.from_unit, call.tree)
        or unit not in call.tree
        or call.tree[unit].level != VILLAGE
        or unit == found.from_unit
    ):
        call.say(Say("draft.gone"), fresh=True)
        return
    if found.state is not State.CHOOSING or await transfers.open_of(call.tx, call.desk.keys, found.person) is not None:
        await card(call, transfer_id)
        return
    await transfers.propose(call.tx, transfer_id, unit, call.at)
    say = Say("transfer.push_asked", sender=place(call.tree[found.from_unit]), receiver=place(call.tree[unit]))
    choices = [Choice(f"do:transfer:{transfer_id}", Say("transfer.look")), LIST]
    receivers = await receivers_of(call.tx, call.desk, call.tree, unit)
    posts = [
        post
        for who in receivers
        if who.id != call.user.id
        for post in duty(
            who,
            voice(who)(say),
            f"transfer:{transfer_id}:{who.id}",
            buttons=buttons(who, choices, [HOME]),
            cancel_key=transfer_key(transfer_id),
        )
    ]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
    back = Choice(f"do:transfer_back:{transfer_id}", Say("transfer.withdraw"))
    proposed = Say(
        "transfer.proposed" if receivers else "transfer.proposed_to_nobody", where=_where(call.tree, call.tree[unit])
    )
    call.say(proposed, rows=((Choice(f"do:person:{found.person}", Say("button.card")), back), (HOME,)), fresh=True)


async def receivers_of(tx: Tx, desk: Desk, tree: Tree, unit: str) -> list[Who]:
    """Who is asked: the village's heads; where none can be reached, its commune's officers."""
    heads = (await holding(tx, desk.keys, [unit], RECEIVERS)).get(unit, [])
    commune = tree.above(unit, COMMUNE)
    if heads or commune is None:
        return heads
    return (await holding(tx, desk.keys, [commune.code], {Role.COMMUNE_OFFICER})).get(commune.code, [])


async def withdraw(call: Call, transfer_id: str) -> None:
    """The sender takes the proposal back."""
    found = await transfers.get(call.tx, call.desk.keys, transfer_id)
    if found is None or not may(call.user.roles, Act.TRANSFER, found.from_unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
    elif await transfers.settle(call.tx, call.desk.keys, transfer_id, State.WITHDRAWN, call.user.id, call.at):
        await outbox.cancel(call.tx, [transfer_key(transfer_id)], call.at)
        rows = ((Choice(f"do:person:{found.person}", Say("button.card")), HOME),)
        call.say(Say("transfer.withdrawn_done"), rows=rows, fresh=True)
    else:
        await card(call, transfer_id)


# --- the receiver ---------------------------------------------------------------------------------------------------


async def list_(call: Call, page: str = "0") -> None:
    """What waits for one's own answer, and what one waits for; a button for each."""
    units = areas.whole(call, Act.TRANSFER)
    incoming = await transfers.open_to(call.tx, call.desk.keys, units)
    mine = {one.id for one in incoming}
    outgoing = [one for one in await transfers.open_from(call.tx, call.desk.keys, units) if one.id not in mine]
    if not incoming and not outgoing:
        call.say(Say("transfer.none"), rows=((HOME,),))
        return
    known = await persons.of_ids(call.tx, call.desk.keys, {one.person for one in (*incoming, *outgoing)})
    choices = [
        Choice(f"do:transfer:{one.id}", Say(key, person=who_is(known[one.person]), **_places(call.tree, one)))
        for key, found in (("transfer.incoming", incoming), ("transfer.outgoing", outgoing))
        for one in found
    ]
    title = Say("transfer.title", n=len(incoming), m=len(outgoing))
    call.say(title, rows=paged(choices, page, "do:transfers", call.message.channel, [HOME], per_row=1))


def _places(tree: Tree, found: Transfer) -> dict[str, Param]:
    named = {"sender": found.from_unit, "receiver": found.to_unit}
    return {key: place(tree[code]) if code in tree else code for key, code in named.items()}


async def card(call: Call, transfer_id: str) -> None:
    """The proposal: for either side. The receiver sees who it is here, and nowhere else until they accept."""
    found = await transfers.get(call.tx, call.desk.keys, transfer_id)
    sends, takes = _sides(call, found)
    if found is None or not (sends or takes) or (found.state is not State.OPEN and not sends):
        call.say(Say("transfer.over" if takes else "draft.gone"), rows=((LIST, HOME) if takes else (HOME,),), fresh=True)
        return
    kept = await persons.kept_for(call.tx, found.person)
    person = (await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept]
    if found.state is not State.OPEN:
        params = {**_places(call.tree, found), "at": instant(found.decided_at or found.proposed_at), "code": kept}
        said = Say(f"transfer.{found.state}", reason=found.answer or Say("value.none"), **params)
        call.say(said, rows=((LIST, HOME),), fresh=True)
        return
    file = (await persons.files(call.tx, call.desk.keys, [kept]))[kept]
    title = Say("transfer.card", at=instant(found.proposed_at), **_places(call.tree, found))
    known = [told(one, call.desk.forms.get(one.kind)) for one in file if one.kind != PLAN][-NEWEST:]
    lines = [title, *identity_of(call, person), Say("person.history"), *known, Say("transfer.reason", reason=found.reason)]
    rows: list[tuple[Choice, ...]] = []
    if takes:
        yes, no = (Choice(f"do:transfer_{what}:{found.id}", Say(f"transfer.button.{what}")) for what in ("yes", "no"))
        rows.append((yes, no))
    if sends:
        rows.append((Choice(f"do:transfer_back:{found.id}", Say("transfer.withdraw")),))
    call.say(*lines, rows=(*rows, (LIST, HOME)), fresh=True)


def _sides(call: Call, found: Transfer | None) -> tuple[bool, bool]:
    """Whether this person speaks for the sender, and for the receiver."""
    if found is None:
        return False, False
    roles = call.user.roles
    takes = bool(found.to_unit) and may(roles, Act.TRANSFER, found.to_unit, call.tree)
    return may(roles, Act.TRANSFER, found.from_unit, call.tree), takes


async def accept(call: Call, transfer_id: str) -> None:
    """The receiver takes the person in; the sender is told."""
    found = await transfers.get(call.tx, call.desk.keys, transfer_id)
    if found is None or not _sides(call, found)[1]:
        call.say(Say("draft.gone"), fresh=True)
    elif await take_over(call.tx, call.desk, call.tree, call.user, found, call.at):
        await _tell_sender(call, found, "transfer.push_accepted")
        rows = ((Choice(f"do:person:{found.person}", Say("button.card")), LIST), (HOME,))
        call.say(Say("transfer.accepted_done", unit=place(call.tree[found.to_unit])), rows=rows, fresh=True)
    else:
        call.say(Say("transfer.over"), rows=((LIST, HOME),), fresh=True)


async def refuse(call: Call, transfer_id: str, drop: str = "") -> None:
    """The receiver does not take the person in: why?"""
    found = await transfers.get(call.tx, call.desk.keys, transfer_id)
    if found is None or not _sides(call, found)[1] or found.state is not State.OPEN:
        call.say(Say("transfer.over"), rows=((LIST, HOME),), fresh=True)
        return
    if reporting.busy(call, TransferReturn.name, drop, lambda draft: f"do:transfer_no:{transfer_id}:{draft}"):
        return
    person = (await persons.of_ids(call.tx, call.desk.keys, [found.person]))[found.person]
    facts = {"unit_name": call.voice(place(call.tree[found.to_unit])), "transfer": transfer_id, "about": who_is(person)}
    turn = opened(TransferReturn, call.desk.new_id(), found.to_unit, {}, facts, call.today)
    reporting.begin(call, turn, fresh=True)


async def returned(call: Call) -> None:
    """The reason was confirmed: the sender keeps the person and is told."""
    assert call.draft is not None
    transfer_id, reason = call.draft.facts["transfer"], call.draft.answers["reason"]
    call.close_draft()
    found = await transfers.get(call.tx, call.desk.keys, transfer_id)
    if found is None or not _sides(call, found)[1]:
        call.say(Say("draft.gone"), fresh=True)
        return
    done = await transfers.settle(call.tx, call.desk.keys, transfer_id, State.RETURNED, call.user.id, call.at, reason)
    if done:
        await _tell_sender(call, found, "transfer.push_returned")
    said = Say("transfer.returned_done" if done else "transfer.over", sender=place(call.tree[found.from_unit]))
    call.say(said, rows=((LIST, HOME),), fresh=True)


async def _tell_sender(call: Call, found: Transfer, key: str) -> None:
    """Whoever proposed it hears what became of it: villages and a code. Who answered themself is not told."""
    await outbox.cancel(call.tx, [transfer_key(found.id)], call.at)
    who = for_duties(await people.of_users(call.tx, call.desk.keys, [found.proposed_by]))
    if who is None or who.id == call.user.id:
        return
    look = Choice(f"do:transfer:{found.id}", Say("transfer.look"))
    posts: list[Post] = duty(
        who,
        voice(who)(Say(key, code=found.person, **_places(call.tree, found))),
        f"{key}:{found.id}",
        buttons=buttons(who, [look, HOME]),
    )
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
