"""The long work of fetching what a team sent: tried again while the platform is in trouble, and honestly given up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.errors import ChannelError, Rejected, Throttled, TokenRefused, Unreachable
from bot.handlers.long_work import PAUSE, Workshop
from bot.messages import Inbound, InboundKind, Media
from bot.storage import media, outbox, roster, work
from bot.storage.media import COMING, WAITING, MediaItem
from bot.storage.outbox import Pending
from bot.storage.units import UnitTrees

from .conftest import BOT, Bureau, person

JPEG = b"\xff\xd8\xff\xe0 anh"


@dataclass
class Platform:
    """Gives what it is told to; the last answer again and again."""

    answers: list[bytes | Exception] = field(default_factory=lambda: [JPEG])
    asked: int = 0
    together: asyncio.Barrier | None = None  # whoever asks waits for the other

    async def download(self, wanted: Media) -> bytes:
        self.asked += 1
        if self.together is not None:
            await self.together.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class PostOffice:
    """A bureau whose commune has an officer, a platform to fetch from, and a real clock that is moved by hand."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.platform = Platform()
        self.real_now = datetime.fromisoformat("2021-09-09T07:00:00+07:00")

    def workshop(self, channels: tuple[str, ...] = ("telegram", "zalo")) -> Workshop:
        downloads = dict.fromkeys(channels, self.platform.download)
        desk, trees, clock = self.bureau.desk(), UnitTrees(), self.bureau.clock
        return Workshop(self.bureau.db, desk, trees, clock, lambda: None, downloads, real_now=lambda: self.real_now)

    async def send(self, **more: object) -> list[str]:
        sent = replace(self.bureau.message(), kind=InboundKind.MEDIA, media=Media("photo", "F1"), **more)  # type: ignore[arg-type]
        return await self.bureau.take(sent)

    async def work(self) -> list[str]:
        """Do all that is free; what is said to whom."""
        before = len(await self.bureau.said())
        while await self.workshop().do_next():
            pass
        return (await self.bureau.said())[before:]

    def passes(self, time: timedelta) -> None:
        self.real_now += time
        self.bureau.clock.move(self.bureau.clock() + time)

    async def item(self) -> MediaItem:
        async with self.bureau.db.read() as tx:
            open_ = await media.open_in(tx, self.bureau.keys, ["04123-01"])
        return open_[0]

    async def queued(self) -> list[Pending]:
        async with self.bureau.db.read() as tx:
            return (await outbox.pending(tx, BOT, self.bureau.clock(), limit=99)).ready


@pytest.fixture
async def post(bureau: Bureau) -> PostOffice:
    officer = replace(person(9, "109"), roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),), phone="+84900000009")
    async with bureau.db.write() as tx:
        await roster.add_people(tx, bureau.keys, [officer], bureau.clock())
    return PostOffice(bureau)


async def test_a_photo_is_stored_and_put_before_the_officer(post: PostOffice) -> None:
    await post.send()

    [said] = await post.work()

    assert said == "109: Bản Mẫu gửi ảnh lúc 07h00, chờ nhập."
    item = await post.item()
    assert (item.state, item.attachment) == (WAITING, f"media:{item.id}")
    async with post.bureau.db.read() as tx:
        file = await outbox.read_attachment(tx, post.bureau.keys, f"media:{item.id}")
    assert file is not None
    assert (file.name, file.content, file.mime) == (f"{item.id}.jpg", JPEG, "image/jpeg")
    assert (await post.queued())[-1].attachment == f"media:{item.id}"


@pytest.mark.parametrize("trouble", [Unreachable("x"), TokenRefused("x"), Throttled(1)])
async def test_a_platform_in_trouble_is_asked_again_after_a_pause(post: PostOffice, trouble: ChannelError) -> None:
    post.platform.answers = [*[trouble] * 5, JPEG]
    await post.send()

    for _ in range(5):
        assert await post.work() == []
        assert (await post.item()).state == COMING
        post.passes(PAUSE * 1.1)

    assert await post.work() == ["109: Bản Mẫu gửi ảnh lúc 07h00, chờ nhập."]


async def test_a_platform_that_asks_for_a_longer_pause_gets_it(post: PostOffice) -> None:
    post.platform.answers = [Throttled(600), JPEG]
    await post.send()
    await post.work()

    post.passes(timedelta(seconds=590))
    assert await post.work() == []
    post.passes(timedelta(seconds=20))
    assert len(await post.work()) == 1


async def test_a_platform_that_stays_away_is_given_up_in_the_end_and_the_sender_told(post: PostOffice) -> None:
    post.platform.answers = [Unreachable("x")]
    await post.send()
    assert await post.work() == []

    post.passes(timedelta(hours=7))
    said = await post.work()

    assert said == ["101: Chưa lấy được ảnh anh gửi lúc 07h00. Anh gửi lại giúp, hoặc gọi xã.\nCán bộ xã: +84900000009"]
    post.passes(PAUSE * 2)
    assert await post.work() == []


