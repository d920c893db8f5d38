"""Who asks for English gets English everywhere."""

from __future__ import annotations

import re

from .deeds import counted, file_number, versions
from .talk import Person, Talk, rows

# Letters that English does not have; names of people and places are taken out before.
FOREIGN = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
NAMES = (
    *("Lò Văn Mẫu", "Lò Thị Mẫu", "Lò Văn A", "Bản Cây Đa (mẫu)", "Bình Dương", "TP. Hồ Chí Minh", "Hà Nội", "Đồng Nai"),
    *(
        "Xã Chiềng Mung",
        "bản, tiểu khu",
        "bản",
        "Ngôn ngữ / Language",
        "Chọn ngôn ngữ / Choose a language:",
        "Tiếng Việt",
    ),
)


def vietnamese_in(text: str) -> list[str]:
    for name in (*NAMES, *re.findall(r"\w+ Mẫu \w+", text)):
        text = text.replace(name, "")
    return [line for line in text.splitlines() if FOREIGN.search(line)]


async def test_a_whole_report_in_english(talk: Talk, head: Person) -> None:
    await head.says("/ngonngu en")
    assert "From now on in English." in await head.last()
    before = len(await head.heard())

    await head.says("/menu")
    await head.taps("Someone came or went", "Someone came back")
    await head.answers("Lò Văn Mẫu", "1985", "Male", "No phone", "Lò Thị Mẫu", "Bình Dương", "Yesterday", "Coach")
    await head.answers("nonsense", "1 dose", "20 August", "Yes", "At home", "Today")
    assert "Latest dose on: 20/8/2021" in await head.last()
    await head.taps("Send report")
    code = await english_file_number(head)
    await head.taps("Add one of the same household", "Back", "Cancel")
    await head.says("/returnee", "/cancel", "/report")
    await head.taps("Send report")
    await head.says("/situation", "/missing", "/help", "/language", "/whatever", "/find", "/filter con meo", "/list")
    await head.taps(
        "Lò Văn Mẫu, 1985",
        "Look at or correct an entry",
        "Open the file",
        "Back to the list",
        "Another group",
        "Everybody (1)",
        "Excel file",
    )

    for text in (await head.heard())[before - 1 :]:
        assert vietnamese_in(text) == []
    assert [record.body["arrived_on"] for record in await versions(talk, code)] == ["2021-09-08"]
    assert (await counted(talk))["returnees_new"] == 1
    [row] = rows(await head.document())
    assert (row["Full name"], row["Transport"]) == ("Lò Văn Mẫu", "Coach")


async def english_file_number(who: Person) -> str:
    assert (await who.last()).startswith("Recorded. File number: ")
    return (await who.last()).removeprefix("Recorded. File number: ")[:10]


async def test_the_language_is_chosen_by_a_button_too_and_changes_what_is_open(head: Person) -> None:
    await head.says("/nguoive")
    await head.says("/ngonngu")
    assert await head.buttons() == ["Tiếng Việt", "English"]

    await head.taps("English", "Continue")

    assert (await head.last()).startswith("Full name of the person:")


async def test_the_schedule_speaks_the_readers_language(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/ngonngu EN")
    await officer.says("/ngonngu en")

    await talk.clock.to("09:45")

    for who in (head, officer):
        for text in (await who.heard())[1:]:
            assert vietnamese_in(re.sub(r"(Bản|Tiểu khu) [\w ]+ \(mẫu\)", "", text)) == []


async def test_commands_work_in_both_languages(head: Person) -> None:
    for command, said in (
        ("/returnee", "Họ và tên"),
        ("/cancel", "Đã hủy"),
        ("/help", "TRỢ GIÚP"),
        ("/situation", "TÌNH HÌNH"),
    ):
        await head.says(command)
        assert said in await head.last()


async def test_a_file_number_can_be_read_out(head: Person) -> None:
    await head.says("/nguoidi")
    await head.answers("Vì Thị Mẫu", "1999", "Khác", "Bỏ qua", "Không có điện thoại", "Hà Nội", "Chưa rõ")
    await head.answers("Có", "Có", "Không", "Gửi báo cáo")

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{10}", await file_number(head))
