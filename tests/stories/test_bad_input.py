"""What cannot be is asked again with the reason; what is only unlikely is said and taken; an old draft keeps what holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.storage import drafts
from bot.storage.drafts import Saved

from .deeds import RETURNEE, begin_returnee, file_returnee, versions
from .talk import Person, Talk


@pytest.mark.parametrize(
    ("before", "wrong", "said", "right", "then"),
    [
        (RETURNEE[:1], "1899", "Năm sinh phải từ 1900 đến 2021. Ví dụ: 1985.", "1985", "Giới tính:"),
        (RETURNEE[:1], "2022", "Năm sinh phải từ 1900 đến 2021. Ví dụ: 1985.", "1 tuổi", "Giới tính:"),
        (RETURNEE[:1], "122 tuổi", "Năm sinh phải từ 1900 đến 2021. Ví dụ: 1985.", "121 tuổi", "Giới tính:"),
        (RETURNEE[:6], "ngày mai", "Ngày này không thể sau hôm nay (09/9/2021). Ví dụ: hôm qua.", "hôm nay", "phương tiện gì"),
        (
            RETURNEE[:6],
            "10/9/2021",
            "Ngày này không thể sau hôm nay (09/9/2021). Ví dụ: hôm qua.",
            "9/9/2021",
            "phương tiện gì",
        ),
        (RETURNEE[:6], "31/2", "Ngày chưa hợp lệ. Ví dụ: 09/9/2021, hoặc hôm qua.", "28/2", "phương tiện gì"),
    ],
)
async def test_what_cannot_be_is_asked_again_with_the_reason(
    head: Person, before: tuple[str, ...], wrong: str, said: str, right: str, then: str
) -> None:
    await begin_returnee(head)
    await head.answers(*before)

    await head.answers(wrong)
    assert said in await head.last()
    await head.answers(right)

    assert then in await head.last()


async def test_a_contact_before_the_case_could_be_infectious_is_doubted_and_taken(head: Person, talk: Talk) -> None:
    await head.says("/f0")
    await head.answers("Lò Mẫu Ca", "1980", "Nam", "Không có điện thoại", "Bỏ qua", "Khẳng định dương tính", "Hôm qua")
    await head.answers("Cơ sở điều trị", "Bỏ qua", "Gửi báo cáo")
    await head.taps("Thêm người tiếp xúc")
    await head.answers("Vì Mẫu Gần", "1990", "Nữ", "Không có điện thoại", "Bỏ qua", "Có khẩu trang, từ 15 phút", "5/9")
    await head.answers("chợ bản", "Chưa tiêm", "Tự theo dõi sức khỏe")

    assert "Lưu ý: ca bệnh phát hiện ngày 08/9/2021; tiếp xúc trước ngày 06/9/2021 thường không phải F1." in await head.last()
    await head.taps("Gửi báo cáo")

    assert (await head.last()).startswith("Đã ghi nhận.")


async def test_a_second_dose_before_the_first_is_doubted_and_taken(head: Person, talk: Talk) -> None:
    code = await file_returnee(head)

    await head.replies("Mã hồ sơ", "tiêm 2 mũi ngày 1/8")
    assert "Lưu ý: mũi 2 ngày 01/8/2021 không sau mũi 1 đã ghi ngày 20/8/2021." in await head.last()
    await head.taps("Sửa đúng vậy")

    body = (await versions(talk, code))[-1].body
    assert (body["doses"], body["last_dose_on"]) == ("2", "2021-08-01")


async def test_a_temperature_without_its_comma_is_asked_again_and_the_likely_one_offered(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await talk.clock.to("07:00")
    await head.says("/theodoi")
    await head.taps("Lò Văn Mẫu, 1985", "Có triệu chứng, đo nhiệt độ")

    await head.says("365")
    assert "Nhiệt độ này không thể đúng. Có phải 36,5 không?" in await head.last()
    await head.taps("36,5")

    assert "36,5" in await head.last()
    assert "không thể đúng" not in await head.last()


async def test_a_draft_of_an_older_form_goes_on_with_what_still_holds(talk: Talk, head: Person) -> None:
    """A choice was removed since ("by ferry"), and a question is new (was the health declared)."""
    await begin_returnee(head)
    await head.answers(*RETURNEE[:9])
    parts = talk.running.parts
    async with parts.db.write() as tx:
        ((user, draft),) = (await drafts.all_open(tx, parts.keys)).items()
        kept = {name: value for name, value in draft.answers.items() if name != "came_from"}
        older = replace(
            draft, version=draft.version - 1, at="last_dose_on", answers={**kept, "transport": "ferry", "gone": "x"}
        )
        chat = (await drafts.last_chats(tx))[user]
        await drafts.save(tx, parts.keys, [Saved(user, older, parts.clock(), chat)])

    await head.says("/menu")
    await head.taps("Tiếp tục")
    assert (await head.last()).startswith("Về từ đâu?")
    await head.answers("Bình Dương")
    assert "Về bằng phương tiện gì?" in await head.last()
    await head.answers("Xe khách", *RETURNEE[9:], "Gửi báo cáo")

    assert (await head.last()).startswith("Đã ghi nhận. Mã hồ sơ: ")
