"""Somebody is away for some days: who stands in gets what they would get, and the unit knows."""

from __future__ import annotations

from bot.domain.access import Role, RoleAt
from bot.storage import people

from .deeds import counted
from .talk import Person, Talk


async def test_a_head_is_away_until_friday_and_a_member_of_the_team_stands_in(talk: Talk, head: Person) -> None:
    member = talk.person("04123-01-member")
    await head.says("vắng đến thứ Sáu")
    assert "Ai thay chị đến hết 10/9/2021?" in await head.last()

    await head.taps(next(label for label in await head.buttons() if label.endswith("(Thành viên Tổ COVID cộng đồng)")))

    assert " thay chị đến hết 10/9/2021." in await head.last()
    assert "vắng đến hết 10/9/2021, nhờ " in await member.last()
    async with talk.running.parts.db.read() as tx:
        (who, *_) = await people.of_users(tx, talk.running.parts.keys, [member.id])
    assert RoleAt(Role.HEAD, "04123-01") in who.roles
    await talk.clock.to("07:01")
    assert not [text for text in await head.heard() if "phút nữa đến giờ báo cáo" in text]
    assert len([text for text in await member.heard() if "phút nữa đến giờ báo cáo" in text]) == 1

    await head.says("/vang")
    assert " đang thay chị ở Bản Cây Đa (mẫu), đến hết 10/9/2021." in await head.last()
    await head.taps("Tôi đã trở lại")

    assert await head.last() == "Việc lại về chị từ bây giờ."
    assert "đã trở lại" in await member.last()
    await talk.clock.to("07:31")
    assert [text for text in await head.heard() if "còn 30 phút nữa" in text]


async def test_who_stands_in_goes_on_with_what_was_left_half_written(talk: Talk, head: Person) -> None:
    member = talk.person("04123-01-member")
    await head.says("/nguoive", "Lò Mẫu Sơn", "1985", "/vang đến thứ Sáu")
    await head.taps(next(label for label in await head.buttons() if label.endswith("(Thành viên Tổ COVID cộng đồng)")))
    assert (await member.last()).endswith("Còn một báo cáo đang viết dở: gõ /vang để viết tiếp.")

    await member.says("/vang")
    assert "còn viết dở: Người từ tỉnh ngoài về." in await member.last()
    await member.taps(next(label for label in await member.buttons() if label.endswith("cũng vắng")))
    assert "vắng đến hết ngày nào?" in await member.last()
    await member.says("/vang")
    await member.taps("Viết tiếp: Người từ tỉnh ngoài về")
    assert "Giới tính:" in await member.last()
    await member.answers("Nam", "0900 000 001", "Bỏ qua", "Bình Dương", "Hôm qua", "Xe khách", "Chưa tiêm", "Có")
    await member.answers("Tự theo dõi sức khỏe", "Gửi báo cáo")

    assert "Đã ghi nhận." in await member.last()
    assert (await counted(talk))["returnees_new"] == 1
    await head.says("Nam")
    assert "Đã ghi nhận" not in await head.last()
    assert (await counted(talk))["returnees_new"] == 1


async def test_the_day_is_tapped_or_typed_and_one_that_is_over_is_refused(talk: Talk, officer: Person) -> None:
    chair = talk.person("04123-commune_chair")
    await officer.says("/vang")
    await officer.taps("Ngày khác")
    await officer.says("8/9/2021")
    await officer.says("chủ nhật")
    assert "Ai thay đồng chí đến hết 12/9/2021?" in await officer.last()
    await officer.taps(next(label for label in await officer.buttons() if label.endswith("(Chủ tịch UBND xã)")))

    told = await talk.person("04123-commune_secretary").last()
    assert "(Xã Chiềng Mung) vắng đến hết 12/9/2021; " in told
    assert "nhờ đồng chí thay ở Xã Chiềng Mung" in await chair.last()
    await chair.says("/vang không biết")
    assert (await chair.last()).startswith("Ngày chưa rõ, hoặc xa quá 31 ngày.")


async def test_a_name_that_sounds_like_it_is_no_absence(head: Person) -> None:
    for pasted in ("Vàng A Mẫu 1985 nam về từ Bình Dương hôm qua", "vắng người lắm", "Vàng đến hôm nay"):
        await head.says(pasted)
        assert "Ai thay" not in await head.last()


async def test_where_nobody_else_is_in_the_team_the_commune_stands_in(talk: Talk) -> None:
    zalo = talk.person("04123-04-head")
    async with talk.running.parts.db.write() as tx:
        await people.revoke_role(tx, "04123-04-member", Role.MEMBER, "04123-04", talk.running.parts.clock())
    await zalo.says("vắng đến mai")
    assert "chưa có ai khác trong máy để thay" in await zalo.last()
    assert "cán bộ xã thay được" in await zalo.last()

    await zalo.says("1")

    assert " đến hết 10/9/2021." in await zalo.last()
