"""What somebody sends that is no text: a photo of a paper list, a voice message, a file, or what the platform keeps to itself.

Nothing is met with silence. Where the commune has somebody to read it, the item is kept for them and the sender has done their
part; where not, the answer says so and whom to ring.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath

from bot.conversation.words import Say
from bot.domain.access import Act, is_official, offices, villages_of
from bot.domain.deadlines import nudge_key
from bot.domain.units import COMMUNE
from bot.handlers import officers, steps
from bot.handlers.call import Call
from bot.handlers.wanted import want
from bot.messages import DOWNLOAD_LIMIT, Media
from bot.reports.list_file import may_be_list
from bot.storage import media as items
from bot.storage import outbox, own_tables, work
from bot.storage.media import MediaItem
from bot.storage.work import Work

FETCH = "media"
"""The kind of work that fetches an item."""

LIST = "list_file"
"""The kind of work that reads a list of people."""


TABLES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
"""What the name of a spreadsheet ends with: also those that cannot be read, of which it is said why."""


async def media(call: Call, sent: Media) -> None:
    """Keep it for the commune's officers and say so; an album is answered once."""
    villages = [village.code for village in villages_of(call.user.roles, Act.REPORT, call.tree)]
    if sent.kind == "document" and may_be_list(sent.name) and villages:
        await _read_list(call, sent, _communes(call, villages))
        return
    if offices(call.user.roles, call.tree) and is_table(sent):
        await _read_table(call, sent)
        return
    once = f"album:{call.message.bot}:{call.message.address}:{sent.group}" if sent.group else None
    communes = _communes(call, villages)
    if is_official(call.user.roles) or not communes:
        steps.aside(call, Say("media.not_read"), dedup=once)
    elif sent.size is not None and sent.size > DOWNLOAD_LIMIT:
        too_large = Say("media.too_large", most=DOWNLOAD_LIMIT // 1024**2)
        steps.aside(call, too_large, *await officers.to_call(call.tx, call.desk.keys, communes))
    elif not await officers.who_types_in(call.tx, call.desk.keys, communes[0]):
        nobody = Say("media.nobody", what=Say(f"media.kind.{sent.kind}"))
        steps.aside(call, nobody, *await officers.to_call(call.tx, call.desk.keys, communes), dedup=once)
    else:
        await _keep(call, sent, villages, communes[0])
        steps.aside(call, Say("media.received", what=Say(f"media.kind.{sent.kind}")), dedup=once)


async def _read_table(call: Call, sent: Media) -> None:
    """An official's spreadsheet is read as the template of their unit's own table (``own_table_files``)."""
    if sent.size is not None and sent.size > DOWNLOAD_LIMIT:
        steps.aside(call, Say("media.too_large", most=DOWNLOAD_LIMIT // 1024**2))
        return
    await want(call, own_tables.READ, media=asdict(sent))
    steps.aside(call, Say("own_table.received"))


def is_table(sent: Media) -> bool:
    """Whether it may be the template of an official's own table."""
    return PurePath(sent.name or "").suffix.lower() in TABLES


async def _read_list(call: Call, sent: Media, communes: list[str]) -> None:
    """A table is read as a list of people (``list_files``); if it is none, as an official's own, or it is kept as all files."""
    if sent.size is not None and sent.size > DOWNLOAD_LIMIT:
        too_large = Say("media.too_large", most=DOWNLOAD_LIMIT // 1024**2)
        steps.aside(call, too_large, *await officers.to_call(call.tx, call.desk.keys, communes))
        return
    await want(call, LIST, media=asdict(sent), caption=call.message.text)
    steps.aside(call, Say("lists.received"))


async def withheld(call: Call) -> None:
    """The platform says only that there was something."""
    villages = [village.code for village in villages_of(call.user.roles, Act.REPORT, call.tree)]
    communes = [] if is_official(call.user.roles) else _communes(call, villages)
    steps.aside(call, Say("media.withheld"), *await officers.to_call(call.tx, call.desk.keys, communes))


def _communes(call: Call, villages: list[str]) -> list[str]:
    return list(dict.fromkeys(up.code for village in villages if (up := call.tree.above(village, COMMUNE))))


async def _keep(call: Call, sent: Media, villages: list[str], commune: str) -> None:
    """Store the item, ask for its content to be fetched, and take back what would remind of the report that it is."""
    message, day = call.message, call.desk.timetable.reporting_day(call.at)
    item = MediaItem(
        id=call.desk.new_id(),
        channel=message.channel,
        bot=message.bot,
        address=message.address,
        user=call.user.id,
        unit=villages[0] if len(villages) == 1 else commune,
        day=day,
        media=sent,
        caption=message.text,
        received_at=call.at,
    )
    await items.add(call.tx, call.desk.keys, item)
    await outbox.cancel(call.tx, [nudge_key(village, day) for village in villages], call.at)
    await work.ask(call.tx, call.desk.keys, Work(call.desk.new_id(), FETCH, {"item": item.id}, call.user.id, call.at), call.at)
    call.wants_work = True
