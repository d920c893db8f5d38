"""One person on two channels: joining, choosing, taking off; a report that goes on elsewhere; codes that are of no use."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.domain.invites import looks_like_code
from bot.handlers.linking import VALID
from bot.messages import Inbound, InboundKind
from bot.storage import accounts, outbox, people
from bot.storage.codes import MOST_WRONG, WRONG_KEPT
from bot.storage.outbox import Lane, Post
from bot.storage.people import Who
from tests.handlers.conftest import BOT, Bureau, person

ASKED_FOR_A_CODE = "Chào anh/chị. Đây là kênh báo cáo"
BAD_CODE = "Mã kích hoạt không đúng hoặc đã hết hạn."


class Phone:
    """One chat with the bot, on one channel."""

    def __init__(self, bureau: Bureau, channel: str, address: str) -> None:
        self.bureau, self.channel, self.address = bureau, channel, address

    def message(self, text: str = "", token: str = "") -> Inbound:
        self.bureau.clock.move(self.bureau.clock() + timedelta(seconds=1))
        return dataclasses.replace(self.bureau.message(text, token=token, address=self.address), channel=self.channel)

    async def says(self, *texts: str) -> str:
        """The newest words in this chat after these messages."""
        for text in texts:
            await self.bureau.take(self.message(text))
        return (await self.heard())[-1]

    async def taps(self, *labels: str) -> str:
        for label in labels:
            shown = {text: token for row in (await self._said())[-1][1] for text, token in row}
            await self.bureau.take(self.message(token=shown[label]))
        return (await self.heard())[-1]

    async def buttons(self) -> list[str]:
        return [text for row in (await self._said())[-1][1] for text, _ in row]

    async def heard(self) -> list[str]:
        return [text for text, _ in await self._said()]

    async def _said(self) -> list[tuple[str, list[list[tuple[str, str]]]]]:
        return [(text, rows) for address, text, rows in await self.bureau.outbox_rows() if address == self.address]

    async def code(self) -> str:
        """Ask for a code."""
        return code_in(await self.says("/ketnoi"))

    async def owner(self) -> Who | None:
        bureau = self.bureau
        async with bureau.db.read() as tx:
            return (await people.at_addresses(tx, bureau.keys, self.channel, BOT, [self.address])).get(self.address)


def code_in(text: str) -> str:
    (code,) = [line for line in text.splitlines() if looks_like_code(line)]
    return code


@pytest.fixture
def telegram(bureau: Bureau) -> Phone:
    """The head of Bản Mẫu, who is known here already."""
    return Phone(bureau, "telegram", "101")


@pytest.fixture
def zalo(bureau: Bureau) -> Phone:
    """The same head's Zalo, of which the bot knows nothing yet."""
    return Phone(bureau, "zalo", "z101")


@pytest.fixture
async def both(telegram: Phone, zalo: Phone) -> tuple[Phone, Phone]:
    await zalo.says(await telegram.code())
    return telegram, zalo


async def duties_at(phone: Phone) -> str:
    who = await phone.owner()
    assert who is not None
    async with phone.bureau.db.read() as tx:
        found = accounts.for_duties(await accounts.of_user(tx, who.id))
    assert found is not None
    return found.channel


# --- joining ----------------------------------------------------------------------------------------------------------------


async def test_a_code_typed_on_the_other_channel_joins_that_account(telegram: Phone, zalo: Phone) -> None:
    code = await telegram.code()

    answer = await zalo.says(f"{code[:4].lower()}-{code[4:].lower()}")

    assert answer.startswith("Đã kết nối Zalo. Từ nay anh báo cáo được cả ở đây và trên Telegram.")
    assert "1. Không phát sinh mới" in answer
    here, there = await telegram.owner(), await zalo.owner()
    assert here is not None
    assert there is not None
    same = ("id", "name", "roles", "notice_version", "language", "address_form")
    assert [getattr(here, name) for name in same] == [getattr(there, name) for name in same]
    assert (await telegram.heard())[-1].startswith("Tài khoản Zalo vừa được kết nối với anh.")
    assert await telegram.buttons() == ["Tài khoản của tôi"]


async def test_the_menu_leads_to_a_code_and_says_how_long_it_holds(telegram: Phone) -> None:
    await telegram.says("/menu")
    said = await telegram.taps("Thêm", "Kết nối kênh khác")

    assert said.startswith("Mã kết nối để dùng trên Zalo:\n")
    assert "trong 15 phút" in said


