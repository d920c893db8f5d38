"""Somebody is reported who is known already: asked, never joined by itself, and all of it can be taken back."""

from __future__ import annotations

from pathlib import Path

from bot.domain.vietnamese import fold

from .deeds import RETURNEE, counted, file_number, file_returnee, versions
from .talk import Person, Talk, rows, talking
from .test_contacts import file_case

OTHER_VILLAGE = "04123-02"
AGAIN = ("lo van mau", "1985", "Nam", "Không có điện thoại", *RETURNEE[4:])
CASE = ("Lò Mẫu", "1985", "Nam", "0912 345 678", "Bỏ qua", "Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị", "Bỏ qua")
NAMESAKE = ("Lò Văn Mẫu", "1986", "Nam", "Không có điện thoại", "Bỏ qua", *RETURNEE[5:])
IN_QUARANTINE = {"returnees_new": 1, "returnees_total": 1, "quarantine_home": 1}


async def report(who: Person, command: str, answers: tuple[str, ...]) -> Person:
    """Up to the card, and send."""
    await who.says(command)
    await who.answers(*answers)
    return await who.taps("Gửi báo cáo")


async def test_a_colleague_is_asked_before_somebody_counts_twice_and_corrects_the_report_that_is_there(talk: Talk) -> None:
    head, member = talk.person("04123-01-head"), talk.person("04123-01-member")
    first = await file_returnee(head)

    await report(member, "/nguoive", AGAIN)
    asked = await member.last()
    assert asked.startswith("Có thể đã có trong danh sách:\nLò Văn Mẫu, 1985, Bản")
    assert "Giống: Họ và tên, Năm sinh, Giới tính" in asked
    assert await member.buttons() == ["Cùng một người", "Người khác", "Quay lại", "Hủy, không gửi"]

    await member.taps("Cùng một người")
    assert 'đã gửi "Người từ tỉnh ngoài về" về Lò Văn Mẫu, 1985' in await member.last()

    await member.taps("Sửa bản đã có")
    assert "Điện thoại: 0912 345 678" in await member.last()  # what was known and not said again stays
    await member.taps("Gửi báo cáo")

    assert await file_number(member) == first
    assert len(await versions(talk, first)) == 2
    assert await counted(talk) == IN_QUARANTINE


async def test_another_role_of_the_same_person_is_added_to_their_file(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await report(head, "/f0", CASE)
    assert "Khác: Họ và tên: đang có Lò Văn Mẫu, vừa nhập Lò Mẫu" in await head.last()
    await head.taps("Cùng một người")

    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1, "f0_new": 1, "f0_under_treatment": 1}
    await head.taps("Xem hồ sơ")
    assert "Người từ tỉnh ngoài về" in await head.last()
    assert "Ca dương tính" in await head.last()


