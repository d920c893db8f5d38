"""Who is on two channels gets what the schedule sends once, at one account, on the channel's terms."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels.pacer import Pacer
from bot.channels.sender import Sender
from bot.errors import ChatClosed
from bot.messages import Outgoing
from bot.reports.duties import duty
from bot.storage import accounts, outbox, people
from tests.scheduler.conftest import DAY, District, Said


@pytest.fixture
async def chair(district: District) -> str:
    """The chair of Chiềng Mung, on Telegram as before and on Zalo as well."""
    async with district.db.write() as tx:
        await people.link(tx, "zalo", "2", "zalo-of-chair", "chair", district.clock())
        await accounts.choose(tx, "chair", "telegram")
    return "chair"


async def choose_zalo(district: District) -> None:
    async with district.db.write() as tx:
        await accounts.choose(tx, "chair", "zalo")


async def state(district: District, channel: str, bot: str, address: str, to: str) -> None:
    async with district.db.write() as tx:
        await people.set_state(tx, channel, bot, address, to, district.clock())


async def heard(district: District, *states: str) -> list[Said]:
    return [one for one in await district.said(*states) if one.to in ("chair", "zalo-of-chair")]


class ClosedPlatform:
    """Takes nothing: everybody has blocked the bot."""

    def __init__(self, name: str, bot: str) -> None:
        self.name, self.bot = name, bot

    async def send(self, message: Outgoing) -> str:
        raise ChatClosed


async def try_to_send(district: District, name: str, bot: str) -> None:
    """A sender tries everything that waits for this bot."""
    sender = Sender(
        *(district.db, district.keys, ClosedPlatform(name, bot), district.clock),  # type: ignore[arg-type]
        *(Pacer(None, lambda: 0.0), lambda: district.lease),
        carries_files=district.carries_files,
    )
    running = asyncio.create_task(sender.run())
    assert await sender.idle(30)
    sender.stop()
    await running


@pytest.mark.parametrize("chosen", ["telegram", "zalo"])
async def test_a_digest_goes_once_to_the_chosen_account(district: District, chair: str, chosen: str) -> None:
    async with district.db.write() as tx:
        await accounts.choose(tx, chair, chosen)

    await district.move("09:45")

    assert [one.to for one in await heard(district)] == ["chair" if chosen == "telegram" else "zalo-of-chair"]


async def test_while_the_chosen_account_is_closed_the_other_gets_it_and_then_the_choice_holds_again(
    district: District, chair: str
) -> None:
    await choose_zalo(district)
    await state(district, "zalo", "2", "zalo-of-chair", people.BLOCKED)
    await district.move("09:45")
    assert [one.to for one in await heard(district)] == ["chair"]

    await state(district, "zalo", "2", "zalo-of-chair", people.OPEN)
    await district.move("17:00")

    assert [one.to for one in await heard(district)] == ["chair", "zalo-of-chair"]


async def test_who_closed_every_chat_gets_nothing(district: District, chair: str) -> None:
    await state(district, "zalo", "2", "zalo-of-chair", people.BLOCKED)
    await district.block(chair)

    await district.move("09:45")

    assert await heard(district) == []


async def test_what_a_blocked_telegram_chat_waited_for_comes_on_zalo_in_words_and_without_the_file(
    district: District, chair: str
) -> None:
    await district.move("09:45")
    (before,) = await heard(district)
    assert before.file is not None

    await try_to_send(district, "telegram", "1")

    (after,) = await heard(district)
    assert (after.to, after.buttons, after.file) == ("zalo-of-chair", (), None)
    assert after.text.startswith(before.text)
    assert "Kênh này chưa gửi được tệp." in after.text
    assert 'Gõ "mở số liệu", "chưa báo cáo", "về đầu".' in after.text
    assert [one.state for one in await heard(district, outbox.MOVED)] == [outbox.MOVED]


async def test_where_zalo_has_links_the_file_comes_there_at_once_or_moved(district: District, chair: str) -> None:
    district.carries_files = frozenset({"telegram", "zalo"})
    await district.move("09:45")
    (before,) = await heard(district)
    await try_to_send(district, "telegram", "1")
    (moved,) = await heard(district)
    await choose_zalo(district)
    await district.move("09:45", DAY + timedelta(days=1))
    with_file = [one for one in await heard(district) if one.file is not None]

    assert moved.file == before.file is not None
    assert [one.to for one in with_file] == ["zalo-of-chair"] * 2
    assert with_file[0].text == moved.text
    assert not any("Kênh này chưa gửi được tệp." in one.text for one in with_file)


async def test_what_a_blocked_zalo_chat_waited_for_comes_on_telegram_whole(district: District, chair: str) -> None:
    await choose_zalo(district)
    await district.move("09:45")
    (before,) = await heard(district)
    assert before.file is None

    await try_to_send(district, "zalo", "2")

    (after,) = await heard(district)
    assert (after.to, after.buttons) == ("chair", (f"do:signing:04136:{DAY}", f"do:missing:04136:{DAY}", "do:menu"))
    assert after.file is not None
    assert "Gõ" not in after.text


async def test_a_nudge_that_moved_keeps_its_end_and_is_taken_back_by_the_report(district: District) -> None:
    async with district.db.write() as tx:
        await people.link(tx, "zalo", "2", "z-head", "head-04136-02", district.clock())
        await accounts.choose(tx, "head-04136-02", "telegram")
    await district.move("07:00")
    before = next(one for one in await district.said() if one.to == "head-04136-02")
    await try_to_send(district, "telegram", "1")
    (moved,) = await district.said()
    assert (moved.to, moved.drop_after) == ("z-head", before.drop_after)

    await district.report("04136-02")

    assert await district.said() == []


async def test_what_moved_back_and_forth_is_still_the_same_message_once(district: District, chair: str) -> None:
    await district.move("09:45")
    (before,) = await heard(district)
    for name, bot, back in (("telegram", "1", "zalo-of-chair"), ("zalo", "2", "chair")) * 2:
        async with district.db.write() as tx:
            for one in await accounts.of_user(tx, chair):
                await people.set_state(tx, one.channel, one.bot, one.address, people.OPEN, district.clock())
        await try_to_send(district, name, bot)
        assert [one.to for one in await heard(district)] == [back]

    (after,) = await heard(district)
    assert (after.text, after.buttons, after.file) == (before.text, before.buttons, before.file)


async def test_a_long_text_is_cut_anew_for_the_other_channel(district: District, chair: str) -> None:
    names = "\n".join(f"Bản {n} chưa báo cáo" for n in range(150))
    async with district.db.write() as tx:
        owned = {who.channel: who for who in await people.of_users(tx, district.keys, [chair])}
        await outbox.queue(tx, district.keys, duty(owned["zalo"], names, "long"), district.clock())
        await outbox.queue(tx, district.keys, duty(owned["zalo"], "sau", "next"), district.clock())
    pieces = [one.text for one in await heard(district)]
    assert len(pieces) == 3

    await try_to_send(district, "zalo", "2")

    assert [one.text for one in await heard(district)] == [names, "sau"]


async def test_answers_do_not_move(district: District, chair: str) -> None:
    async with district.db.write() as tx:
        await outbox.queue(tx, district.keys, [outbox.Post("telegram", "1", chair, "trả lời")], district.clock())

    await try_to_send(district, "telegram", "1")

    said = await heard(district, outbox.FAILED, outbox.PENDING)
    assert [(one.to, one.state) for one in said] == [(chair, outbox.FAILED)]


async def test_who_took_back_their_agreement_is_sent_nothing_on_the_other_channel_either(
    district: District, chair: str
) -> None:
    await district.move("09:45")
    async with district.db.write() as tx:
        await people.withdraw_notice(tx, chair)

    await try_to_send(district, "telegram", "1")

    assert await heard(district) == []
