"""/chonhap: what teams sent as pictures, voice and files, before the officers who type it in.

What is pushed names the village and the hour. Who sent it and what they wrote is shown to an officer who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.domain.units import COMMUNE, VILLAGE, Tree
from bot.handlers import areas, officers
from bot.handlers.call import Call, Desk
from bot.handlers.paging import page_of, paged
from bot.reports.duties import duty, voice
from bot.reports.figures import DATA_SET
from bot.reports.phrases import HOME, Contact, call_one, moment, place
from bot.storage import media, people, records
from bot.storage.media import COMING, DONE, WAITING, MediaItem
from bot.storage.outbox import Post


def what(items: Sequence[MediaItem]) -> Say:
    """An item in words: "ảnh"; an album: "3 ảnh"."""
    kind = Say(f"media.kind.{items[0].media.kind}")
    return kind if len(items) == 1 else Say("media.officer.several", n=len(items), what=kind)


def where(tree: Tree, item: MediaItem) -> Say:
    return place(unit) if (unit := tree.get(item.unit)) else Say("reports.as_written", value=item.unit)


def entry_rows(desk: Desk, tree: Tree, item: MediaItem) -> Rows:
    """The entry form: a button for every report, opened for the village it came from, and what closes the item."""
    unit = tree.get(item.unit)
    of = unit.code if unit is not None and unit.level == VILLAGE else ""  # else the village is asked
    forms = [
        Choice(f"do:form:{form.name}:{of}::{item.id}", Say(f"media.enter.{form.name}|form.{form.name}.menu"))
        for form in sorted(desk.forms.values(), key=lambda form: (form.data_set is None, form.zero, form.place))
        if form.files and form.alone
    ]
    return (*in_rows(forms, 2), (done_button(item),))


def done_button(item: MediaItem) -> Choice:
    return Choice(f"do:media_done:{item.id}", Say("button.media_done"), Say("word.media_done"))


async def list_(call: Call, page: str = "0") -> None:
    """What waits in the officer's communes, oldest first, each with a button to see it again."""
    every = albums(await media.open_in(call.tx, call.desk.keys, areas.whole(call, Act.TYPE_IN)))
    if not every:
        call.say(Say("media.officer.none"), rows=((HOME,),))
        return
    senders = await _senders(call, [album[0] for album in every])
    channel = call.message.channel
    shown = page_of(len(every), page, channel, [HOME]).of(every)
    choices = [Choice(f"do:media:{album[0].id}", _label(call, album[0])) for album in every]
    rows = paged(choices, page, "do:waiting", channel, [HOME])
    call.say(Say("media.officer.title", n=len(every)), *(_line(call, album, senders) for album in shown), rows=rows)


def albums(items: Sequence[MediaItem]) -> list[list[MediaItem]]:
    found: dict[object, list[MediaItem]] = {}
    for item in items:
        album = item.media.group
        found.setdefault((item.bot, item.address, album) if album else item.id, []).append(item)
    return list(found.values())


def _line(call: Call, album: Sequence[MediaItem], senders: dict[str, Say]) -> Say:
    item = album[0]
    key = "media.officer.line_coming" if item.state == COMING else "media.officer.line"
    clock = moment(item.received_at, call.at)
    return Say(key, unit=where(call.tree, item), clock=clock, what=what(album), who=senders[item.id])


def _label(call: Call, item: MediaItem) -> Say:
    return Say("media.officer.label", unit=where(call.tree, item), clock=moment(item.received_at, call.at))


async def _senders(call: Call, items: Sequence[MediaItem]) -> dict[str, Say]:
    """By item: its sender's name and number."""
    known = {who.id: who for who in await people.of_users(call.tx, call.desk.keys, {item.user for item in items})}
    return {
        item.id: call_one(Contact(who.name, who.phone))
        if (who := known.get(item.user))
        else Say("media.officer.sender_unknown")
        for item in items
    }


