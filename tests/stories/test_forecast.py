"""At 09:15 who answers for the figures learns what is still missing, and reminds in person with one tap."""

from __future__ import annotations

from .deeds import begin_returnee
from .talk import Person, Talk


async def test_the_commune_sees_what_is_in_half_written_and_untouched(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    writing = talk.person("04123-02-head")
    await begin_returnee(writing)
    await writing.says("Lò Văn Mẫu")

    await talk.clock.to("09:15")

    said = await officer.last()
    assert said.startswith("DỰ BÁO Xã Chiềng Mung ngày 09/9/2021, trước bản tổng hợp 09:45")
    assert "Đã báo cáo: 1/6 bản, tiểu khu." in said
    assert "Đang nhập dở: Bản Chim Én (mẫu)." in said
    assert "Chưa bắt đầu: Bản Mía Ngọt (mẫu)," in said
    assert "Số liệu chưa được xác nhận." in said


async def test_one_tap_reminds_a_team_in_the_officials_name_and_once_an_hour(talk: Talk, head: Person, officer: Person) -> None:
    await talk.clock.to("09:15")
    await officer.taps("Nhắc từng nơi", "Bản Cây Đa (mẫu)")
    assert await officer.last() == "Đã nhắc 2 người."
    said = [text for text in await head.heard() if "chưa có báo cáo ngày 09/9/2021. Mong chị gửi giúp ngay." in text]
    assert len(said) == 1

    await officer.taps("Quay lại", "Bản Cây Đa (mẫu)")
    assert len([text for text in await head.heard() if "gửi giúp ngay" in text]) == 1
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    await officer.taps("Quay lại")

    assert "Bản Cây Đa (mẫu)" not in await officer.buttons()


async def test_the_district_reminds_the_communes_that_have_not_confirmed(talk: Talk) -> None:
    district, chair = talk.person("125-district_officer-1"), talk.person("04123-commune_chair")
    await talk.clock.to("09:15")
    assert "Xã chưa xác nhận số liệu: " in await district.last()

    await district.taps("Nhắc từng nơi", "Xã Chiềng Mung")

    assert "Xã Chiềng Mung chưa xác nhận số liệu ngày 09/9/2021." in await chair.last()
    await chair.taps("Mở số liệu", "Xác nhận số liệu")
    assert (await chair.last()).startswith("Đã xác nhận.")


async def test_nobody_reminds_for_another_unit(talk: Talk, head: Person, officer: Person) -> None:
    await talk.clock.to("09:15")

    await head.says("/menu")
    await head.forges("do:remind:04123:2021-09-09:all")
    await officer.forges("do:remind:125:2021-09-09:all")

    assert "được giao. Cần thì liên hệ cấp trên." in await head.last()
    assert "được giao. Cần thì liên hệ cấp trên." in await officer.last()
