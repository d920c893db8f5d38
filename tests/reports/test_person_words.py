"""What somebody is now follows from where they are counted and from their newest reports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.reports.person_words import now_is
from bot.storage.records import Record
from bot.texts import Voice

TODAY = date(2021, 9, 9)
BACK = ("returnee", {"came_from": "Bình Dương", "arrived_on": "2021-09-08"})
AWAY = ("absence", {"now_at": "Đồng Nai"})
NEAR = ("contact", {"last_contact_on": "2021-09-07"})
CASE = ("f0", {"classification": "confirmed", "detected_on": "2021-09-06"})


def file(*told: tuple[str, dict[str, Any]]) -> list[Record]:
    at = datetime(2021, 9, 9, tzinfo=UTC)
    return [Record(f"R{n}", 1, kind, 1, "v", "P", TODAY, body, at, "lan", n) for n, (kind, body) in enumerate(told)]


@pytest.mark.parametrize(
    ("stocks", "told", "said"),
    [
        ({"returnees_total"}, [BACK], "về từ Bình Dương ngày 08/9/2021"),
        ({"returnees_total", "quarantine_home"}, [BACK], "về từ Bình Dương ngày 08/9/2021, cách ly tại nhà"),
        ({"away_total", "away_not_returned"}, [AWAY], "đang ở Đồng Nai"),
        ({"away_total", "away_returned"}, [AWAY], "đã về địa phương"),
        ({"f1_followed", "quarantine_institutional"}, [NEAR], "F1, tiếp xúc 07/9/2021, cách ly tập trung"),
        ({"f1_followed"}, [("contact", {})], "F1"),
        (
            {"f0_under_treatment", "returnees_total"},
            [BACK, CASE],
            "F0 đang điều trị từ 06/9/2021, về từ Bình Dương ngày 08/9/2021",
        ),
        ({"f0_suspected"}, [("f0", {"classification": "suspect", "detected_on": None})], "nghi ngờ F0"),
        ({"f0_recovered"}, [CASE, ("outcome", {"outcome_on": "2021-09-08"})], "đã khỏi COVID-19 ngày 08/9/2021"),
        ({"f0_deceased"}, [CASE], "đã tử vong"),
        ({"support_open"}, [("support", {"need": "food"})], "đang chờ hỗ trợ"),
        (set(), [("symptoms", {"since": "2021-09-08"})], "có triệu chứng từ 08/9/2021"),
        ({"returnees_total"}, [BACK, ("symptoms", {"since": None})], "về từ Bình Dương ngày 08/9/2021"),
        (set(), [("support", {"need": "food"})], "không còn theo dõi"),
        (set(), [], "không còn theo dõi"),
    ],
)
def test_what_somebody_is(stocks: set[str], told: list[tuple[str, dict[str, Any]]], said: str) -> None:
    assert ", ".join(Voice()(one) for one in now_is(frozenset(stocks), file(*told), TODAY)) == said
