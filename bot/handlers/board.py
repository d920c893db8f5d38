"""/bang: the board of an officer's own office. It points at the conversations that settle what is open, and holds who does.

On a channel that can edit it is one live message: it changes while its reader does something else (``live_boards``), a tap on
it is answered below it, and opening it anew leaves a line where it was.
"""

from __future__ import annotations

from dataclasses import replace

from bot.clock import local
from bot.conversation.prompt import Choice, Rows
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, TEAM, Role, offices
from bot.domain.board import BETWEEN, Item, Kind
from bot.domain.units import COMMUNE
from bot.handlers import areas, supporting
from bot.handlers.board_facts import Seen, read
from bot.handlers.board_view import holder, view
from bot.handlers.call import Call
from bot.messages import EDITS
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME
from bot.reports.phrases import call as contacts_in_words
from bot.storage import claims, live_boards, outbox, records
from bot.storage.live_boards import BOARD, LiveBoard
from bot.storage.outbox import Post

BACK = Choice("do:board", Say("board.back"))


async def show(call: Call, code: str = "", page: str = "0") -> None:
    """Everything that is open at one's own office."""
    unit = areas.office(call, "board", code, page)
    if unit is not None:
        await _show(call, await seen_at(call, unit.code), int(page) if page.isdecimal() else 0)


async def seen_at(call: Call, unit: str) -> Seen:
    """The board of a unit; claims to what is not open any more end here."""
    seen = await read(call.tx, call.desk, call.tree, unit, call.at)
    await claims.drop(call.tx, unit, seen.stale)
    return seen


async def _show(call: Call, seen: Seen, page: int) -> None:
    message = call.message
    former = await live_boards.of_chat(call.tx, message.channel, message.bot, message.address)
    if former is not None and message.message_id and former.message == message.message_id:
        call.stays = False  # it is the board itself that was tapped
    shown = view(seen, page, message.channel, call.at)
    call.say(shown.title, *shown.lines, rows=shown.rows)
    if not EDITS[message.channel] or len(call.posts) > 1:
        return
    name = f"{BOARD}{call.desk.new_id()}"
    post = call.posts[0] = replace(call.posts[0], dedup_key=name)
    if former is not None and former.message and former.message != post.edits_message:
        below = call.voice(Say("board.below"))
        moved = Post(message.channel, message.bot, message.address, below, edits_message=former.message)
        call.posts.insert(0, moved)
    fingerprint = shown.fingerprint(call.voice)
    new = LiveBoard(message.channel, message.bot, message.address, seen.unit.code, page, name, fingerprint, call.at)
    await live_boards.save(call.tx, new)


# --- one item ---------------------------------------------------------------------------------------------------------


async def item(call: Call, ref: str, *before: Say) -> None:
    """One thing that is open: what it is, whom to ring, who sees to it, and the conversation that settles it."""
    found = await _found(call, ref)
    if found is None:
        call.say(*before, Say("board.gone"), rows=((BACK, HOME),))
        return
    seen, one = found
    lines = [seen.lines[one.ref]]
    if one.kind is Kind.REPORT and (people := seen.contacts.get(one.unit)):
        lines.append(Say("board.call", who=contacts_in_words(people)))
    if one.ref in seen.claims:
        lines.append(Say("board.seen_to", held=holder(seen, one, call.at)))
    call.say(*before, *lines, rows=(*_ways(seen, one), *_claiming(call, seen, one), (BACK, HOME)))


async def _found(call: Call, ref: str) -> tuple[Seen, Item] | None:
    """An item that is open on a board of whoever asks, with that board."""
    for unit in offices(call.user.roles, call.tree):
        seen = await seen_at(call, unit)
        if (one := seen.item(ref)) is not None:
            return seen, one
    return None


def _ways(seen: Seen, one: Item) -> Rows:
    """The conversations that settle it."""
    first = ":".join(one.about)
    match one.kind:
        case Kind.ALERT:
            return ((Choice(f"do:taken:{first}", Say("alert.take")),),)
        case Kind.MEDIA:
            return ((Choice(f"do:media:{first}", Say("board.button.media")),),)
        case Kind.DOUBLE:
            return ((Choice(f"do:pair:{first}", Say("board.button.double")),),)
        case Kind.AID:
            return ((Choice(f"do:aid:{first}", Say("board.button.aid")),),)
        case Kind.TRANSFER:
            return ((Choice(f"do:transfer:{first}", Say("transfer.look")), _ask(one)),)
        case Kind.DECISION:
            return ((Choice(f"do:decide:{first}", Say("board.button.decision")),),)
        case Kind.VISIT:
            return ((Choice(f"do:visits:{first}", Say("visits.open")), _ask(one)),)
        case Kind.DIFFER if seen.unit.level == COMMUNE:
            explain = Choice(f"do:explain:{first}", Say("discrepancy.button.explain"))
            return ((explain,) if one.about[2] == "above" else (explain, _ask(one)),)
        case Kind.DIFFER:
            return ((Choice(f"do:differ:{first}", Say("menu.differ")), _ask(one)),)
        case _:
            return _report_ways(seen, one)


