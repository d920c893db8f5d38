"""At night the names of contacts are enough; at dawn the village is asked for the rest."""

from __future__ import annotations

from datetime import date

from .deeds import counted
from .talk import Person, Talk
from .test_contacts import file_case

TOMORROW = date(2021, 9, 10)
NAMES = "1. Lò Mẫu An\n2. Lò Mẫu Bình, Vì Mẫu Hoa"


async def name_contacts(head: Person, names: str = NAMES) -> None:
    await head.taps("Chỉ ghi tên")
    await head.says(names)
    await head.taps("Gửi danh sách")


async def test_a_message_of_names_makes_contacts_who_are_followed_at_once(talk: Talk, head: Person) -> None:
    await file_case(head)

    await head.taps("Chỉ ghi tên")
    await head.says(NAMES)
    assert "Họ tên: Lò Mẫu An, Lò Mẫu Bình, Vì Mẫu Hoa" in await head.last()
    assert "Tiếp xúc với ca: Hà Văn Mẫu, 1970" in await head.last()
    await head.taps("Gửi danh sách")

    assert "Đã ghi nhận 3 người tiếp xúc gần (F1)" in await head.last()
    after = await counted(talk)
    assert (after["f1_new"], after["f1_followed"]) == (3, 3)


async def test_what_is_no_name_is_named_and_nothing_is_lost(talk: Talk, head: Person) -> None:
    await file_case(head)
    await head.taps("Chỉ ghi tên")

    await head.says("Lò Mẫu An\n0900 000 001")
    assert '"0900 000 001" chưa phải họ tên' in await head.last()
    await head.says("Lò Mẫu An")
    await head.taps("Gửi danh sách")

    assert (await counted(talk))["f1_new"] == 1


async def test_the_same_list_sent_twice_counts_once(talk: Talk, head: Person) -> None:
    await file_case(head)
    await name_contacts(head)

    await name_contacts(head, "lò mẫu an\nTòng Mẫu Dung")

    assert "Đã ghi nhận 1 người" in await head.last()
    assert "Đã có từ trước, không ghi thêm: Lò Mẫu An." in await head.last()
    assert (await counted(talk))["f1_followed"] == 4


async def test_at_dawn_the_village_is_told_how_many_and_each_is_asked_only_what_is_missing(talk: Talk, head: Person) -> None:
    await talk.clock.to("21:30")
    await file_case(head)
    await name_contacts(head)

    ran = await talk.clock.to("07:00", TOMORROW)
    assert ("contacts_to_complete", "04123") in {(one["job"], one["unit"]) for one in ran}
    pushed = next(text for text in reversed(await head.heard()) if "cần bổ sung" in text)
    assert pushed == "Bản Cây Đa (mẫu): 3 người F1 cần bổ sung thông tin. Chị mở danh sách giúp."

    await head.taps("Bổ sung F1, F0")
    assert "• Vì Mẫu Hoa – thiếu: Năm sinh, Giới tính" in await head.last()
    await head.taps("Vì Mẫu Hoa")
    assert "Năm sinh" in await head.last()
    await head.answers("1999", "Nữ", "Không có điện thoại", "Bỏ qua", "Có khẩu trang, từ 15 phút", "Chưa rõ ngày", "Bỏ qua")
    await head.answers("Chưa tiêm", "Cách ly tại nhà", "Hôm nay")
    await head.taps("Gửi báo cáo")

    after = await counted(talk, day=TOMORROW)
    assert (after["f1_new"], after["f1_followed"], after["quarantine_home"]) == (3, 3, 1)
    await head.says("/bosung")
    assert "CẦN BỔ SUNG: 2 người F1" in await head.last()


async def test_a_village_without_such_contacts_is_not_disturbed(talk: Talk, head: Person) -> None:
    await file_case(head)
    other = talk.person("04123-02-head")

    await talk.clock.to("07:00", TOMORROW)

    assert not [text for one in (head, other) for text in await one.heard() if "bổ sung" in text]


async def test_the_commune_sees_whom_nobody_follows_and_where(talk: Talk, head: Person, officer: Person) -> None:
    await file_case(head)
    await name_contacts(head)

    await officer.says("/menu")
    await officer.taps("Thêm", "Theo dõi, tìm người", "Bổ sung F1, F0")

    assert "F1 CHƯA CÓ NGƯỜI THEO DÕI, chưa đủ thông tin: 3 người F1" in await officer.last()
    assert "• Lò Mẫu An, Bản Cây Đa (mẫu) – thiếu: Năm sinh" in await officer.last()
    district = talk.person("125-district_officer-1")
    await district.says("/bosung")
    assert "được giao. Cần thì liên hệ" in await district.last()


async def test_a_contact_who_is_a_case_by_now_is_not_to_be_completed_as_a_contact(talk: Talk, head: Person) -> None:
    await file_case(head)
    await name_contacts(head, "Lò Mẫu An")
    await head.taps("Bổ sung F1, F0")
    record = (await head.payload("Lò Mẫu An")).split(":")[-1]
    await head.forges(f"do:about:f0:{record}")
    await head.answers("1980", "Nam", "Không có điện thoại", "Bỏ qua", "Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị")
    await head.taps("Gửi báo cáo")
    await head.says("/bosung")

    assert "Không có hồ sơ F1, F0 nào cần bổ sung." in await head.last()


async def test_of_many_contacts_that_keep_a_case_the_first_are_offered_and_the_rest_is_counted(head: Person) -> None:
    case = await file_case(head)
    await name_contacts(head, ", ".join(f"Lò Mẫu {letter}a" for letter in "BCDGHKLMNP"))

    await head.forges(f"do:undo:{case}")
    await head.taps("Rút lại báo cáo")

    offered = [label for label in await head.buttons() if label.startswith("Rút: Người tiếp xúc gần (F1) (")]
    assert len(set(offered)) == 8
    assert "• và 2 mục nữa" in await head.last()
