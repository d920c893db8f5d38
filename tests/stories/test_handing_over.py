"""A person is handed over to another village: nobody is lost between, and nobody is counted twice."""

from __future__ import annotations

from datetime import date

import pytest

from .deeds import counted, file_returnee
from .talk import Person, Talk

SENDER, RECEIVER = "04123-01", "04123-03"
FROM, TO = "Bản Cây Đa (mẫu)", "Bản Mía Ngọt (mẫu)"
TOMORROW = date(2021, 9, 10)
STOCKS = {"quarantine_home": 1, "returnees_total": 1}


@pytest.fixture
def receiver(talk: Talk) -> Person:
    return talk.person(f"{RECEIVER}-head")


async def proposes(head: Person, to: str = "mia ngot") -> str:
    """Report a returnee and propose them to the other village; the file number."""
    code = await file_returnee(head)
    await head.taps("Xem hồ sơ", "Chuyển nơi khác")
    await head.answers(to, "Chuyển chỗ ở")
    await head.taps("Tìm nơi nhận")
    await head.taps(f"{TO}, Xã Chiềng Mung")
    return code


async def stocks(talk: Talk, village: str) -> dict[str, int]:
    return {key: n for key, n in (await counted(talk, village)).items() if key in STOCKS}


async def test_until_it_is_accepted_the_sender_keeps_the_person(talk: Talk, head: Person, receiver: Person) -> None:
    await proposes(head)

    assert f"Đã gửi đề nghị chuyển đến {TO}, Xã Chiềng Mung." in await head.last()
    pushed = await receiver.last()
    assert pushed.startswith(f"{FROM} đề nghị chuyển một người đến {TO}.")
    assert "Lò Văn Mẫu" not in pushed
    assert await stocks(talk, SENDER) == STOCKS
    assert await stocks(talk, RECEIVER) == {}
    await head.taps("Xem hồ sơ")
    assert f"Đang chờ {TO} nhận." in await head.last()


async def test_accepted_they_are_there_with_all_that_is_known(talk: Talk, head: Person, receiver: Person) -> None:
    code = await proposes(head)
    await receiver.taps("Xem đề nghị chuyển")
    assert "Lò Văn Mẫu" in await receiver.last()
    assert "Lý do: Chuyển chỗ ở" in await receiver.last()

    await receiver.taps("Nhận")

    assert f"Từ bây giờ người này tính cho {TO}." in await receiver.last()
    assert await stocks(talk, SENDER) == {}
    assert await stocks(talk, RECEIVER) == STOCKS
    assert (await counted(talk, SENDER))["returnees_new"] == 1  # what was new in the window stays where it was new
    assert await head.last() == f"{TO} đã nhận hồ sơ {code} từ {FROM}."
    await receiver.taps("Xem hồ sơ")
    assert "Lò Văn Mẫu" in await receiver.last()
    await head.forges(f"do:person:{code}")
    assert "Lò Văn Mẫu" not in await head.last()


async def test_corrected_by_the_receiver_what_was_new_stays_counted_where_it_was_new(
    talk: Talk, head: Person, receiver: Person
) -> None:
    code = await proposes(head)
    await receiver.taps("Xem đề nghị chuyển", "Nhận")
    await receiver.forges(f"do:correct:{code}")
    await receiver.taps("Sửa", "Năm sinh")
    await receiver.says("1986")
    await receiver.taps("Gửi báo cáo")

    assert (await counted(talk, SENDER))["returnees_new"] == 1
    assert "returnees_new" not in await counted(talk, RECEIVER)
    assert await stocks(talk, RECEIVER) == STOCKS