async def test_a_code_made_on_zalo_is_typed_on_telegram(bureau: Bureau) -> None:
    async with bureau.db.write() as tx:
        await people.grant(tx, "U2", RoleAt(Role.MEMBER, "04123-01"), None, bureau.clock())
        await people.link(tx, "zalo", BOT, "z102", "U2", bureau.clock())
        await accounts.unlink(tx, (await accounts.of_user(tx, "U2"))[0], bureau.clock())
    zalo, telegram = Phone(bureau, "zalo", "z102"), Phone(bureau, "telegram", "102")
    assert await telegram.owner() is None
    said = await zalo.says("kết nối kênh khác")

    answer = await telegram.says(f"/start {code_in(said)}")

    assert answer.startswith("Đã kết nối Telegram.")
    assert (await zalo.heard())[-1].endswith('Gõ "tài khoản của tôi".')


async def test_a_report_begun_on_one_channel_goes_on_on_the_other_and_is_filed_once(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    await telegram.says("/nguoive", "Lò Văn Mẫu", "1985")

    assert (await zalo.says("tiếp tục")).startswith("Giới tính:\n\n1. Nam\n2. Nữ")
    assert (await zalo.says("1")).startswith("✓ Giới tính: Nam")
    assert (await telegram.says("0912345678")).startswith("✓ Điện thoại: 0912 345 678")
    await telegram.says("/huy")
    await zalo.says("không phát sinh mới")
    await telegram.says("/menu")
    await telegram.taps("Tiếp tục", "Gửi báo cáo")
    assert await telegram.bureau.records() == 1


async def test_a_draft_is_shown_to_who_joins(telegram: Phone, zalo: Phone) -> None:
    await telegram.says("/nguoive", "Lò Văn Mẫu")
    code = await Phone.code(telegram)

    assert "1. Tiếp tục" in await zalo.says(code)


async def test_joining_leaves_the_duties_where_they_were(both: tuple[Phone, Phone]) -> None:
    assert await duties_at(both[0]) == "telegram"


# --- codes that are of no use -----------------------------------------------------------------------------------------------


async def test_a_code_is_used_once(bureau: Bureau, telegram: Phone, zalo: Phone) -> None:
    code = await telegram.code()
    await zalo.says(code)
    stranger = Phone(bureau, "zalo", "z999")

    assert (await stranger.says(code)).startswith("Mã kết nối này đã được dùng.")
    assert await stranger.owner() is None


async def test_a_code_ends_after_a_quarter_of_an_hour(telegram: Phone, zalo: Phone) -> None:
    code = await telegram.code()
    zalo.bureau.clock.move(zalo.bureau.clock() + VALID)

    assert "đã hết hạn" in await zalo.says(code)
    assert await zalo.owner() is None


async def test_a_code_typed_in_time_counts_although_it_is_read_late(telegram: Phone, zalo: Phone) -> None:
    typed = zalo.message(await telegram.code())
    zalo.bureau.clock.move(zalo.bureau.clock() + timedelta(hours=2))

    await zalo.bureau.take(typed)

    assert await zalo.owner() is not None


async def test_a_new_code_makes_the_former_useless(telegram: Phone, zalo: Phone) -> None:
    former = await telegram.code()
    await telegram.code()

    assert (await zalo.says(former)).startswith(BAD_CODE)


async def test_a_code_is_of_no_use_where_it_was_made(telegram: Phone) -> None:
    code = await telegram.code()

    assert (await telegram.says(code)).startswith("Mã kết nối này của chính anh.")
    assert await Phone(telegram.bureau, "zalo", "z101").owner() is None


async def test_an_account_with_duties_of_its_own_is_not_joined_and_the_code_stays_usable(telegram: Phone, zalo: Phone) -> None:
    async with zalo.bureau.db.write() as tx:
        await people.link(tx, "zalo", BOT, "z102", "U2", zalo.bureau.clock())
    somebody = Phone(zalo.bureau, "zalo", "z102")
    code = await telegram.code()

    said = await somebody.says(code)

    assert said.startswith("Tài khoản Zalo này đang được giao việc riêng nên không kết nối được.")
    owner = await somebody.owner()
    assert owner is not None
    assert owner.id == "U2"
    assert (await zalo.says(code)).startswith("Đã kết nối Zalo.")


async def test_an_account_whose_roles_were_all_taken_back_may_be_joined(telegram: Phone, zalo: Phone) -> None:
    bureau = zalo.bureau
    async with bureau.db.write() as tx:
        await people.link(tx, "zalo", BOT, "z101", "U2", bureau.clock())
        await people.revoke_role(tx, "U2", Role.HEAD, "04123-01", bureau.clock())

    assert (await zalo.says(await telegram.code())).startswith("Đã kết nối Zalo.")


async def test_a_second_account_on_the_same_channel_is_refused(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    async with zalo.bureau.db.write() as tx:
        await accounts.unlink(tx, (await accounts.of_user(tx, "U1"))[1], zalo.bureau.clock())
    code = await telegram.code()

    said = await Phone(zalo.bureau, "telegram", "999").says(code)

    assert said.startswith("Mã này không kết nối được: đã có một tài khoản Telegram khác.")


async def test_who_is_on_every_channel_gets_no_code_but_the_list(both: tuple[Phone, Phone]) -> None:
    said = await both[0].says("/ketnoi")

    assert said.startswith("Anh đã kết nối đủ các kênh.\n\nTÀI KHOẢN CỦA TÔI")


async def test_a_stranger_who_guesses_is_not_heard_for_an_hour_even_with_a_good_code(telegram: Phone, zalo: Phone) -> None:
    code = await telegram.code()
    for n in range(MOST_WRONG):
        assert (await zalo.says(f"ABCDEFG{n % 8 + 2}")).startswith(BAD_CODE)

    assert (await zalo.says(code)).startswith("Anh/Chị đã gõ sai mã nhiều lần.")
    assert (await zalo.says("chào")).startswith(ASKED_FOR_A_CODE)

    zalo.bureau.clock.move(zalo.bureau.clock() + WRONG_KEPT)
    assert (await zalo.says(await telegram.code())).startswith("Đã kết nối Zalo.")


async def test_no_code_is_shown_in_a_group(telegram: Phone) -> None:
    in_group = dataclasses.replace(telegram.message("/ketnoi"), group=True)

    said = await telegram.bureau.take(in_group)

    assert not [one for one in said if re.search(r"\b[A-Z0-9]{8}\b", one)]


# --- my accounts ------------------------------------------------------------------------------------------------------------


async def test_a_person_sees_their_channels_and_since_when(both: tuple[Phone, Phone]) -> None:
    telegram, _ = both
    await telegram.says("/menu")

    said = await telegram.taps("Thêm", "Tài khoản của tôi")

    assert said.splitlines() == [
        "TÀI KHOẢN CỦA TÔI",
        "Telegram: từ ngày 08/9/2021 (đang dùng, nhận nhắc việc)",
        "Zalo: từ ngày 09/9/2021",
    ]
    assert await telegram.buttons() == ["Nhắc việc qua Zalo", "Ngắt Zalo", "Về đầu"]


async def test_a_person_chooses_where_duties_go(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    assert "1. Nhắc việc qua Zalo\n2. Ngắt Telegram" in await zalo.says("tài khoản của tôi")

    said = await zalo.says("1")

    assert said.startswith("Từ nay nhắc việc gửi qua Zalo.")
    assert "Zalo: từ ngày 09/9/2021 (đang dùng, nhận nhắc việc)" in said
    assert await duties_at(telegram) == "zalo"


async def test_an_account_is_taken_off_after_a_question_and_is_a_strangers_from_then_on(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    await telegram.says("/ketnoi")

    asked = await telegram.taps("Ngắt Zalo")
    assert asked.startswith("Ngắt Zalo? Tài khoản đó sẽ không báo cáo được nữa.")
    assert await zalo.owner() is not None
    said = await telegram.taps("Ngắt Zalo")

    assert said.startswith("Đã ngắt Zalo.")
    assert (await zalo.heard())[-1] == "Tài khoản này đã được ngắt khỏi kênh báo cáo."
    assert await zalo.owner() is None
    assert (await zalo.says("1")).startswith(ASKED_FOR_A_CODE)


async def test_without_buttons_it_is_taken_off_by_a_word_and_not_by_a_slip_of_a_digit(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    asked = await zalo.says("tài khoản của tôi", "ngắt telegram")
    assert asked.endswith('Hoặc gõ "NGẮT" (Ngắt Telegram).')
    for digit in "123":
        await zalo.says(digit, "tài khoản của tôi", "ngắt telegram")
    assert await telegram.owner() is not None

    await zalo.says("ngắt")

    assert await telegram.owner() is None


async def test_who_gets_the_chat_next_is_not_shown_what_the_one_before_was_shown(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    await zalo.says("tài khoản của tôi")
    await telegram.says("/ketnoi")
    await telegram.taps("Ngắt Zalo", "Ngắt Zalo")
    async with zalo.bureau.db.write() as tx:
        await people.link(tx, "zalo", BOT, zalo.address, "U2", zalo.bureau.clock())

    assert (await zalo.says("?")).startswith("Anh chọn việc cần làm:")


async def test_keeping_it_changes_nothing(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    await telegram.says("/ketnoi")

    await telegram.taps("Ngắt Zalo", "Giữ nguyên")

    assert await zalo.owner() is not None


@pytest.mark.parametrize("token", ["do:unlink:telegram", "do:unlink_sure:telegram"])
async def test_the_account_that_one_writes_from_is_never_taken_off(both: tuple[Phone, Phone], token: str) -> None:
    telegram, _ = both

    await telegram.bureau.take(telegram.message(token=token))

    assert await telegram.owner() is not None


@pytest.mark.parametrize("token", ["do:unlink:zalo", "do:unlink_sure:zalo", "do:duties:zalo"])
async def test_a_button_of_an_account_that_is_gone_shows_those_that_are_there(telegram: Phone, token: str) -> None:
    await telegram.bureau.take(telegram.message(token=token))

    assert (await telegram.heard())[-1].startswith("TÀI KHOẢN CỦA TÔI\nTelegram: từ ngày 08/9/2021")
    assert await duties_at(telegram) == "telegram"


async def test_what_waited_for_an_account_that_is_taken_off_comes_to_the_one_that_stays(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    bureau = telegram.bureau
    async with bureau.db.write() as tx:
        waiting = Post("zalo", BOT, zalo.address, "Đến giờ báo cáo.", lane=Lane.DUTY, dedup_key="nudge")
        await outbox.queue(tx, bureau.keys, [waiting], bureau.clock())
    await telegram.says("/ketnoi")

    await telegram.taps("Ngắt Zalo", "Ngắt Zalo")

    assert "Đến giờ báo cáo." in await telegram.heard()


# --- other places -----------------------------------------------------------------------------------------------------------


async def test_a_block_is_noted_together_with_what_moves_and_writing_again_restores_the_choice(
    both: tuple[Phone, Phone],
) -> None:
    telegram, zalo = both
    bureau = telegram.bureau
    async with bureau.db.write() as tx:
        waiting = Post("telegram", BOT, "101", "Đến giờ báo cáo.", lane=Lane.DUTY, dedup_key="nudge")
        await outbox.queue(tx, bureau.keys, [waiting], bureau.clock())

    await bureau.take(dataclasses.replace(telegram.message(), kind=InboundKind.BLOCKED))

    assert (await zalo.heard())[-1] == "Đến giờ báo cáo."
    assert await duties_at(zalo) == "zalo"
    assert "Telegram: từ ngày 08/9/2021 (đang chặn kênh báo cáo)" in await zalo.says("tài khoản của tôi")
    await telegram.says("chào")
    assert await duties_at(zalo) == "telegram"


async def test_who_is_on_two_channels_stands_once_among_those_to_call(bureau: Bureau) -> None:
    async with bureau.db.write() as tx:
        await people.grant(tx, "U2", RoleAt(Role.COMMUNE_OFFICER, "04123"), None, bureau.clock())
    await Phone(bureau, "zalo", "z102").says(await Phone(bureau, "telegram", "102").code())
    head = Phone(bureau, "telegram", "101")
    await head.says("/menu")

    contacts = await head.taps("Gọi xã")
    missing = await Phone(bureau, "telegram", "102").says("/thieu")

    assert contacts.count(person(2, "102").name) == 1
    assert missing.count(person(1, "101").name) == 2  # the village's two heads, who bear the same name


async def test_after_an_outage_the_open_question_is_asked_where_it_was_last_worked_on(both: tuple[Phone, Phone]) -> None:
    telegram, zalo = both
    bureau = telegram.bureau
    await telegram.says("/nguoive", "Lò Văn Mẫu")
    await zalo.says("1985")
    heard = len(await telegram.heard())

    for channel in ("telegram", "zalo"):
        await bureau.ingest().show_open_questions(channel, BOT)

    assert len(await telegram.heard()) == heard
    assert (await zalo.heard())[-1].startswith("Hệ thống vừa gián đoạn")


async def test_a_lone_channel_offers_nothing_to_connect(bureau: Bureau, telegram: Phone) -> None:
    bureau.channels = ("telegram",)

    await telegram.says("/menu")
    await telegram.taps("Thêm")

    assert "Kết nối kênh khác" not in await telegram.buttons()
    assert "/ketnoi" not in await telegram.says("/trogiup")
