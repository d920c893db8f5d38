"""What leaves a commune in the morning: digest, picture, paper and mail carry the same figures."""

from __future__ import annotations

from bot.domain.deadlines import Timetable
from bot.reports import issued
from bot.reports.figures import Figures
from bot.reports.picture import picture
from bot.storage import digests
from bot.texts import Voice

from .deeds import DAY, file_returnee
from .talk import Person, Talk

COMMUNE = "04123"


async def as_issued(talk: Talk, version: int = 1) -> Figures:
    parts = talk.running.parts
    async with parts.db.read() as tx:
        made = await digests.at_version(tx, COMMUNE, issued.MORNING, DAY, version)
        assert made is not None
        return Figures.from_json(made.figures, await parts.trees.on(tx, DAY))


async def drawn(talk: Talk, version: int = 1) -> bytes:
    return picture(await as_issued(talk, version), Voice("vi"), timetable=Timetable())


async def test_the_picture_follows_the_digest_to_officials_and_shows_what_was_issued(
    talk: Talk, head: Person, officer: Person
) -> None:
    district = talk.person("125-district_officer-1")
    await file_returnee(head)

    await talk.clock.to("09:45")

    assert await officer.photos() == [await drawn(talk)]
    assert len(await district.photos()) == 1
    assert await head.photos() == []
    captions = [one["text"] for one in await officer.chat() if one["photo"]]
    assert captions == ["Xã Chiềng Mung: ảnh số liệu ngày 09/9/2021."]


async def test_a_picture_is_taken_of_the_card_and_of_the_situation(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    await talk.clock.to("09:00")
    chair = talk.person("04123-commune_chair")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu", "Lấy ảnh")
    assert await chair.photos() == [await drawn(talk)]

    await officer.says("/tinhhinh")
    await officer.taps("Lấy ảnh")
    assert len(await officer.photos()) == 1

    await head.forges(f"do:photo:{COMMUNE}:{DAY}")
    assert await head.photos() == []
