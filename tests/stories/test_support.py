"""Who is in need, and who has symptoms: the commune hears, takes it, and the team hears what became of it."""

from __future__ import annotations

from .deeds import counted, file_number, file_returnee
from .talk import Person, Talk

REQUEST = ("Lò Mẫu Ún", "1950", "Không có điện thoại", "Bỏ qua", "Lương thực", "gạo cho 5 người", "Hộ nghèo")
ILL = ("Hà Mẫu Bóng", "1990", "Nữ", "Không có điện thoại", "Bỏ qua", "Ho", "Hôm qua")
PLACE = "Bản Cây Đa (mẫu)"
SECRETARY, DISTRICT = "04123-commune_secretary", "125-district_officer-1"


async def asks(head: Person, urgent: str = "Không") -> str:
    await head.says("/denghi")
    await head.answers(*REQUEST, urgent)
    await head.taps("Gửi báo cáo")
    return await file_number(head)


async def alerts(*people: Person) -> list[str]:
    return [text for one in people for text in await one.heard() if "Đề nghị xem và nhận xử lý" in text]


async def test_a_request_goes_from_new_to_taken_to_done_and_the_team_hears_of_each_once(
    talk: Talk, head: Person, officer: Person
) -> None:
    code = await asks(head)
    assert await counted(talk) == {"support_new": 1, "support_open": 1}
    assert await alerts(officer) == []
    await officer.says("/hotro")
    assert f"• Lò Mẫu Ún, 1950, {PLACE}: Lương thực – mới, chưa ai nhận" in await officer.last()

    await officer.taps("Lò Mẫu Ún, 1950")
    assert "Cụ thể: gạo cho 5 người" in await officer.last()
    await officer.taps("Tôi xử lý")
    assert "đang xử lý, từ 06h50" in await officer.last()
    await officer.taps("Tôi xử lý")
    await officer.taps("Đã hỗ trợ xong", "10 kg gạo", "Gửi báo cáo")

    told = [text for text in await head.heard() if text.startswith(f"Hồ sơ {code} ({PLACE}): xã đã")]
    assert [text.split(": ")[1][:16] for text in told] == ["xã đã nhận xử lý", "xã đã hỗ trợ xon"]
    assert await counted(talk) == {"support_new": 1}
    await officer.says("/hotro")
    assert "Không có đề nghị hỗ trợ nào đang chờ." in await officer.last()
    await head.taps("Xem hồ sơ")
    assert "Đã hỗ trợ – 10 kg gạo" in await head.last()


async def test_closing_that_was_wrong_is_taken_back_and_the_request_is_open_again(
    talk: Talk, head: Person, officer: Person
) -> None:
    code = await asks(head)
    await officer.says("/hotro")
    await officer.taps("Lò Mẫu Ún, 1950", "Đã hỗ trợ xong", "10 kg gạo", "Gửi báo cáo", "Rút lại", "Rút lại báo cáo")

    assert (await counted(talk))["support_open"] == 1
    await officer.forges(f"do:aid:{code}")
    assert "Tình trạng: mới, chưa ai nhận" in await officer.last()


async def test_an_urgent_request_is_told_at_once_and_climbs_within_the_commune(
    talk: Talk, head: Person, officer: Person
) -> None:
    code = await asks(head, "Có")

    (told,) = await alerts(officer)
    assert told.startswith(f"GẤP: {PLACE} có người cần hỗ trợ gấp")
    assert code in told
    assert "Lò Mẫu Ún" not in told
    await talk.clock.to("07:06")
    assert len(await alerts(talk.person(SECRETARY))) == 1
    assert await alerts(talk.person(DISTRICT)) == []
    await officer.says("/hotro")
    assert "• GẤP: Lò Mẫu Ún" in await officer.last()


async def test_taking_the_alert_is_taking_the_request(talk: Talk, head: Person, officer: Person) -> None:
    code = await asks(head, "Có")
    await officer.taps("Đã nhận")

    assert f"Hồ sơ {code} ({PLACE}): xã đã nhận xử lý lúc 06h50" in await head.last()
    await talk.clock.to("07:10")
    assert await alerts(talk.person(SECRETARY)) == []
    await officer.says("/hotro")
    assert "đang xử lý, từ 06h50" in await officer.last()


async def test_what_is_settled_within_minutes_climbs_no_more(talk: Talk, head: Person, officer: Person) -> None:
    await asks(head, "Có")
    await officer.says("/hotro")
    await officer.taps("Lò Mẫu Ún, 1950", "Đã hỗ trợ xong", "Đã cấp thuốc", "Gửi báo cáo")

    await talk.clock.to("07:10")
    assert await alerts(talk.person(SECRETARY)) == []


async def test_any_symptoms_are_told_at_once_without_a_name(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/trieuchung")
    await head.answers(*ILL)
    await head.says("365")
    assert "36,5" in await head.last()  # a temperature that cannot be true is asked again
    await head.says("37,9")
    await head.taps("Gửi báo cáo")

    (told,) = await alerts(officer)
    assert told.startswith(f"KHẨN: {PLACE} có người có triệu chứng")
    assert "Hà Mẫu Bóng" not in told
    assert await alerts(talk.person(DISTRICT)) == []
    assert await counted(talk) == {"symptoms_new": 1}


async def test_whoever_is_known_is_not_asked_again_who_they_are(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    await head.taps("Xem hồ sơ", "Có triệu chứng")
    await head.answers("Sốt", "Hôm nay", "38,2")
    await head.taps("Gửi báo cáo", "Xem hồ sơ", "Cần hỗ trợ")
    await head.answers("Thuốc", "Bỏ qua", "Không thuộc diện nào", "Không")
    await head.taps("Gửi báo cáo", "Xem hồ sơ")

    assert "Lò Văn Mẫu" in await head.last()
    assert "đang chờ hỗ trợ" in await head.last()
    figures = await counted(talk)
    assert {key: figures[key] for key in ("returnees_total", "symptoms_new", "support_open")} == {
        "returnees_total": 1,
        "symptoms_new": 1,
        "support_open": 1,
    }
    assert "Cần hỗ trợ" not in await head.buttons()


async def test_the_team_sees_its_own_and_takes_nothing(talk: Talk, head: Person) -> None:
    code = await asks(head)
    await head.says("/hotro")
    await head.taps("Lò Mẫu Ún, 1950")
    assert "Tôi xử lý" not in await head.buttons()
    await head.forges(f"do:aid_take:{code}")
    stranger = talk.person("04123-02-head")
    await stranger.says("/hotro")
    assert "Không có đề nghị hỗ trợ nào đang chờ." in await stranger.last()
    await stranger.forges(f"do:aid:{code}")
    assert "Lò Mẫu Ún" not in await stranger.last()

    await head.forges(f"do:aid:{code}")
    assert "mới, chưa ai nhận" in await head.last()