async def show(call: Call, item_id: str) -> None:
    """An item again, all pictures of its album: who sent it, what they wrote, the file itself and the entry form."""
    item = await _mine(call, item_id)
    if item is None:
        return
    if item.state != WAITING:
        await _not_waiting(call, item)
        return
    waiting = await media.open_in(call.tx, call.desk.keys, [item.unit])
    album = next(found for found in albums([one for one in waiting if one.state == WAITING]) if item in found)
    for k, one in enumerate(album[:-1], start=1):
        _send_page(call, one, k, len(album))
    last, clock = album[-1], moment(item.received_at, call.at)
    senders = await _senders(call, [item])
    lines = [Say("media.officer.details", unit=where(call.tree, item), what=what(album), clock=clock, who=senders[item.id])]
    lines += [Say("media.officer.words", text=one.caption) for one in album if one.caption]
    lines += [Say("media.officer.file", name=one.media.name) for one in album if one.media.name]
    carried = last.attachment if _carries_files(call) else None
    if carried is None:
        lines.append(Say("numbers.no_files"))
    call.say(*lines, rows=entry_rows(call.desk, call.tree, item), attachment=carried, fresh=True)


def _send_page(call: Call, item: MediaItem, k: int, n: int) -> None:
    """One picture of an album, without buttons: they are below the last."""
    if not _carries_files(call):
        return
    clock = moment(item.received_at, call.at)
    text = call.voice(Say("media.officer.page", unit=where(call.tree, item), clock=clock, k=k, n=n))
    message = call.message
    call.posts.append(Post(message.channel, message.bot, message.address, text, attachment=item.attachment))


async def done(call: Call, item_id: str) -> None:
    """The officer has typed it in: close it, tell its sender once, and the other officers who it was."""
    item = await _mine(call, item_id)
    if item is None:
        return
    if not await media.finish(call.tx, item, call.user.id, call.at):
        now = await media.get(call.tx, call.desk.keys, item_id)
        await _not_waiting(call, now or item)
        return
    await _tell_sender(call, item)
    await _tell_others(call, item)
    lines = [Say("media.officer.typed_in", **_words(call, item))]
    rows: Rows = ((HOME,),)
    unit = call.tree.get(item.unit)
    if unit is not None and unit.level == VILLAGE and not await records.report_of(call.tx, unit.code, DATA_SET, item.day):
        lines.append(Say("media.officer.still_missing", unit=place(unit), day=item.day))
        rows = (*entry_rows(call.desk, call.tree, item)[:1], *rows)
    call.say(*lines, rows=rows, fresh=True)


async def _mine(call: Call, item_id: str) -> MediaItem | None:
    """The item, if it is there and this person may type it in; else they were told that it is not."""
    item = await media.get(call.tx, call.desk.keys, item_id)
    if item is not None and may(call.user.roles, Act.TYPE_IN, item.unit, call.tree):
        return item
    call.say(Say("media.officer.gone"), rows=((HOME,),), fresh=True)
    return None


def _words(call: Call, item: MediaItem) -> dict[str, Say]:
    return {
        "what": Say(f"media.kind.{item.media.kind}"),
        "unit": where(call.tree, item),
        "clock": moment(item.received_at, call.at),
    }


async def _not_waiting(call: Call, item: MediaItem) -> None:
    """Somebody else was first, or it is not there yet, or it cannot be had."""
    if item.state == DONE and item.done_at is not None:
        by = await people.of_users(call.tx, call.desk.keys, [item.done_by] if item.done_by else [])
        name = by[0].name if by else Say("media.officer.sender_unknown")
        say = _typed_in_by(call, item, name, item.done_at)
    elif item.state == COMING:
        say = Say("media.officer.coming", **_words(call, item))
    else:
        say = Say("media.officer.gone")
    call.say(say, rows=((HOME,),), fresh=True)


async def _tell_sender(call: Call, item: MediaItem) -> None:
    who = await officers.sender_of(call.tx, call.desk.keys, item)
    if who is not None:
        say = Say("media.done", what=Say(f"media.kind.{item.media.kind}"), clock=moment(item.received_at, call.at))
        call.posts += duty(who, voice(who)(say), f"media_done:{item.media.group or item.id}:{who.id}")


async def _tell_others(call: Call, item: MediaItem) -> None:
    commune = call.tree.above(item.unit, COMMUNE)
    if commune is None:
        return
    say = _typed_in_by(call, item, call.user.name, call.at)
    for who in await officers.who_types_in(call.tx, call.desk.keys, commune.code):
        if who.id != call.user.id:
            call.posts += duty(who, voice(who)(say), f"media_done_by:{item.id}:{who.id}")


def _typed_in_by(call: Call, item: MediaItem, name: str | Say, at: datetime) -> Say:
    return Say("media.officer.typed_in_by", name=name, at=moment(at, call.at), **_words(call, item))


def _carries_files(call: Call) -> bool:
    return call.message.channel in call.desk.carries_files
