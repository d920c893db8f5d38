"""Who has not reported, and whom to call."""

from __future__ import annotations

from datetime import time

from bot.clock import at
from bot.conversation.words import Say
from bot.reports.overdue import late_lines, missing_lines
from bot.reports.phrases import Contact
from tests.reports.conftest import DAY, Roll, Tell

TEN = at(DAY, time(10))
SEVEN = time(7)
ALL = dict.fromkeys(("90001-01", "90001-02", "90001-03", "90002-01", "90002-02"), SEVEN)


def sent(*villages: str) -> dict[str, Say]:
    return {village: Say("reports.missing.awaited") for village in villages}


def test_the_late_list_names_communes_with_their_missing_villages(roll: Roll, tell: Tell) -> None:
    text = tell(late_lines(roll("900", {}, {"90001-01": SEVEN}, as_of=TEN)))

    assert text.split("\n") == [
        "CHƯA ĐỦ BÁO CÁO ngày 09/9/2021 – lúc 10h00: 2/2 xã",
        "Xã Chiềng Hai: 0/2, chưa nơi nào báo cáo",
        "Xã Chiềng Một: thiếu 2/3: Bản Co Chai, Tiểu khu 3",
    ]


def test_a_district_that_looks_it_up_sees_whom_to_call_in_each_commune(roll: Roll, tell: Tell) -> None:
    contacts = {"90001": [Contact("Lò Văn Mẫu", "+84900000001"), Contact("Hà Thị Mẫu", None)]}

    text = tell(missing_lines(roll("900", {}, {"90001-01": SEVEN}), contacts))

    assert text.split("\n")[1:] == [
        "Xã Chiềng Hai: 0/2, chưa nơi nào báo cáo",
        "Xã Chiềng Một: thiếu 2/3: Bản Co Chai, Tiểu khu 3",
        "  Liên hệ: Lò Văn Mẫu +84900000001, Hà Thị Mẫu (chưa có số điện thoại)",
    ]


def test_a_district_that_is_complete_is_told_so(roll: Roll, tell: Tell) -> None:
    assert tell(late_lines(roll("900", {}, ALL, as_of=TEN))) == "Lúc 10h00 ngày 09/9/2021: 2/2 xã đã đủ báo cáo."


def test_a_commune_sees_each_missing_village_with_its_head(roll: Roll, tell: Tell) -> None:
    heads = {"90001-02": [Contact("Quàng Văn Mẫu", "+84900000002")]}

    text = tell(missing_lines(roll("90001", {}, {"90001-01": SEVEN}), heads))

    assert text.split("\n") == [
        "CHƯA BÁO CÁO ngày 09/9/2021 – Xã Chiềng Một, lúc 09h45: 2/3 bản, tiểu khu",
        "Bản Co Chai: Quàng Văn Mẫu +84900000002",
        "Tiểu khu 3: chưa có người phụ trách",
    ]


def test_a_district_sees_missing_villages_by_commune(roll: Roll, tell: Tell) -> None:
    text = tell(missing_lines(roll("900", {}, ALL), {}))
    some = tell(missing_lines(roll("900", {}, {"90002-01": SEVEN}), {}))

    assert text == "Huyện Thử: 5/5 thôn, bản đã báo cáo ngày 09/9/2021."
    assert some.split("\n")[1:] == [
        "Xã Chiềng Một: 0/3, chưa nơi nào báo cáo",
        "Xã Chiềng Hai: thiếu 1/2: Bản Tân Lập",
    ]


def test_beside_a_village_that_sent_a_picture_stands_that_it_waits_for_the_commune(roll: Roll, tell: Tell) -> None:
    seen = roll("90001", {}, {"90001-01": SEVEN})

    text = tell(missing_lines(seen, {}, sent("90001-02")))

    assert text.split("\n")[1:] == [
        "Bản Co Chai (đã gửi ảnh, chờ xã nhập): chưa có người phụ trách",
        "Tiểu khu 3: chưa có người phụ trách",
    ]


def test_a_district_sees_it_too_and_a_silent_commune_stays_one_line(roll: Roll, tell: Tell) -> None:
    text = tell(missing_lines(roll("900", {}, {"90001-01": SEVEN}), {}, sent("90001-02", "90002-01")))

    assert text.split("\n")[1:] == [
        "Xã Chiềng Hai: 0/2, chưa nơi nào báo cáo",
        "  Đã báo lý do hoặc gửi ảnh: Bản Pá Po (đã gửi ảnh, chờ xã nhập)",
        "Xã Chiềng Một: thiếu 2/3: Bản Co Chai (đã gửi ảnh, chờ xã nhập), Tiểu khu 3",
    ]


def test_for_a_group_villages_are_listed_and_nobody_is_named_or_said_to_be_absent(roll: Roll, tell: Tell) -> None:
    text = tell(missing_lines(roll("90001", {}, {"90001-01": SEVEN}), None, sent("90001-02")))

    assert text.split("\n")[1:] == ["Chưa báo cáo: Bản Co Chai (đã gửi ảnh, chờ xã nhập), Tiểu khu 3."]