@pytest.mark.parametrize("content", [Rejected("gone"), b""])
async def test_what_cannot_be_had_is_lost_at_once(post: PostOffice, content: bytes | Exception) -> None:
    post.platform.answers = [content]
    await post.send()

    [said] = await post.work()

    assert said.startswith("101: Chưa lấy được ảnh")
    assert post.platform.asked == 1


async def test_what_breaks_the_program_three_times_is_given_up_and_said(post: PostOffice) -> None:
    post.platform.answers = [RuntimeError("a mistake of the program")]
    await post.send()

    [said] = await post.work()

    assert said.startswith("101: Chưa lấy được ảnh")
    assert post.platform.asked == work.MOST_ATTEMPTS


async def test_a_process_that_died_over_it_three_times_leaves_nobody_waiting(post: PostOffice) -> None:
    await post.send()
    for _ in range(work.MOST_ATTEMPTS):
        async with post.bureau.db.write() as tx:
            assert await work.take(tx, post.bureau.keys, post.real_now, timedelta(minutes=1))
        post.passes(timedelta(minutes=2))

    [said] = await post.work()

    assert said.startswith("101: Chưa lấy được ảnh")
    assert post.platform.asked == 0


async def test_a_channel_that_is_not_configured_any_more_loses_what_came_on_it(post: PostOffice) -> None:
    await post.send()

    assert await post.workshop(channels=("zalo",)).do_next()

    assert (await post.bureau.said())[-1].startswith("101: Chưa lấy được ảnh")


async def test_if_nobody_is_left_to_type_it_in_the_sender_is_told(post: PostOffice) -> None:
    await post.send()
    blocked = Inbound("telegram", BOT, "b1", "109", post.bureau.clock(), InboundKind.BLOCKED)
    await post.bureau.take(blocked)

    [said] = await post.work()

    assert said.startswith("101: Chưa lấy được ảnh")


async def test_work_that_is_done_twice_says_nothing_twice(post: PostOffice) -> None:
    await post.send()
    async with post.bureau.db.write() as tx:
        piece = await work.take(tx, post.bureau.keys, post.real_now, timedelta(minutes=1))
        assert piece is not None
        await work.ask(tx, post.bureau.keys, replace(piece, id="again"), post.bureau.clock())
        await work.give_back(tx, piece.id)

    assert len(await post.work()) == 1


async def test_two_at_work_on_one_album_fetch_every_page_once(post: PostOffice) -> None:
    """Each channel's leader looks at the long work; both may begin with the same page."""
    for _ in range(3):
        page = replace(post.bureau.message(), kind=InboundKind.MEDIA, media=Media("photo", "F1", group="album"))
        await post.bureau.take(page)
    both = asyncio.Barrier(2)
    post.platform.together = both

    before = len(await post.bureau.said())
    await asyncio.gather(post.workshop().do_next(), post.workshop().do_next())
    post.platform.together = None
    await post.work()

    said = (await post.bureau.said())[before:]
    assert [one.split(" gửi ")[1].split(" lúc")[0] for one in said] == ["ảnh", "thêm ảnh", "thêm ảnh"]
    async with post.bureau.db.read() as tx:
        assert [item.state for item in await media.open_in(tx, post.bureau.keys, ["04123-01"])] == [WAITING] * 3


FILES: list[tuple[Media, bytes, str, str]] = [
    (Media("photo", "F"), JPEG, ".jpg", "image/jpeg"),
    (Media("photo", "F"), b"\x89PNG\r\n\x1a\n", ".png", "image/png"),
    (Media("photo", "F"), b"RIFF", ".jpg", "application/octet-stream"),
    (Media("photo", "F"), JPEG + b"x" * 10 * 1024 * 1024, ".jpg", "application/octet-stream"),
    (Media("document", "F", "Lò Văn Mẫu.xlsx"), b"PK", ".xlsx", "application/octet-stream"),
    (Media("document", "F", "Lò Văn Mẫu"), JPEG, ".jpg", "application/octet-stream"),
    (Media("document", "F", "a.Lò Văn Mẫu"), b"PK", "", "application/octet-stream"),
    (Media("voice", "F"), b"OggS", ".ogg", "application/octet-stream"),
]


@pytest.mark.parametrize(("sent", "content", "ending", "mime"), FILES)
async def test_a_file_keeps_its_ending_and_not_its_name(
    post: PostOffice, sent: Media, content: bytes, ending: str, mime: str
) -> None:
    post.platform.answers = [content]
    await post.bureau.take(replace(post.bureau.message(), kind=InboundKind.MEDIA, media=sent))
    await post.work()

    item = await post.item()
    async with post.bureau.db.read() as tx:
        file = await outbox.read_attachment(tx, post.bureau.keys, f"media:{item.id}")
    assert file is not None
    assert (file.name, file.mime) == (item.id + ending, mime)
