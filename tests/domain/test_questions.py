"""Quick questions: answers are counted once and never lost, silence is no 0, and everything falls due once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import at
from bot.domain.hours import from_written, parse_deadline, parse_hour, written
from bot.domain.questions import (
    Answer,
    AnswerKind,
    Asked,
    Question,
    State,
    What,
    asked_units,
    closed_units,
    first_round,
    is_late,
    last_answers,
    moments,
    next_moment,
    nudge_at,
    read_answer,
    standing,
)
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit, Tree
from bot.domain.vietnamese import Misread

DAY = date(2021, 9, 9)
CODES = ("x-1", "x-2", "x-3", "x-4")
UNITS = (OrgUnit("x", "Xã Mẫu", COMMUNE, None), *(OrgUnit(code, f"Bản {code}", VILLAGE, "x") for code in CODES))
TREE = Tree(UNITS, DAY)
YES_NO = {"yes": "Có", "no": "Không"}


def instant(wall: str, day: date = DAY) -> datetime:
    return at(day, time.fromisoformat(wall))


def question(kind: AnswerKind = AnswerKind.NUMBER, **changes: object) -> Question:
    one = Question("Q", "x", "U", kind, "Bao nhiêu hộ thiếu gạo?", (), None, State.OPEN, DAY, instant("07:10"))
    return replace(one, **changes)  # type: ignore[arg-type]


def daily(**changes: object) -> Question:
    return question(ask_wall=time(7), due_wall=time(8), **changes)


ONCE = Asked("Q", DAY, instant("07:10"), instant("10:00"))


def answer(unit: str, version: int, value: object, wall: str = "07:30") -> Answer:
    return Answer("Q", DAY, unit, version, value, "U", "app", instant(wall))


# --- reading answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (AnswerKind.NUMBER, "12", 12),
        (AnswerKind.NUMBER, "1.200", 1200),
        (AnswerKind.NUMBER, "không có", 0),
        (AnswerKind.NUMBER, "5 hộ", 5),
        (AnswerKind.DATE, "hôm qua", "2021-09-08"),
        (AnswerKind.DATE, "9/9", "2021-09-09"),
        (AnswerKind.TEXT, "  còn thiếu\nmuối ", "còn thiếu\nmuối"),
        (AnswerKind.YES_NO, "Có", "yes"),
        (AnswerKind.YES_NO, "KHÔNG", "no"),
    ],
)
def test_an_answer_is_read_as_people_type_it(kind: AnswerKind, text: str, value: object) -> None:
    assert read_answer(kind, text, DAY, YES_NO) == value


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (AnswerKind.NUMBER, "-1", "count_not_understood"),
        (AnswerKind.NUMBER, "1,5", "count_not_understood"),
        (AnswerKind.NUMBER, "2 hoặc 3", "count_not_understood"),
        (AnswerKind.NUMBER, "99999999", "count_too_large"),
        (AnswerKind.DATE, "31/2", "date_not_understood"),
        (AnswerKind.TEXT, " ", "text_too_short"),
        (AnswerKind.TEXT, "a" * 1001, "text_too_long"),
        (AnswerKind.YES_NO, "1", "answer_no_choice"),
        (AnswerKind.YES_NO, "có lẽ", "answer_no_choice"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason(kind: AnswerKind, text: str, why: str) -> None:
    with pytest.raises(Misread) as refused:
        read_answer(kind, text, DAY, YES_NO)

    assert refused.value.key == why


@given(st.text(max_size=30))
def test_a_digit_is_never_taken_for_a_choice(text: str) -> None:
    labels = {"0": "Đủ", "1": "Thiếu"}
    try:
        key = read_answer(AnswerKind.CHOICE, text, DAY, labels)
    except Misread:
        return
    assert not any(letter.isdigit() for letter in text)
    assert key in labels


# --- what came ----------------------------------------------------------------------------------------------------------------

GIVEN = st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 500)), max_size=30)


def versions(given_: list[tuple[str, int]]) -> list[Answer]:
    counted: dict[str, int] = {}
    made = []
    for unit, value in given_:
        counted[unit] = counted.get(unit, 0) + 1
        made.append(answer(unit, counted[unit], value))
    return made


@given(GIVEN, st.randoms())
def test_the_total_is_the_sum_of_the_last_answers_in_whatever_order_they_are_read(
    given_: list[tuple[str, int]], random: st.DataObject
) -> None:
    answers = versions(given_)
    random.shuffle(answers)  # type: ignore[attr-defined]

    found = standing(question(), asked_units(question(), TREE), answers)

    last = dict(given_)
    assert {code: one.value for code, one in found.answers.items()} == last
    assert found.total == (sum(last.values()) if last else None)
    assert {unit.code for unit in found.missing} == set(CODES) - last.keys()
    assert found.answered + len(found.missing) == len(CODES)


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(["yes", "no"])), max_size=20))
def test_counts_add_up_to_those_who_answered(given_: list[tuple[str, str]]) -> None:
    answers = versions(given_)  # type: ignore[arg-type]
    one = question(AnswerKind.YES_NO)

    found = standing(one, asked_units(one, TREE), answers)

    assert sum(found.counts.values()) == found.answered == len({unit for unit, _ in given_})
    assert found.total is None


def test_who_is_silent_is_missing_and_no_zero() -> None:
    found = standing(question(), TREE.children("x"), [answer("x-1", 1, 0)])

    assert found.total == 0
    assert [unit.code for unit in found.missing] == ["x-2", "x-3", "x-4"]
    assert standing(question(), TREE.children("x"), []).total is None


def test_only_those_asked_count_and_a_unit_that_is_closed_is_asked_no_more() -> None:
    one = question(units=("x-1", "x-9"))

    units = asked_units(one, TREE)

    assert [unit.code for unit in units] == ["x-1"]
    assert closed_units(one, TREE) == ("x-9",)
    assert standing(one, units, [answer("x-1", 1, 2), answer("x-2", 1, 40)]).total == 2


def test_at_the_deadline_itself_an_answer_is_late() -> None:
    assert not is_late(answer("x-1", 1, 1, "09:59"), ONCE)
    assert is_late(answer("x-1", 1, 1, "10:00"), ONCE)
    assert last_answers([]) == {}


# --- when -------------------------------------------------------------------------------------------------------------------


def test_once_there_is_a_reminder_half_an_hour_before_and_the_deadline() -> None:
    found = moments(question(), [ONCE], instant("07:10"), instant("23:00"))

    assert [(one.what, one.at) for one in found] == [(What.NUDGE, instant("09:30")), (What.DUE, instant("10:00"))]


def test_a_short_round_is_reminded_halfway() -> None:
    assert nudge_at(Asked("Q", DAY, instant("08:00"), instant("08:20"))) == instant("08:10")


def test_a_daily_question_falls_due_every_day_from_its_first_on() -> None:
    found = moments(daily(), [], instant("00:00"), instant("23:59", DAY + timedelta(days=1)))

    assert [(one.what, one.at) for one in found] == [
        (what, instant(wall, DAY + timedelta(days=n)))
        for n in (0, 1)
        for what, wall in ((What.ASK, "07:00"), (What.NUDGE, "07:30"), (What.DUE, "08:00"))
    ]


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=6), st.booleans())
def test_an_interval_may_be_cut_anywhere_and_nothing_falls_due_twice(cuts: list[int], every_day: bool) -> None:
    one, rounds = (daily(), []) if every_day else (question(), [ONCE])
    marks = sorted(instant("00:00") + timedelta(minutes=cut) for cut in cuts)

    parts = [moment for a, b in pairwise(marks) for moment in moments(one, rounds, a, b)]

    assert parts == moments(one, rounds, marks[0], marks[-1])


@given(st.integers(-3000, 5000), st.booleans())
def test_the_next_moment_is_the_first_that_falls_due(minutes: int, every_day: bool) -> None:
    one, rounds = (daily(), []) if every_day else (question(), [ONCE])
    now = instant("00:00") + timedelta(minutes=minutes)

    found = next_moment(one, rounds, now)

    later = moments(one, rounds, now, now + timedelta(days=10))
    assert found == (later[0].at if later else None)


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN, State.DRAFT])
def test_what_is_not_open_falls_due_no_more(state: State) -> None:
    assert moments(daily(state=state), [ONCE], instant("00:00"), instant("23:00")) == []


@pytest.mark.parametrize(("now", "asked_at"), [("06:50", None), ("07:00", "07:00"), ("07:20", "07:20"), ("08:00", None)])
def test_a_daily_question_that_is_begun_between_its_hours_is_asked_at_once(now: str, asked_at: str | None) -> None:
    found = first_round(daily(), instant(now))

    assert (found.asked_at if found else None) == (instant(asked_at) if asked_at else None)


# --- hours ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wall", "days"),
    [
        ("10h", "10:00", 0),
        ("10 giờ 30", "10:30", 0),
        ("5 giờ chiều", "17:00", 0),
        ("17:00 hôm nay", "17:00", 0),
        ("10:00 ngày mai", "10:00", 1),
        ("trước 9h30 sáng mai", "09:30", 1),
        ("10h ngày 10/9", "10:00", 1),
        ("17:00 tomorrow", "17:00", 1),
    ],
)
def test_a_deadline_is_read_as_people_type_it(text: str, wall: str, days: int) -> None:
    due = parse_deadline(text, DAY)

    assert due == instant(wall, DAY + timedelta(days=days))
    assert from_written(written(due)) == due


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mai", "deadline_not_understood"),
        ("10", "deadline_not_understood"),
        ("24h", "deadline_not_understood"),
        ("10h 11h", "deadline_not_understood"),
        ("10h nhé mọi người", "deadline_not_understood"),
        ("10:00 hôm qua", "deadline_past_day"),
    ],
)
def test_what_is_no_deadline_is_refused(text: str, why: str) -> None:
    with pytest.raises(Misread) as refused:
        parse_deadline(text, DAY)

    assert refused.value.key == why


def test_an_hour_stands_alone() -> None:
    assert parse_hour("7g30") == time(7, 30)
    with pytest.raises(Misread):
        parse_hour("7g30 mai")
