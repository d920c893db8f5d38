"""What officials read, sentence by sentence."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.clock import at
from bot.conversation.words import Say
from bot.domain.units import COMMUNE, DISTRICT, VILLAGE, OrgUnit, Tree
from bot.reports.changes import change_lines, changes
from bot.reports.digest import digest_lines, evening_lines, situation_lines
from bot.reports.figures import Known, roll_up
from bot.storage.ledger import Range
from tests.reports.conftest import DAY, MORNING, Roll, Tell

SEVEN = time(7)
ALL = dict.fromkeys(("90001-01", "90001-02", "90001-03", "90002-01", "90002-02"), SEVEN)
TODAY = {
    "90001-01": {
        "away_total": 1200,
        "away_returned": 3,
        "away_not_returned": 1197,
        "away_contacted": 7,
        "away_not_contacted": 1193,
        "away_need_support": 2,
        "returnees_new": 3,
        "returnees_total": 10,
        "returnees_before_window": 1,
        "quarantine_institutional": 4,
        "quarantine_home": 6,
        "f0_new": 1,
        "f0_under_treatment": 2,
    }
}
YESTERDAY = {"90001-01": {**TODAY["90001-01"], "away_total": 1198, "returnees_new": 0, "f0_under_treatment": 3}}


def test_the_digest_of_a_commune_says_every_figure_its_change_and_who_is_missing(
    roll: Roll, tell: Tell, yesterday: date
) -> None:
    now = roll("90001", TODAY, {"90001-01": SEVEN})
    before = roll("90001", YESTERDAY, ALL, day=yesterday)

    text = tell(digest_lines(now, before, since=date(2021, 8, 1)))

    assert text.split("\n") == [
        "TỔNG HỢP Xã Chiềng Một – tính đến 08h00 ngày 09/9/2021",
        "Tổng số người đang ở ngoài tỉnh: 1.200 (+2)",
        "Đã về / chưa về: 3 / 1.197",
        "Đã liên lạc được / chưa liên lạc được: 7 / 1.193",
        "Gặp khó khăn, cần hỗ trợ: 2",
        "Về trong kỳ / lũy kế từ 01/8/2021: 3 (+3) / 10",
        "Trong đó 1 người về trước kỳ.",
        "Đang cách ly tập trung / tại nhà: 4 / 6",
        "F1 mới / đang theo dõi: 0 / 0",
        "F0 mới / đang điều trị: 1 / 2 (-1)",
        "Đến 09h45: 1/3 bản, tiểu khu đã báo cáo; chưa báo cáo: Bản Co Chai, Tiểu khu 3.",
        "Nơi chưa báo cáo: số phát sinh trong kỳ chưa rõ, các số khác lấy theo danh sách.",
        "Trong ngoặc: tăng (+), giảm (-) so với kỳ trước, ngày 08/9/2021.",
    ]


def test_the_digest_reads_in_english(roll: Roll, tell_english: Tell) -> None:
    text = tell_english(digest_lines(roll("90001", TODAY, ALL), None, timedelta(minutes=1)))

    assert text.startswith("SUMMARY Xã Chiềng Một – as of 08:00 on 09/9/2021\nThis summary is 1 minute late.\n")
    assert "People away from the province: 1,200\n" in text
    assert text.endswith("By 09:45: 3/3 villages have reported.")


def test_without_a_former_digest_nothing_is_compared(roll: Roll, tell: Tell) -> None:
    text = tell(digest_lines(roll("90001", TODAY, ALL), None))

    assert "(" not in text
    assert "kỳ trước" not in text.replace("về trước kỳ", "")


def test_a_digest_without_change_says_so(roll: Roll, tell: Tell, yesterday: date) -> None:
    now, before = roll("90001", TODAY, ALL), roll("90001", TODAY, ALL, day=yesterday)

    assert tell(digest_lines(now, before)).endswith("So với kỳ trước, ngày 08/9/2021: không thay đổi.")


def test_a_figure_that_the_former_digest_did_not_know_has_no_change(roll: Roll, tell: Tell, yesterday: date) -> None:
    old = roll("90001", {}, ALL, day=yesterday).to_json()
    del old["totals"]["away_total"]
    tree = Tree((OrgUnit("90001", "Xã Chiềng Một", COMMUNE, None),), yesterday)
    before = type(roll("90001", {}, ALL)).from_json(old, tree)

    assert "ngoài tỉnh: 1.200\n" in tell(digest_lines(roll("90001", TODAY, ALL), before))


def test_what_is_new_is_unknown_and_not_zero_while_nobody_has_reported(roll: Roll, tell: Tell) -> None:
    text = tell(digest_lines(roll("90001", {"90001-01": {"returnees_total": 5}}, {}), None))

    assert "Về trong kỳ / lũy kế: chưa rõ / 5" in text
    assert "F0 mới / đang điều trị: chưa rõ / 0" in text


def test_a_late_digest_says_by_how_much(roll: Roll, tell: Tell) -> None:
    text = tell(digest_lines(roll("90001", TODAY, ALL), None, timedelta(hours=2, minutes=5)))

    assert text.split("\n")[1] == "Tổng hợp này gửi muộn 2 giờ 5 phút."


def test_a_district_has_a_line_for_each_commune_the_wholly_silent_first(roll: Roll, tell: Tell) -> None:
    sums = {"90001-01": {"away_total": 4, "returnees_new": 2, "f0_new": 1}}

    text = tell(digest_lines(roll("900", sums, {"90001-01": SEVEN, "90001-02": SEVEN}), None))

    assert text.split("\n")[-2:] == [
        "Xã Chiềng Hai: 0/2, chưa nơi nào báo cáo",
        "Xã Chiềng Một: 2/3 · ngoài tỉnh 4 · về 2 · F0 mới 1",
    ]
    assert "2/5 bản, tiểu khu đã báo cáo; 0/2 xã đã đủ." in text


def test_what_was_posted_at_the_district_itself_has_its_line(roll: Roll, tell: Tell) -> None:
    text = tell(digest_lines(roll("900", {"900": {"f0_new": 1}}, ALL), None))

    assert text.endswith("Ghi chung cho Huyện Thử: ngoài tỉnh 0 · về 0 · F0 mới 1")


def test_a_commune_without_villages_is_named_not_counted_as_complete(tell: Tell) -> None:
    units = (OrgUnit("1", "Huyện Thử", DISTRICT, None), OrgUnit("2", "Xã Trống", COMMUNE, "1"))
    empty = roll_up(Tree(units, DAY), "1", Known(Range(DAY, DAY), DAY, MORNING, 1, {}, {}))

    text = tell(digest_lines(empty, None))

    assert "Chưa có thôn, bản nào trong danh sách đơn vị." in text
    assert text.endswith("Xã Trống: chưa có danh sách thôn, bản")


def test_the_digest_of_twenty_two_communes_fits_into_one_message(tell: Tell) -> None:
    communes = [OrgUnit(f"{n:02}", f"Xã Chiềng Lương Phiêng Khoài {n}", COMMUNE, "d") for n in range(22)]
    villages = [OrgUnit(f"{c.code}-{n}", f"Bản {n}", VILLAGE, c.code, "bản") for c in communes for n in range(20)]
    tree = Tree([OrgUnit("d", "Huyện Thử", DISTRICT, None), *communes, *villages], DAY)
    sums = {(v.code, key): 12_345 for v in villages for key in ("away_total", "returnees_new", "f0_new")}
    filed = {v.code: MORNING for v in villages[::2]}

    text = tell(digest_lines(roll_up(tree, "d", Known(Range(DAY, DAY), DAY, MORNING, 1, sums, filed)), None))

    assert len(text) < 4096


def test_the_evening_says_what_came_in_since_the_morning(roll: Roll, tell: Tell) -> None:
    morning = roll("90001", TODAY, {"90001-01": SEVEN})
    later = {**TODAY, "90001-02": {"away_total": 1, "away_new": 1, "returnees_new": 0}}
    evening = roll(
        "90001",
        later,
        {"90001-01": SEVEN, "90001-02": time(11)},
        day=DAY + timedelta(days=1),
        report_day=DAY,
        as_of=at(DAY, time(17)),
    )

    assert tell(evening_lines(evening, morning)).split("\n") == [
        "TỔNG HỢP CHIỀU Xã Chiềng Một – tính đến 17h00 ngày 09/9/2021",
        "Từ 08h00 đến nay: về 3, người đi mới ghi nhận 1, F0 mới 1, nghi ngờ mới 0.",
        "Báo cáo gửi thêm sau tổng hợp sáng: Bản Co Chai.",
        "Đến 17h00: 2/3 bản, tiểu khu đã báo cáo; chưa báo cáo: Tiểu khu 3.",
        "So với tổng hợp sáng:",
        "Ở ngoài tỉnh: 1.200 → 1.201 (trong đó Bản Co Chai +1)",
    ]


def test_a_quiet_evening_says_that_nothing_changed(roll: Roll, tell: Tell) -> None:
    text = tell(evening_lines(roll("900", TODAY, ALL), roll("900", TODAY, ALL)))

    assert "Sau tổng hợp sáng không có thêm báo cáo." in text
    assert "So với tổng hợp sáng, tổng số không thay đổi." in text


def test_an_evening_without_a_morning_says_so(roll: Roll, tell: Tell) -> None:
    assert "Sáng nay chưa có tổng hợp để so sánh." in tell(evening_lines(roll("900", TODAY, ALL), None))


def test_the_situation_is_that_of_the_open_window_and_of_the_reports_still_due(roll: Roll, tell: Tell) -> None:
    half_past_ten = at(DAY, time(10, 30))
    now = roll("90001", TODAY, {}, day=DAY + timedelta(days=1), report_day=DAY, as_of=half_past_ten)

    lines = tell(situation_lines(now)).split("\n")

    assert lines[0] == "TÌNH HÌNH Xã Chiềng Một – tính đến 10h30 ngày 09/9/2021"
    assert lines[1] == "Kỳ này tính từ 08h00 ngày 09/9/2021."
    assert lines[-2] == "Báo cáo ngày 09/9/2021:"
    assert lines[-1].startswith("Đến 10h30: 0/3 bản, tiểu khu đã báo cáo; chưa báo cáo: Bản Nà Nọi")


def test_the_situation_of_a_window_that_closed_tells_when_its_figures_and_its_reports_are_from(roll: Roll, tell: Tell) -> None:
    tomorrow = at(DAY + timedelta(days=1), time(9, 50))

    known_later = tell(situation_lines(roll("90001", TODAY, ALL, as_of=tomorrow))).split("\n")
    told = tell(situation_lines(roll("90001", TODAY, ALL, as_of=at(DAY, time(8))), known_at=tomorrow)).split("\n")

    assert known_later == told
    assert told[0] == "TÌNH HÌNH Xã Chiềng Một – tính đến 08h00 ngày 09/9/2021"
    assert told[-1] == "Đến 09h50 ngày 10/9/2021: 3/3 bản, tiểu khu đã báo cáo."


def test_a_digest_of_another_day_says_on_which_day_it_knew_the_reports(roll: Roll, tell: Tell) -> None:
    text = tell(digest_lines(roll("90001", TODAY, ALL, as_of=at(DAY + timedelta(days=2), time(8, 30))), None))

    assert text.startswith("TỔNG HỢP Xã Chiềng Một – tính đến 08h00 ngày 09/9/2021\n")
    assert text.endswith("Đến 08h30 ngày 11/9/2021: 3/3 bản, tiểu khu đã báo cáo.")


def test_an_evening_summary_after_midnight_dates_when_its_window_began(roll: Roll, tell: Tell) -> None:
    night = at(DAY + timedelta(days=1), time(5))
    late = roll("90001", TODAY, ALL, day=DAY + timedelta(days=1), report_day=DAY, as_of=night)

    assert "\nTừ 08h00 ngày 09/9/2021 đến nay: về 3" in tell(evening_lines(late, None))


def test_a_situation_shows_what_the_teams_remarked_shortened(roll: Roll, tell: Tell) -> None:
    differs = Say("reports.remark.differs", indicator=Say("reports.indicator.f0_new"), a=2, b=0)
    troubles = Say("reports.remark.difficulties", text="Thiếu gạo\n" + "rất " * 100)
    found = {"90001-01": [differs, troubles], "90001-02": [differs] * 30}

    commune = tell(situation_lines(roll("90001", TODAY, ALL), remarks=found)).split("\n")
    village = tell(situation_lines(roll("90001-01", TODAY, ALL), remarks=found)).split("\n")

    assert village[-2] == "Bản Nà Nọi: F0 mới báo 2, theo danh sách 0"
    assert village[-1].startswith("Bản Nà Nọi: Khó khăn, vướng mắc: Thiếu gạo rất rất")
    assert (village[-1][-1], len(village[-1]) < 250) == ("…", True)
    assert commune[-1] == "Còn 12 ý nữa, xem trong bảng tổng hợp."
    assert len([line for line in commune if "F0 mới báo 2" in line]) == 19


def test_a_village_reads_its_own_situation(roll: Roll, tell: Tell) -> None:
    lines = tell(situation_lines(roll("90001-01", TODAY, ALL))).split("\n")

    assert lines[0].startswith("TÌNH HÌNH Bản Nà Nọi")
    assert lines[-1] == "Đến 09h45: 1/1 bản đã báo cáo."


def test_a_move_between_villages_is_a_change_though_the_total_stays(roll: Roll, tell: Tell) -> None:
    before = roll("90001", {"90001-01": {"away_total": 5}}, ALL)
    after = roll("90001", {"90001-01": {"away_total": 3}, "90001-03": {"away_total": 2}}, ALL)

    assert [(c.indicator, c.before, c.after) for c in changes(before, after)] == [("away_total", 5, 5)]
    assert tell(change_lines(before, after)).endswith("Ở ngoài tỉnh: 5 → 5 (trong đó Bản Nà Nọi -2, Tiểu khu 3 +2)")


def test_nothing_changed_is_said_in_one_sentence(roll: Roll, tell: Tell) -> None:
    same = roll("90001", TODAY, ALL)

    assert "không có thay đổi" in tell(change_lines(same, same))
