"""What people send besides answers: each has its answer, and nothing that was written gets lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.conversation.form import Form, relevant_steps
from bot.forms import forms

from .deeds import RETURNEE, begin_returnee, counted, file_number, versions
from .talk import Person, Talk

NOT_READ = "Kênh này chỉ đọc được chữ. Chị gõ chữ hoặc bấm nút giúp."
EDITED = 'Tin đã sửa không làm đổi báo cáo. Muốn đổi, chị bấm "Sửa" hoặc "Quay lại".'
FILE = {"file_id": "F1", "file_unique_id": "U1", "file_size": 7}
STICKER = {"sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}}
LOCATION = {"location": {"latitude": 21.2, "longitude": 104.1}}
DICE = {"dice": {"emoji": "🎲", "value": 4}}


@pytest.mark.parametrize("content", [STICKER, LOCATION, DICE], ids=["sticker", "location", "dice"])
async def test_what_is_no_text_gets_one_sentence_and_the_open_question(head: Person, content: Mapping[str, object]) -> None:
    await begin_returnee(head)
    await head.says("Hà Văn Mẫu")

    await head.sends(**content)

    assert await head.last() == f"{NOT_READ}\n\nNăm sinh (hoặc tuổi):"
    await head.says("1985")
    assert "Năm sinh: 1985" in await head.last()


async def test_an_edited_message_changes_nothing_and_says_how_to(head: Person) -> None:
    await begin_returnee(head)
    await head.says("Hà Văn Sai")

    await head.edits("Hà Văn Mẫu")

    assert await head.last() == f"{EDITED}\n\nNăm sinh (hoặc tuổi):"
    await head.taps("Quay lại")
    assert "Đang ghi: Hà Văn Sai" in await head.last()


async def test_a_message_longer_than_the_platform_takes_is_refused_without_loss(head: Person) -> None:
    await begin_returnee(head)

    await head.says("Lò " * 2000)

    assert (await head.last()).startswith("Nội dung quá dài, nhiều nhất 80 ký tự.")
    await head.says("Lò Văn Mẫu")
    assert await head.last() == "✓ Họ và tên: Lò Văn Mẫu\n\nNăm sinh (hoặc tuổi):"


async def test_a_contact_is_a_phone_where_a_phone_is_asked(head: Person) -> None:
    await begin_returnee(head)
    await head.shares("0912 345 678", "Hà Văn Mẫu")
    assert "✓ Họ và tên: Hà Văn Mẫu" in await head.last()
    await head.answers("1985", "Nam")

    await head.shares("+84 912 345 678", "Hà Văn Mẫu")

    assert "✓ Điện thoại: 0912 345 678" in await head.last()


async def test_words_out_of_nowhere_get_the_menu(head: Person) -> None:
    for text in ("chào em", "1", "🙏"):
        await head.says(text)

        assert (await head.last()) == "Chị chọn việc cần làm:"


async def test_who_blocks_the_bot_is_left_alone_until_they_come_back(talk: Talk, head: Person) -> None:
    await begin_returnee(head)
    await head.says("Hà Văn Mẫu")
    await head.blocks()
    before = await head.heard()

    await talk.clock.to("07:30")
    assert await head.heard() == before
    await head.unblocks()
    await head.says("/start")

    assert 'Chị đang nhập dở "Người từ tỉnh ngoài về".' in await head.last()
    await talk.clock.to("08:00")
    assert "Đã quá 08:00, Bản Cây Đa (mẫu) chưa có báo cáo. Mong chị gửi giúp." in await head.last()


async def test_any_text_survives_up_to_the_record(talk: Talk, head: Person) -> None:
    await begin_returnee(head)

    await head.answers("\u202eLo\u0300\u2066 Va\u0306n\x00 Ma\u0302\u0303u\ud800")  # decomposed, with marks, NUL, half a letter
    await head.answers(*RETURNEE[1:4], "Lò Mẫu 🙏👨‍👩‍👧", "<b>Bình Dương</b> & {you} %s \\n", *RETURNEE[6:])

    card = await head.last()
    await head.taps("Gửi báo cáo")
    [record] = await versions(talk, await file_number(head))
    kept = [record.body[name] for name in ("full_name", "household", "came_from")]
    assert kept == ["Lò Văn Mẫu", "Lò Mẫu 🙏👨‍👩‍👧", "<b>Bình Dương</b> & {you} %s \\n"]
    assert all(text in card for text in kept)


# A right answer for every question that any form asks, and what no question takes.
RIGHT = {
    "full_name": "Hà Văn Mẫu",
    "birth_year": "1985",
    "phone": "0912 345 678",
    "household": "Hà Văn Mẫu",
    "came_from": "Bình Dương",
    "now_at": "Bình Dương",
    "arrived_on": "hôm qua",
    "last_dose_on": "20/8",
    "expected_return": "20/9",
    "quarantine_from": "hôm qua",
    "detected_on": "hôm nay",
    "difficulties": "hết gạo",
    "support_note": "hết gạo",
    "source": "chưa rõ ở đâu",
    "sex": "Nam",
    "doses": "1 mũi",
    "transport": "Xe khách",
    "health_declared": "Có",
    "quarantine_type": "Cách ly tại nhà",
    "group": "Lao động",
    "returned": "Không",
    "contacted": "Có",
    "needs_support": "Có",
    "classification": "Nghi ngờ",
    "exposure_type": "Có khẩu trang, từ 15 phút",
    "last_contact_on": "hôm qua",
    "contact_place": "chợ bản",
    "names": "Lò Văn Mẫu",
    "symptoms": "ho, sốt",
    "since": "hôm qua",
    "temperature": "37,9",
    "need": "Lương thực",
    "details": "gạo cho 5 người",
    "category": "Hộ nghèo",
    "is_urgent": "Không",
    "returnees_new": "0",
    "away_new": "0",
    "f0_new": "0",
}
NONSENSE = "@" * 1200  # no name, year, phone, date, count or choice, and too long for any text


@pytest.mark.parametrize(
    "form", [form for form in forms().values() if form.files and form.alone and form.model_fields], ids=lambda form: form.name
)
async def test_nonsense_at_every_question_gets_an_example_and_loses_nothing(
    head: Person, officer: Person, form: type[Form]
) -> None:
    who = head if form.needs == Form.needs else officer
    await who.says("/menu")
    await who.forges(f"do:form:{form.name}:04123-01")
    if not form.prefill({}):
        await answer_badly_then_well(who, form)
    assert "KIỂM TRA TRƯỚC KHI GỬI" in await who.last()

    await who.says("vâng gửi đi")

    assert "chọn một mục bên dưới giúp." in (await who.last()).split("\n")[0]
    await who.taps("Gửi báo cáo")
    assert "Đã ghi nhận" in await who.last()


async def test_nonsense_in_a_prefilled_report_gets_an_example_too(head: Person) -> None:
    await head.says("/baocao")
    for label, right in (("Người về trong kỳ", "0"), ("F0 mới", "không"), ("Khó khăn, vướng mắc", "hết gạo")):
        await head.taps("Sửa", label)
        await head.says(NONSENSE)
        assert "Ví dụ: " in await head.last()
        await head.says(right)

    assert "F0 mới: 0\nKhó khăn, vướng mắc: hết gạo" in await head.last()


async def answer_badly_then_well(head: Person, form: type[Form]) -> None:
    answers: dict[str, object] = {}
    asked = await head.last()
    while "KIỂM TRA TRƯỚC KHI GỬI" not in asked:
        answers |= {step.name: None for step in relevant_steps(form, answers) if step.ask.lookup}  # there is nothing to choose
        step = next(step for step in relevant_steps(form, answers) if step.name not in answers)
        await head.says(NONSENSE)
        complaint = await head.last()
        assert "Ví dụ: " in complaint.split("\n")[0], (step.name, complaint)
        assert complaint.endswith(asked.split("\n")[-1]), (step.name, complaint)  # the same question again
        await head.answers(RIGHT[step.name])
        asked = await head.last()
        chosen = {"Có": True, "Không": False, "Cách ly tại nhà": "home", "1 mũi": "1"}
        answers[step.name] = chosen.get(RIGHT[step.name], RIGHT[step.name])


async def test_two_people_of_a_village_do_not_mix(talk: Talk, head: Person) -> None:
    member = talk.person("04123-01-member")
    await begin_returnee(head)
    await begin_returnee(member)
    for one, two in zip(RETURNEE, ("Vì Thị Khác", *RETURNEE[1:]), strict=True):
        await head.answers(one)
        await member.answers(two)

    assert "Họ và tên: Lò Văn Mẫu\n" in await head.last()
    assert "Họ và tên: Vì Thị Khác\n" in await member.last()
    await head.taps("Gửi báo cáo")
    await member.taps("Gửi báo cáo")
    assert (await counted(talk))["returnees_new"] == 2


async def test_people_say_not_any_done_and_not_yet_in_their_own_words(head: Person) -> None:
    await begin_returnee(head)
    await head.answers("Lò Văn Mẫu", "1985", "Nam")
    await head.says("khong co")
    assert "Thuộc hộ nào" in await head.last()

    await head.says("không có")
    await head.answers("Bình Dương", "Hôm qua", "Xe máy", "Chưa tiêm")
    await head.says("chưa")

    assert "✓ Khai báo y tế: Không" in await head.last()
