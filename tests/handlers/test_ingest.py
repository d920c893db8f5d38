"""From a batch of messages to committed answers: nothing lost, nothing twice, nobody harmed by another's message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, ClassVar

import pytest

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import PersonName
from bot.errors import LostLease
from bot.forms import forms
from bot.handlers.ingest import one_per_chat
from bot.messages import Inbound, InboundKind
from bot.storage import inbox
from bot.storage.inbox import Taken
from bot.storage.jobs import Lease

from .conftest import BOT, Bureau


class Breaking(Form):
    """A form with a mistake in it: its card cannot be shown."""

    name: ClassVar[str] = "f0"  # has words

    full_name: Annotated[PersonName, Ask()]

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        raise RuntimeError("a mistake of the program")


INSTANT = datetime(2021, 9, 9, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here."""


async def test_a_message_that_comes_again_is_answered_once(bureau: Bureau) -> None:
    message = bureau.message("/menu")

    assert len(await bureau.take(message)) == 1
    assert await bureau.take(message) == []


async def test_messages_of_several_people_share_a_transaction_and_keep_their_order(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/nguoive"), bureau.message("/nguoive", address="102"))

    answers = await bureau.take(
        bureau.message("Lò Văn Một"),
        bureau.message("Lò Văn Hai", address="102"),
        bureau.message("1985"),
        bureau.message("1990", address="102"),
    )

    assert [answer.split("\n")[0] for answer in answers] == [
        "101: ✓ Họ và tên: Lò Văn Một",
        "102: ✓ Họ và tên: Lò Văn Hai",
        "101: ✓ Năm sinh: 1985",
        "102: ✓ Năm sinh: 1990",
    ]


async def test_a_mistake_sets_one_message_aside_and_spares_the_others(bureau: Bureau) -> None:
    bureau.forms = {**forms(), "f0": Breaking}
    await bureau.take(bureau.message("/f0"), bureau.message("/nguoive", address="102"))
    before = await bureau.draft()

    answers = await bureau.take(
        bureau.message("Hà Văn Mẫu", number="7"), bureau.message("Lò Văn Hai", address="102", number="8")
    )

    assert "102: ✓ Họ và tên: Lò Văn Hai\n\nNăm sinh (hoặc tuổi):" in answers
    [sorry] = [answer for answer in answers if answer.startswith("101: ")]
    assert sorry.startswith("101: Hệ thống đang gián đoạn. Nội dung đã được lưu, vui lòng thử lại. Mã lỗi: ")
    assert await bureau.draft() == before
    assert {("7", "set_aside", 1), ("8", "done", 1)} <= set(await bureau.outcomes())


async def test_a_message_that_kills_the_process_is_set_aside_at_the_third_time(bureau: Bureau) -> None:
    class Deadly(Breaking):
        @classmethod
        def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
            raise Killed

    bureau.forms = {**forms(), "f0": Deadly}
    await bureau.take(bureau.message("/f0"))
    message = bureau.message("Hà Văn Mẫu", number="7")
    for _ in range(2):
        with pytest.raises(Killed):
            await bureau.take(message, careful=True)

    [sorry] = await bureau.take(message, careful=True)

    assert "Mã lỗi: " in sorry
    assert ("7", "set_aside", 3) in await bureau.outcomes()
    assert await bureau.take(message, careful=True) == []


async def test_what_was_settled_before_a_crash_is_not_begun_again(bureau: Bureau) -> None:
    message = bureau.message("/menu", number="7")
    await bureau.take(message)

    assert await bureau.take(message, careful=True) == []
    assert ("7", "done", 1) in await bureau.outcomes()


async def test_attempts_count_over_restarts(bureau: Bureau) -> None:
    async with bureau.db.write() as tx:
        await inbox.take(tx, bureau.keys, [Taken(BOT, "7", inbox.TRYING, 2)], bureau.clock())

    [sorry] = await bureau.take(bureau.message("/menu", number="7"), careful=True)

    assert "Mã lỗi: " in sorry


async def test_a_former_leader_commits_nothing(bureau: Bureau) -> None:
    bureau.lease = lambda: Lease("telegram:1", "somebody else leads", 1)

    with pytest.raises(LostLease):
        await bureau.take(bureau.message("/menu"))

    assert await bureau.outcomes() == []


async def test_a_double_confirm_in_one_batch_files_once(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/khong"))
    send = (await bureau.payloads())[0]

    answers = await bureau.take(bureau.message(token=send), bureau.message(token=send))

    assert await bureau.records() == 1
    assert answers[0].startswith("101: Đã ghi nhận báo cáo ngày 09/9/2021 của Bản Mẫu.")
    assert answers[1].startswith("101: Báo cáo này đã gửi rồi.")


async def test_the_step_and_its_answer_are_one(bureau: Bureau) -> None:
    """A draft that moved without its question sent, or the other way round, would take the next answer for another question."""
    await bureau.take(bureau.message("/nguoive"))

    await bureau.take(bureau.message("Lò Văn Mẫu"))

    draft = await bureau.draft()
    assert draft is not None
    assert (draft.at, draft.answers) == ("birth_year", {"full_name": "Lò Văn Mẫu"})
    assert all(token.startswith(f"{draft.id}:{draft.revision}:") for token in await bureau.payloads())


async def test_an_update_that_cannot_be_read_is_kept_sealed(bureau: Bureau) -> None:
    for _ in range(2):
        await bureau.ingest().keep_unreadable(BOT, [{"update_id": 5, "message": "Lò Văn Mẫu"}])

    [(message, outcome, _)] = await bureau.outcomes()
    assert (message[:4], outcome) == ("raw:", "set_aside")


async def test_an_old_step_of_a_changed_form_is_never_answered_as_another_question(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/nguoive"))
    await bureau.take(bureau.message("Lò Văn Mẫu"))
    asked = await bureau.draft()
    assert asked is not None
    await bureau.keep(replace(asked, version=0, at="a_question_that_is_gone"))

    [answer] = await bureau.take(bureau.message("1985"))

    assert answer == "101: Câu này đã qua. Câu đang hỏi:\n\nNăm sinh (hoặc tuổi):"
    [answer] = await bureau.take(bureau.message("1985"))
    assert answer.startswith("101: ✓ Năm sinh: 1985")


async def test_a_typed_answer_to_a_question_that_is_still_asked_counts_in_the_new_form(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/nguoive"))
    asked = await bureau.draft()
    assert asked is not None
    await bureau.keep(replace(asked, version=0))

    [answer] = await bureau.take(bureau.message("Lò Văn Mẫu"))

    assert answer.startswith("101: ✓ Họ và tên: Lò Văn Mẫu")
    draft = await bureau.draft()
    assert draft is not None
    assert draft.version == 1


async def test_a_button_of_an_older_form_shows_the_open_question(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/nguoive"))
    await bureau.take(bureau.message("Lò Văn Mẫu"))
    await bureau.take(bureau.message("1985"))
    male = (await bureau.payloads())[0]
    asked = await bureau.draft()
    assert asked is not None
    await bureau.keep(replace(asked, version=0))

    [answer] = await bureau.take(bureau.message(token=male))

    assert answer == "101: Câu này đã qua. Câu đang hỏi:\n\nGiới tính:"
    [answer] = await bureau.take(bureau.message(token=(await bureau.payloads())[0]))
    assert answer.startswith("101: ✓ Giới tính: Nam")


async def test_a_draft_of_a_form_that_is_gone_leads_to_the_menu(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/nguoive"))
    asked = await bureau.draft()
    assert asked is not None
    await bureau.keep(replace(asked, form="gone"))

    assert await bureau.take(bureau.message("Lò Văn Mẫu")) == ["101: Anh chọn việc cần làm:"]
    assert await bureau.take(bureau.message("/huy")) == ["101: Không có báo cáo nào đang nhập dở.\n\nAnh chọn việc cần làm:"]


async def test_a_message_from_the_future_is_judged_by_our_clock(bureau: Bureau) -> None:
    tomorrow = replace(bureau.message("/khong"), sent_at=bureau.clock().replace(year=2031))
    await bureau.take(tomorrow)

    [answer] = await bureau.take(bureau.message(token=(await bureau.payloads())[0]))

    assert "ngày 09/9/2021" in answer


def test_a_round_holds_at_most_one_message_of_a_chat() -> None:
    def said(number: str, address: str) -> Inbound:
        return Inbound("telegram", BOT, number, address, INSTANT, InboundKind.TEXT)

    rounds = [
        [message.id for message in messages]
        for messages in one_per_chat([said("1", "a"), said("2", "a"), said("3", "b"), said("4", "a"), said("5", "b")])
    ]

    assert rounds == [["1", "3"], ["2", "5"], ["4"]]