async def test_returned_with_a_reason_the_sender_keeps_them(talk: Talk, head: Person, receiver: Person) -> None:
    code = await proposes(head)
    await receiver.taps("Xem đề nghị chuyển", "Không nhận", "Không có mặt ở đây", "Gửi lại")

    assert f"Đã gửi lại {FROM}" in await receiver.last()
    assert await head.last() == f"{TO} chưa nhận hồ sơ {code} từ {FROM}. Nơi gửi vẫn phụ trách."
    await head.taps("Xem đề nghị chuyển")
    assert "Lý do: Không có mặt ở đây" in await head.last()
    assert await stocks(talk, SENDER) == STOCKS
    await receiver.forges(f"do:person:{code}")
    assert "Lò Văn Mẫu" not in await receiver.last()


async def test_what_is_withdrawn_can_be_accepted_no_more(talk: Talk, head: Person, receiver: Person) -> None:
    await proposes(head)
    await receiver.taps("Xem đề nghị chuyển")
    await head.taps("Rút đề nghị chuyển")

    await receiver.taps("Nhận")

    assert "đã được trả lời hoặc đã rút" in await receiver.last()
    assert await stocks(talk, SENDER) == STOCKS
    assert await stocks(talk, RECEIVER) == {}


async def test_accepting_twice_takes_them_in_once(talk: Talk, head: Person, receiver: Person) -> None:
    await proposes(head)
    await receiver.taps("Xem đề nghị chuyển")

    await receiver.taps_twice("Nhận")

    assert await stocks(talk, RECEIVER) == STOCKS
    assert await stocks(talk, SENDER) == {}


async def test_whoever_does_not_answer_is_reminded_the_next_morning(talk: Talk, head: Person, receiver: Person) -> None:
    await proposes(head)
    await talk.clock.to("07:01")
    assert not any("chờ chị trả lời" in text or "chờ anh trả lời" in text for text in await receiver.heard())

    await talk.clock.to("07:01", TOMORROW)

    reminders = [text for text in await receiver.heard() if "1 đề nghị chuyển người đang chờ" in text]
    assert len(reminders) == 1
    await receiver.says("/chuyen")
    await receiver.taps(f"Đến: Lò Văn Mẫu, 1985, từ {FROM}", "Nhận")
    assert await counted(talk, RECEIVER, day=TOMORROW) != {}


async def test_what_was_half_written_when_they_were_accepted_does_not_bring_them_back(
    talk: Talk, head: Person, receiver: Person
) -> None:
    code = await proposes(head)
    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers("Nghi ngờ", "Hôm nay", "Cách ly tại nhà", "Chưa rõ")
    await receiver.taps("Xem đề nghị chuyển", "Nhận")

    await head.taps("Gửi báo cáo")

    assert "vừa được chuyển sang địa bàn khác" in await head.last()
    assert await stocks(talk, SENDER) == {}
    await head.forges(f"do:correct:{code}")
    assert "Lò Văn Mẫu" not in await head.last()


async def test_a_name_that_is_nowhere_is_searched_again(head: Person) -> None:
    await file_returnee(head)
    await head.taps("Xem hồ sơ", "Chuyển nơi khác")
    await head.answers("Bản Không Có Đâu", "Chuyển chỗ ở")
    await head.taps("Tìm nơi nhận")

    assert 'Không tìm thấy nơi nào tên "Bản Không Có Đâu"' in await head.last()
    await head.taps("Tìm lại")
    assert "Chuyển đến thôn, bản nào?" in await head.last()


async def test_only_the_two_villages_and_their_commune_see_a_proposal(talk: Talk, head: Person, receiver: Person) -> None:
    await proposes(head)
    token = await receiver.payload("Xem đề nghị chuyển")
    stranger = talk.person("04123-02-head")
    await stranger.says("/menu")
    for verb in ("transfer", "transfer_yes", "transfer_no", "transfer_back"):
        await stranger.forges(f"do:{verb}:{token.split(':')[2]}")
        assert "Lò Văn Mẫu" not in await stranger.last()
    await stranger.forges(f"do:transfer_to:{token.split(':')[2]}:04123-02")

    assert await stocks(talk, SENDER) == STOCKS
