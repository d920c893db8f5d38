"""The signed paper as a picture: an officer sends its pages after the number; they are kept and can be fetched again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath

from bot.clock import Clock
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import works_for
from bot.domain.signing import Mark, Step
from bot.errors import ChannelError, ChatClosed, Rejected
from bot.handlers import steps
from bot.handlers.call import Call, Desk
from bot.handlers.fetching import Download, Finish
from bot.handlers.papers import Edition
from bot.handlers.printing import approved
from bot.handlers.signing import card, when_of
from bot.messages import DOWNLOAD_LIMIT, Attachment, Media
from bot.reports.duties import buttons, voice
from bot.reports.pdf import PDF
from bot.reports.phrases import HOME
from bot.storage import outbox, people, sign_offs, work
from bot.storage.database import Database, Tx
from bot.storage.outbox import Post
from bot.storage.work import Work

SCAN = "scan"
"""The kind of work that fetches a page."""

TAKEN_FOR = timedelta(hours=24)
"""How long after the number a picture is taken for a page of that paper."""
KEEP_TRYING = timedelta(hours=6)
_MAGIC = {b"%PDF-": (PDF, ".pdf"), b"\xff\xd8\xff": ("image/jpeg", ".jpg"), b"\x89PNG\r\n\x1a\n": ("image/png", ".png")}


async def take(call: Call, sent: Media) -> bool:
    """Whether what somebody sent is a page of a paper whose number they have just given: then it is kept and answered."""
    meant = await _meant(call) if _a_page(sent) else None
    if meant is None:
        return False
    message = call.message
    once = f"album:{message.bot}:{message.address}:{sent.group}" if sent.group else None
    if sent.size is not None and sent.size > DOWNLOAD_LIMIT:
        steps.aside(call, Say("signing.scan.too_large", most=DOWNLOAD_LIMIT // 1024**2), dedup=once)
        return True
    edition, mark = meant
    args = {
        **edition.written(),
        "page": message.id.rjust(20, "0"),
        "file": [sent.kind, sent.file_id],
        "chat": [message.channel, message.bot, message.address],
    }
    await work.ask(
        call.tx, call.desk.keys, Work(f"scan:{message.bot}:{message.id}", SCAN, args, call.user.id, call.at), call.at
    )
    call.wants_work = True
    steps.aside(call, Say("signing.scan.coming", number=mark.number or ""), dedup=once)
    return True


def _a_page(sent: Media) -> bool:
    """Whether it can be one: a photo, or a file that is not named as something else, such as a table of the district's."""
    suffix = PurePath(sent.name or "").suffix.lower()
    return sent.kind == "photo" or (sent.kind == "document" and suffix in ("", ".pdf", ".jpg", ".jpeg", ".png"))


async def _meant(call: Call) -> tuple[Edition, Mark] | None:
    """The paper that somebody signed last, until its scan is there and it was sent."""
    for unit, kind, day, mark in await sign_offs.signed_by(call.tx, call.user.id, call.at - TAKEN_FOR):
        marks = (await sign_offs.of_units(call.tx, [unit], kind, day)).get(unit, ())
        sent = any(one.step is Step.SENT and one.version == mark.version for one in marks)
        if works_for(call.user.roles, unit) and not (sent and mark.scan):
            return Edition(unit, kind, day, mark.version), mark
    return None


async def show(call: Call, unit: str, day: str, version: str) -> None:
    """The pages again, for whoever works there."""
    edition = await approved(call, unit, day, version)
    mark = await _signed(call, edition) if edition is not None else None
    if edition is None or mark is None or not mark.scan:
        await card(call, unit, day, Say("signing.changed"))
        return
    if call.message.channel not in call.desk.carries_files:
        await card(call, unit, day, Say("signing.no_files"))
        return
    pages = mark.scan.split()
    for number, page in enumerate(pages, start=1):
        said = Say("signing.scan.page", number=mark.number or "", n=number, of=len(pages))
        rows = _below(unit, day, version) if number == len(pages) else ((HOME,),)
        call.say(said, attachment=page, rows=rows, fresh=True)


async def drop(call: Call, unit: str, day: str, version: str) -> None:
    """It was the wrong picture."""
    edition = await approved(call, unit, day, version)
    if edition is not None:
        await sign_offs.drop_scan(call.tx, edition.unit, edition.kind, edition.day, edition.version)
    await card(call, unit, day, Say("signing.scan.dropped" if edition is not None else "signing.changed"))


async def _signed(call: Call, edition: Edition) -> Mark | None:
    marks = (await sign_offs.of_units(call.tx, [edition.unit], edition.kind, edition.day)).get(edition.unit, ())
    return next((mark for mark in marks if mark.step is Step.SIGNED and mark.version == edition.version), None)


def _below(unit: str, day: str, version: str) -> tuple[tuple[Choice, ...], ...]:
    again = Choice(f"do:scan_drop:{unit}:{day}:{version}", Say("signing.button.drop_scan"))
    return ((again,), (Choice(f"do:signing:{unit}:{day}", Say("signing.button.open")), HOME))


class Scanning:
    """The long work of a page."""

    def __init__(self, db: Database, desk: Desk, clock: Clock, downloads: Mapping[str, Download]) -> None:
        self._db = db
        self._desk = desk
        self._clock = clock
        self._downloads = downloads

    async def do(self, piece: Work) -> Finish:
        content = await self._content(piece)
        found = next((found for magic, found in _MAGIC.items() if content.startswith(magic)), None)

        async def finish(tx: Tx) -> None:
            if found is None:
                await self._tell(tx, piece, Say("signing.scan.unreadable" if content else "signing.scan.lost"))
                return
            edition, page = Edition.read(piece.args), str(piece.args["page"])
            file_id = f"{outbox.SCANS}{edition.key}:{page}"
            mime, ending = found
            file = Attachment(f"{edition.day}-{page.lstrip('0')}{ending}", content, mime)
            await outbox.attach(tx, self._desk.keys, file_id, file, self._clock())
            pages = await sign_offs.add_scan(tx, edition.unit, edition.kind, edition.day, edition.version, file_id)
            await self._tell(tx, piece, Say("signing.scan.kept", n=pages))

        return finish

    async def give_up(self, tx: Tx, piece: Work) -> None:
        await self._tell(tx, piece, Say("signing.scan.lost"))

    async def _content(self, piece: Work) -> bytes:
        """Empty for what cannot be had. Raises ``ChannelError`` if it is worth trying again."""
        kind, file_id = piece.args["file"]
        try:
            return await self._downloads[piece.args["chat"][0]](Media(kind, file_id))
        except (Rejected, ChatClosed, KeyError):
            return b""
        except ChannelError:
            if self._clock() - piece.as_of < KEEP_TRYING:
                raise
            return b""

    async def _tell(self, tx: Tx, piece: Work, said: Say) -> None:
        channel, bot, address = piece.args["chat"]
        who = (await people.at_addresses(tx, self._desk.keys, channel, bot, [address])).get(address)
        if who is None:
            return
        edition = Edition.read(piece.args)
        rows = _below(edition.unit, when_of(edition.kind, edition.day), str(edition.version))
        below = buttons(who, *(rows if said.key == "signing.scan.kept" else rows[1:]))
        post = Post(channel, bot, address, voice(who)(said), buttons=below, dedup_key=f"work:{piece.id}")
        await outbox.queue(tx, self._desk.keys, [post], self._clock())