def _report_ways(seen: Seen, one: Item) -> Rows:
    remind = Choice(f"do:remind:{seen.unit.code}:{seen.day}:{one.unit}", Say("board.button.remind"))
    if seen.unit.level == COMMUNE:
        keep = Choice(f"do:former:{one.unit}", Say("keep.button"))
        return ((Choice(f"do:ring:{one.unit}", Say("board.button.ring")), remind), (keep,))
    look = Choice(f"do:missing:{one.unit}:{seen.day}", Say("menu.missing"))
    return ((look,) if seen.lines[one.ref].key == "board.line.reports" else (look, remind),)


def _ask(one: Item) -> Choice:
    return Choice(f"do:item_ask:{one.ref}", Say("board.button.ask"))


def _claiming(call: Call, seen: Seen, one: Item) -> Rows:
    """Taking it, or giving it back. An alert is taken by its own button, which all who were told hear of."""
    if one.kind is Kind.ALERT:
        return ()
    claim = seen.claims.get(one.ref)
    if claim is None:
        return ((Choice(f"do:item_take:{one.ref}", Say("board.button.take")),),)
    if claim.user == call.user.id and one.kind is not Kind.AID:  # who asked for help was told who sees to it
        return ((Choice(f"do:item_leave:{one.ref}", Say("board.button.leave")),),)
    return ()


async def take(call: Call, ref: str) -> None:
    """Whoever taps sees to it from now on. Whoever comes later is shown who it is."""
    found = await _found(call, ref)
    if found is None or found[1].kind is Kind.ALERT:
        await item(call, ref)
        return
    seen, one = found
    claim = seen.claims.get(one.ref)
    if claim is not None and claim.user != call.user.id:
        await item(call, ref, Say("board.too_late"))
        return
    await claims.take(call.tx, seen.unit.code, [one.ref], call.user.id, call.at)
    if one.kind is Kind.AID and claim is None:
        record = await records.current(call.tx, call.desk.keys, one.about[0])
        if record is not None:
            await supporting.note_taken(call, record)
    await item(call, ref, Say("board.taken"))


async def leave(call: Call, ref: str) -> None:
    """Nobody sees to it any more."""
    found = await _found(call, ref)
    claim = found[0].claims.get(ref) if found is not None else None
    if found is None or claim is None or claim.user != call.user.id or found[1].kind is Kind.AID:
        await item(call, ref)
        return
    await claims.drop(call.tx, found[0].unit.code, [ref])
    await item(call, ref, Say("board.left"))


async def ask(call: Call, ref: str) -> None:
    """Ask those whose it is to complete it, in person; of several officials in the same hour the first is heard."""
    found = await _found(call, ref)
    if found is None:
        await item(call, ref)
        return
    seen, one = found
    roles = COMMUNE_ROLES if seen.unit.level != COMMUNE else {Role.HEAD} if one.kind is Kind.TRANSFER else TEAM
    readers = (await holding(call.tx, call.desk.keys, [one.unit], roles)).get(one.unit, [])
    said = Say("board.ask", name=call.user.name, what=seen.lines[one.ref])
    opens = {
        Kind.DIFFER: Choice("do:differ", Say("menu.differ")),
        Kind.VISIT: Choice("do:visits", Say("visits.open")),
        Kind.TRANSFER: Choice("do:transfers", Say("menu.transfers")),
    }.get(one.kind, HOME)
    hour = f"{local(call.at):%Y-%m-%d:%H}"
    posts = [
        post
        for who in readers
        if who.id != call.user.id
        for post in duty(
            who, voice(who)(said), f"ask:{ref.replace(BETWEEN, '.')}:{hour}:{who.id}", buttons=buttons(who, (opens, HOME))
        )
    ]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
    reached = len({post.address for post in posts})
    await item(call, ref, Say("remind.done", n=reached) if reached else Say("remind.nobody_there"))
