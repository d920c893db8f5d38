"""More than was asked, in one message: taken where all of it is understood, left alone where it is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.draft import Json
from bot.conversation.engine import Several, advance, opened
from bot.conversation.form import steps
from bot.domain.paste import answers_in
from bot.domain.paste.fields import FIELDS
from bot.forms import forms

from .test_paste import texts

TODAY = date(2021, 9, 9)
SON = {"full_name": "Lò Mẫu Sơn"}


def read(question: str, text: str, kind: str = "returnee", **known: Json) -> dict[str, Json]:
    return dict(answers_in(text, kind, question, TODAY, known))


TAKEN = [
    ("full_name", "Lò Mẫu Sơn 1985 nam 0900 000 101", {**SON, "birth_year": 1985, "sex": "male", "phone": "+84900000101"}),
    ("full_name", "lo mau son 1985 nam", {"full_name": "Lo Mau Son", "birth_year": 1985, "sex": "male"}),
    ("full_name", "Lò Mẫu Sơn, nam, chủ hộ Lò Thị Mẫu", {**SON, "sex": "male", "household": "Lò Thị Mẫu"}),
    ("full_name", "Lò Mẫu Sơn\n36 tuổi\n0900000101", {**SON, "birth_year": 1985, "phone": "+84900000101"}),
    ("birth_year", "1985 nam", {"birth_year": 1985, "sex": "male"}),
    ("sex", "nữ, 0900 000 101", {"sex": "female", "phone": "+84900000101"}),
    (
        "came_from",
        "Bình Dương hôm qua xe khách",
        {"came_from": "Bình Dương", "arrived_on": "2021-09-08", "transport": "coach"},
    ),
    ("came_from", "Hà Nội 5/9", {"came_from": "Hà Nội", "arrived_on": "2021-09-05"}),
    ("doses", "1 mũi ngày 20/8, đã khai báo y tế", {"doses": "1", "last_dose_on": "2021-08-20", "health_declared": True}),
    ("quarantine_type", "cách ly tại nhà từ 8/9", {"quarantine_type": "home", "quarantine_from": "2021-09-08"}),
]
LEFT_ALONE = [
    ("full_name", "Lò Mẫu Sơn"),  # one answer
    ("full_name", "Nguyễn Mẫu Nam"),  # a name, and no sex
    ("full_name", "Lò Thị Mẫu"),
    ("full_name", "Lò Mẫu Sơn 1985 và Quàng Mẫu Tuấn 1990"),  # two people
    ("full_name", "Lò Mẫu Sơn 1985 dương tính hôm qua"),  # another report
    ("full_name", "Lò Mẫu Sơn không phải 1985"),
    ("full_name", "Lò Mẫu Sơn 1985, nhà sau chùa Mẫu"),  # not all of it understood
    ("full_name", "Lò Mẫu Sơn 2050 nam"),
    ("birth_year", "1985"),
    ("phone", "0900 000 101"),
    ("came_from", "quận 12, TP. Hồ Chí Minh"),
    ("came_from", "Bình Dương ngày mai"),
    ("came_from", "Bình Dương, ghé quán Mẫu, xe nhà"),
    ("household", "Lò Thị Mẫu"),
    ("arrived_on", "nam 1985"),  # no answer to what is asked
]


@pytest.mark.parametrize(("question", "text", "expected"), TAKEN)
def test_what_is_understood_whole_answers_several_questions(question: str, text: str, expected: dict[str, Json]) -> None:
    assert read(question, text) == expected


@pytest.mark.parametrize(("question", "text"), LEFT_ALONE)
def test_what_is_one_answer_or_not_understood_whole_is_left_to_the_open_question(question: str, text: str) -> None:
    assert read(question, text) == {}


def test_what_contradicts_an_earlier_answer_is_left_to_the_open_question() -> None:
    assert read("birth_year", "1985 nam", sex="female") == {}
    assert read("birth_year", "1985 nam", sex="male") == {}  # nothing new but the year


def test_a_note_in_free_words_stays_one_note() -> None:
    assert read("support_note", "hết gạo, đang ở Bình Dương từ 5/8", "absence", needs_support=True) == {}


@given(texts, st.sampled_from(sorted(kind for kind in FIELDS if kind)), st.data())
def test_whatever_is_returned_is_taken_by_the_form(text: str, kind: str, data: st.DataObject) -> None:
    form = forms()[kind]
    names = [step.name for step in steps(form) if step.name in FIELDS[kind]]
    question = data.draw(st.sampled_from(names))
    found = answers_in(text, kind, question, TODAY, {})
    if not found:
        return
    draft = opened(form, "D1", "04123-01", {}, {}, TODAY).draft.moved(question)

    turn = advance(form, draft, Several(found), TODAY)

    assert turn.draft.answers.items() >= {name: value for name, value in found.items() if name in turn.draft.answers}.items()
    assert question in turn.draft.answers or not next(s for s in steps(form) if s.name == question).relevant(found)