async def test_somebody_else_is_filed_and_never_asked_about_again(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await report(head, "/nguoive", NAMESAKE)
    await head.taps("Người khác")
    namesake = await file_number(head)
    assert (await counted(talk))["returnees_total"] == 2

    await head.forges(f"do:correct:{namesake}")
    await head.taps("Gửi báo cáo")
    assert "Đã ghi nhận nội dung sửa" in await head.last()
    officer = talk.person("04123-commune_officer")
    await officer.says("/trung")
    assert "không có ai có thể bị trùng" in await officer.last()


async def test_an_event_that_happened_again_is_counted_again(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await report(head, "/nguoive", AGAIN)
    await head.taps("Cùng một người", "Việc khác, gửi mới")

    assert await counted(talk) == {**IN_QUARANTINE, "returnees_new": 2}


async def test_the_question_survives_a_restart_and_old_buttons_do_nothing(data: Path) -> None:
    async with talking(data) as talk:
        head = talk.person("04123-01-head")
        await file_returnee(head)
        await report(head, "/nguoive", AGAIN)
        old = await head.payload("Người khác")
        await head.taps("Quay lại")
        assert (await head.last()).startswith("KIỂM TRA TRƯỚC KHI GỬI")
        await head.forges(old)
        assert "Câu này đã qua" in await head.last()
        await head.taps("Gửi báo cáo")

    async with talking(data) as talk:
        head = talk.person("04123-01-head")
        await head.says("/menu")
        await head.taps("Tiếp tục")
        assert (await head.last()).startswith("Có thể đã có trong danh sách:")
        await head.taps("Người khác")

        assert (await counted(talk))["returnees_total"] == 2


async def test_who_was_taken_back_meanwhile_is_no_longer_offered(talk: Talk) -> None:
    head, member = talk.person("04123-01-head"), talk.person("04123-01-member")
    first = await file_returnee(head)
    await report(member, "/nguoive", AGAIN)
    await head.forges(f"do:undo:{first}")
    await head.taps("Rút lại báo cáo")

    await member.taps("Cùng một người")
    assert "Số liệu đã thay đổi" in await member.last()
    await member.taps("Gửi báo cáo")

    assert "Đã ghi nhận" in await member.last()
    assert await counted(talk) == IN_QUARANTINE


async def test_a_village_is_never_shown_a_namesake_elsewhere_and_its_commune_decides(talk: Talk, head: Person) -> None:
    neighbour, officer = talk.person(f"{OTHER_VILLAGE}-head"), talk.person("04123-commune_officer")
    first = await file_returnee(head)
    await talk.clock.to("07:10")
    await report(neighbour, "/nguoive", AGAIN)
    assert "Đã ghi nhận" in await neighbour.last()
    second = await file_number(neighbour)
    both = ("04123-01", OTHER_VILLAGE)
    before = await counted(talk, *both)
    assert before["returnees_new"] == before["returnees_total"] == 2

    await officer.says("/trung")
    assert "CÓ THỂ BỊ TRÙNG, Xã Chiềng Mung: 1 cặp" in await officer.last()
    await officer.taps("Cặp 1")
    compared = await officer.last()
    assert first in compared
    assert second in compared
    assert "= Năm sinh: 1985" in compared
    assert "≠ Điện thoại: 0912 345 678 | (không có)" in compared

    await officer.taps("Cùng một người")
    assert (await officer.buttons())[0].startswith("Bản")  # that of the newest report
    where = (await officer.buttons())[0]
    await officer.taps(where)
    assert f"Đã gộp thành một người: Lò Văn Mẫu, 1985 ({where})" in await officer.last()
    assert await counted(talk, *both) == IN_QUARANTINE
    assert (await counted(talk, OTHER_VILLAGE))["returnees_total"] == 1

    await officer.taps("Tách lại")
    assert await counted(talk, *both) == before
    assert (await counted(talk))["returnees_total"] == 1
    await officer.says("/trung")
    assert "không có ai có thể bị trùng" in await officer.last()


async def test_the_list_has_a_joined_person_once(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    await report(talk.person(f"{OTHER_VILLAGE}-head"), "/nguoive", AGAIN)

    await officer.says("/trung")
    await officer.taps("Cặp 1", "Cùng một người")
    await officer.answers((await officer.buttons())[0])
    await officer.says("/danhsach")
    await officer.taps("Tải Excel")

    listed = [row["Họ và tên"] for row in rows(await officer.document())]
    assert [name for name in listed if fold(name) == "lo van mau"] == ["Lo Van Mau"], "as it was told last"


async def test_two_people_stay_two_and_are_not_asked_about_again(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    await report(talk.person(f"{OTHER_VILLAGE}-head"), "/nguoive", AGAIN)
    before = await counted(talk, "04123-01", OTHER_VILLAGE)

    await officer.says("/trung")
    await officer.taps("Cặp 1", "Hai người khác nhau", "Danh sách trùng")

    assert "không có ai có thể bị trùng" in await officer.last()
    assert await counted(talk, "04123-01", OTHER_VILLAGE) == before


async def test_an_officer_joins_people_from_a_card(talk: Talk, head: Person, officer: Person) -> None:
    first = await file_returnee(head)
    bare = ("Lò Văn Mẩu", "1987", "Nam", "Không có điện thoại", "Bỏ qua", *RETURNEE[5:])
    await report(head, "/nguoive", bare)
    second = await file_number(head)
    assert (await counted(talk))["returnees_total"] == 2

    await officer.says("/menu")
    await officer.forges(f"do:person:{second}")
    await officer.taps("Trùng với ai?")
    await officer.answers((await officer.buttons())[0])
    await officer.taps("Cùng một người")
    assert await counted(talk) == IN_QUARANTINE

    await officer.taps("Xem hồ sơ")
    assert f"Gộp từ hồ sơ {second}: Lò Văn Mẩu, 1987" in await officer.last()
    assert first in await officer.last()
    await officer.taps("Tách: Lò Văn Mẩu, 1987")
    assert (await counted(talk))["returnees_total"] == 2


async def test_what_builds_on_both_keeps_them_together(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    await talk.clock.to("07:10")
    neighbour = talk.person(f"{OTHER_VILLAGE}-head")
    await report(neighbour, "/nguoive", AGAIN)
    await officer.says("/trung")
    await officer.taps("Cặp 1", "Cùng một người")
    await officer.answers((await officer.buttons())[0])
    await officer.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await officer.answers("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị", "Bỏ qua")
    await officer.taps("Gửi báo cáo", "Xem hồ sơ")
    joined = await counted(talk, "04123-01", OTHER_VILLAGE)

    await officer.answers(next(label for label in await officer.buttons() if label.startswith("Tách: ")))

    assert "Chưa tách được" in await officer.last()
    assert await counted(talk, "04123-01", OTHER_VILLAGE) == joined


async def test_only_officers_of_the_commune_decide(talk: Talk, head: Person) -> None:
    first = await file_returnee(head)
    await report(talk.person(f"{OTHER_VILLAGE}-head"), "/nguoive", AGAIN)
    second = await file_number(talk.person(f"{OTHER_VILLAGE}-head"))
    before = await counted(talk, "04123-01", OTHER_VILLAGE)

    for who in ("04123-01-head", "04123-01-member", "125-district_officer-1", "04108-commune_officer"):
        someone = talk.person(who)
        for wanted in ("pair", "join", "apart"):
            await someone.says("/menu")
            await someone.forges(f"do:{wanted}:{first}:{second}")
            assert "Mẫu" not in await someone.last(), (who, wanted)
        await someone.says("/trung")
        assert "Lò Văn Mẫu" not in await someone.last(), who

    assert await counted(talk, "04123-01", OTHER_VILLAGE) == before


PASTED = (
    "Em báo 2 người:\n"
    "Lò Văn Mẫu, nam, 1985, về từ Bình Dương hôm qua bằng xe khách, đã tiêm 1 mũi, đã khai báo y tế, tự theo dõi sức khỏe\n"
    "Cầm Mẫu Hoa, nữ, 1990, về từ Bình Dương hôm qua bằng xe khách, đã tiêm 1 mũi, đã khai báo y tế, tự theo dõi sức khỏe"
)


async def test_of_a_pasted_text_whoever_is_perhaps_known_is_marked_and_asked_about_and_the_others_go(
    talk: Talk, head: Person
) -> None:
    first = await file_returnee(head)

    await head.says(PASTED)
    assert "Có thể đã có: Lò Văn Mẫu, 1985" in await head.last()
    await head.taps("Gửi 1 người đủ thông tin")
    assert "Cầm Mẫu Hoa" in await head.last()
    assert (await counted(talk))["returnees_total"] == 2

    await head.taps("Xem tiếp phần còn lại", "Đã có chưa? Lò Văn Mẫu")
    assert (await head.last()).startswith("Có thể đã có trong danh sách:")
    await head.taps("Cùng một người", "Sửa bản đã có", "Gửi báo cáo")
    assert len(await versions(talk, first)) == 2
    await head.taps("Xem tiếp phần còn lại")

    assert "đã gửi hết" in await head.last()
    assert (await counted(talk))["returnees_new"] == 2


async def test_of_a_pasted_text_somebody_else_is_filed_and_one_line_written_twice_counts_once(talk: Talk, head: Person) -> None:
    await head.says(PASTED + "\n" + PASTED.splitlines()[1])
    await head.taps("Gửi 3 người đủ thông tin")
    assert "Đã ghi nhận 2 người" in await head.last()

    await head.taps("Xem tiếp phần còn lại", "Đã có chưa? Lò Văn Mẫu", "Người khác")

    assert (await counted(talk))["returnees_new"] == 3


async def test_names_taken_at_night_are_filed_at_once_and_whom_they_resemble_waits_for_the_commune(
    talk: Talk, head: Person, officer: Person
) -> None:
    await file_returnee(head)
    await file_case(head)
    await head.taps("Chỉ ghi tên")
    await head.says("Lò Văn Mẫu\nTòng Mẫu Dung")
    await head.taps("Gửi danh sách")
    assert (await counted(talk))["f1_followed"] == 2

    await officer.says("/trung")
    assert "1 cặp" in await officer.last()
    await officer.taps("Cặp 1", "Cùng một người", "Xem hồ sơ")

    assert "Người tiếp xúc gần" in await officer.last()
    assert (await counted(talk))["f1_followed"] == 2


async def test_a_contact_is_never_asked_to_be_the_case_and_the_same_contact_of_a_colleague_counts_once(
    talk: Talk, head: Person
) -> None:
    await file_case(head)
    near = ("Hà Văn Mẫu", "1970", "Nam", "Không có điện thoại", "Bỏ qua")
    rest = ("Có khẩu trang, từ 15 phút", "Hôm qua", "Bỏ qua", "Chưa tiêm", "Cách ly tại nhà", "Hôm nay", "Gửi báo cáo")
    await head.taps("Thêm người tiếp xúc")
    await head.answers(*near, *rest)
    assert "Đã ghi nhận" in await head.last()

    member = talk.person("04123-01-member")
    await member.says("/f1")
    await member.answers(*near, "Hà Văn Mẫu, 1970", *rest)
    await member.taps("Cùng một người")
    assert "Sửa bản đã có" in await member.buttons()
    await member.taps("Sửa bản đã có", "Gửi báo cáo")

    assert (await counted(talk))["f1_new"] == 1
