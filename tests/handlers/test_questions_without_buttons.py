"""Asking and closing a quick question where only words can be typed; a deadline that is over; two who end it at once."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.storage import roster
from tests.handlers.conftest import Bureau, person


class Typist:
    """One person on Zalo."""

    def __init__(self, bureau: Bureau, address: str) -> None:
        self.bureau, self.address = bureau, address

    async def types(self, *texts: str) -> str:
        """What they hear of the last of these messages."""
        said: list[str] = []
        for text in texts:
            self.bureau.clock.move(self.bureau.clock() + timedelta(seconds=5))
            message = dataclasses.replace(self.bureau.message(text, address=self.address), channel="zalo")
            said = await self.bureau.take(message)
        return "\n".join(one.removeprefix(f"{self.address}: ") for one in said if one.startswith(f"{self.address}: "))


@pytest.fixture
async def office(bureau: Bureau) -> tuple[Typist, Typist, Typist]:
    """The commune's officer, its chair, and the head of its village."""
    commune = [(RoleAt(role, "04123"),) for role in (Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIR)]
    roles = [*commune, (RoleAt(Role.HEAD, "04123-01"),)]
    people = [
        dataclasses.replace(person(number, f"z{number}"), channel="zalo", roles=held) for number, held in enumerate(roles, 51)
    ]
    async with bureau.db.write() as tx:
        await roster.add_people(tx, bureau.keys, people, bureau.clock())
    officer, chair, head = (Typist(bureau, one.address) for one in people)
    return officer, chair, head


ASKED = ("/hoi", "1", "Còn gạo không?", "2", "1")  # a new one; yes or no; once


async def test_a_question_is_asked_answered_and_closed_by_numbers_and_words(office: tuple[Typist, Typist, Typist]) -> None:
    officer, chair, head = office
    assert "1. Một lần\n2. Hỏi hằng ngày" in await officer.types(*ASKED[:-1])
    assert '"10:00 hôm nay"' in await officer.types("1")
    asked = await officer.types("10h mai", "1", "1")
    assert "Đã gửi câu hỏi đến 1 nơi" in asked
    assert "HỎI NHANH" not in asked  # where nothing can be changed, no table that would grow old

    assert "1. Có\n2. Không" in await head.types("trả lời")
    assert "Đã ghi cho Bản Mẫu: Không." in await head.types("2")
    shown = await officer.types("hỏi nhanh", "1")
    assert "Đã trả lời 1/1.\nCó: 0, Không: 1\n• Bản Mẫu: Không" in shown

    # Two end it: the first wins, the other is told.
    await chair.types("/hoi", "1")
    await chair.types(_number("Đóng", await chair.types("?")))
    await officer.types(_number("Đóng", shown))
    assert "Đã đóng câu hỏi" in await officer.types("KẾT THÚC")
    assert "đóng lúc" in await chair.types("KẾT THÚC")


def _number(label: str, shown: str) -> str:
    """What stands before a choice."""
    return next(line.split(".")[0] for line in shown.splitlines() if line.endswith(f". {label}"))


async def test_a_bare_number_is_no_choice_since_nobody_could_tell_it_from_its_place(
    office: tuple[Typist, Typist, Typist],
) -> None:
    officer, _, head = office
    assert '"2" chỉ là số' in await officer.types(*ASKED[:3], "3", "2, 1")
    await officer.types("2 xe, 1 xe", "1", "10h mai", "1", "1")

    await head.types("trả lời")

    assert "Đã ghi cho Bản Mẫu: 1 xe." in await head.types("2")


async def test_a_deadline_that_is_over_is_asked_again_with_the_reason(office: tuple[Typist, Typist, Typist]) -> None:
    officer, _, head = office
    await officer.types(*ASKED)
    assert "Hạn không thể trước hôm nay" in await officer.types("10:00 hôm qua")
    assert "cần có giờ" in await officer.types("mai")
    card = await officer.types("00:01 hôm nay", "1")
    assert "Lưu ý: Hạn 00:01" in card

    again = await officer.types("1")

    assert "đã qua" in again
    assert "Hạn trả lời lúc nào?" in again
    assert "Đã gửi câu hỏi đến 1 nơi" in await officer.types("10h mai", "1")
    assert "Còn gạo không?" in await head.types("trả lời")
