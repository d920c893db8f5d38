"""A shift ends: what is open goes to a colleague, who accepts it or says why not."""

from __future__ import annotations

import pytest

from bot.domain.access import Role, RoleAt

from .deeds import put_in_charge
from .talk import Person, Talk
from .test_board import board_of


@pytest.fixture
def next_shift(talk: Talk) -> Person:
    return talk.person("04123-02-head")


@pytest.fixture
async def nightly(talk: Talk, next_shift: Person) -> Person:
    """The head of a village who has the night shift at the commune."""
    await put_in_charge(talk, next_shift.id, RoleAt(Role.COMMUNE_OFFICER, "04123"))
    return next_shift


async def give(officer: Person, what: str) -> None:
    await officer.says("/bangiao")
    await officer.taps(what)
    name = next(label for label in await officer.buttons() if label.endswith("(Cán bộ xã)"))
    await officer.taps(name)


async def test_everything_open_goes_to_who_accepts_and_stays_with_the_giver_until_then(
    talk: Talk, officer: Person, nightly: Person
) -> None:
    await officer.says("/bang")
    await give(officer, "Mọi việc còn mở (6)")
    assert (await officer.heard())[-1].startswith("Đã gửi 6 việc cho ")
    assert (await board_of(officer)).count(" xử lý từ 06h50") == 6
    offer = await nightly.last()
    assert " bàn giao ca Xã Chiềng Mung: 6 việc." in offer
    assert "Báo cáo: 6" in offer
    assert "090" not in offer  # it shows on a locked screen

    await nightly.taps("Nhận")

    assert any(" đã nhận bàn giao 6 việc lúc 06h50." in text for text in await officer.heard())
    mine = {line.split(" – ")[1] for line in (await board_of(officer)).splitlines() if " xử lý từ " in line}
    assert len(mine) == 1
    await nightly.says("/bang")
    await nightly.taps("Bản Cây Đa (mẫu): Báo cáo")
    assert "Thả việc này" in await nightly.buttons()
    await talk.clock.to("07:45")
    assert not [text for text in await nightly.heard() if "chưa trả lời" in text]


async def test_without_an_answer_it_is_said_once_more_and_then_to_the_chair(
    talk: Talk, officer: Person, nightly: Person
) -> None:
    chair = talk.person("04123-commune_chair")
    await officer.says("/bang")
    await officer.taps("Bản Cây Đa (mẫu): Báo cáo", "Tôi xử lý")
    await give(officer, "Việc tôi đang xử lý (1)")

    await talk.clock.to("07:06")
    assert sum("chưa trả lời" in text for text in await nightly.heard()) == 1
    assert not [text for text in await chair.heard() if "chưa được nhận" in text]
    await talk.clock.to("07:21")

    assert sum("chưa trả lời" in text for text in await nightly.heard()) == 1
    assert sum("Việc vẫn do" in text for text in await chair.heard()) == 1
    await nightly.says("/bangiao")
    await nightly.taps("Chưa nhận được", "Không trong ca")
    assert any("chưa nhận bàn giao: Không trong ca. Việc vẫn của đồng chí." in text for text in await officer.heard())
    assert (await board_of(officer)).count(" xử lý từ ") == 1


async def test_on_zalo_it_is_looked_at_and_accepted_by_words_and_numbers(talk: Talk, officer: Person) -> None:
    zalo = talk.person("04123-04-head")
    await put_in_charge(talk, zalo.id, RoleAt(Role.COMMUNE_OFFICER, "04123"))
    await give(officer, "Mọi việc còn mở (6)")
    assert '"xem bàn giao"' in await zalo.last()

    await zalo.says("xem bàn giao", "1")

    assert (await zalo.last()).startswith("Đã nhận của ")
    await officer.says("/bangiao")
    assert "Mọi việc còn mở" not in str(await officer.buttons())
