"""The types of answers, used as the engine uses them: one TypeAdapter per field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.conversation.form import Form, steps
from bot.domain.answers import (
    AnyDate,
    BirthYear,
    Count,
    Dates,
    FutureDate,
    LongText,
    MissingToday,
    PastDate,
    PersonName,
    PersonNames,
    Phone,
    PlaceName,
    ShortText,
)

TODAY = date(2021, 9, 9)
CONTEXT = {"today": TODAY, "answers": {}}
ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "PersonName": TypeAdapter(PersonName),
    "PersonNames": TypeAdapter(PersonNames),
    "BirthYear": TypeAdapter(BirthYear),
    "Phone": TypeAdapter(Phone),
    "PastDate": TypeAdapter(PastDate),
    "FutureDate": TypeAdapter(FutureDate),
    "AnyDate": TypeAdapter(AnyDate),
    "Count": TypeAdapter(Count),
    "Dates": TypeAdapter(Dates),
    "ShortText": TypeAdapter(ShortText),
    "LongText": TypeAdapter(LongText),
    "PlaceName": TypeAdapter(PlaceName),
}


class Everything(Form):
    """A form with one field of each kind."""

    full_name: PersonName
    born: BirthYear
    phone: Phone | None
    returned: PastDate
    expected: FutureDate
    tested: AnyDate
    doses: Count
    remark: ShortText
    story: LongText
    came_from: PlaceName


def read(kind: str, value: Any) -> Any:
    return ADAPTERS[kind].validate_python(value, context=CONTEXT)


def refusal(kind: str, value: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(ValidationError) as refused:
        read(kind, value)
    [error] = refused.value.errors()
    return error["type"], error.get("ctx", {})


ACCEPTED = [
    ("Dates", "15/9 và 22/9, hôm nay", [date(2021, 9, 9), date(2021, 9, 15), date(2021, 9, 22)]),
    ("Dates", "22/9\n22/9", [date(2021, 9, 22)]),
    ("Dates", ["2021-09-22"], [date(2021, 9, 22)]),
    ("PersonName", "lò văn a", "Lò Văn A"),
    ("PersonNames", "lò văn a", ["Lò Văn A"]),
    ("PersonNames", "1. Lò Văn A\n2) Và Bá Xô; - vì thị c,,\n", ["Lò Văn A", "Và Bá Xô", "Vì Thị C"]),
    ("PersonNames", "Lò Văn A, LÒ VĂN A", ["Lò Văn A"]),
    ("BirthYear", "36 tuổi", 1985),
    ("Phone", "0123 456 7890", "+84834567890"),
    ("PastDate", "hôm qua", date(2021, 9, 8)),
    ("PastDate", "10/9", date(2020, 9, 10)),
    ("PastDate", "hôm nay", TODAY),
    ("FutureDate", "8/9", date(2022, 9, 8)),
    ("FutureDate", "hôm nay", TODAY),
    ("AnyDate", "10/9", date(2021, 9, 10)),
    ("Count", "1.200", 1200),
    ("ShortText", "  ho,\n sốt ", "ho, sốt"),
    ("LongText", " dòng một \r\n\r\n dòng  hai\n", "dòng một\n\ndòng hai"),
    ("PlaceName", "TP.  Hồ Chí Minh", "TP. Hồ Chí Minh"),
    ("PlaceName", "x" * 120, "x" * 120),
]


@pytest.mark.parametrize(("kind", "typed", "value"), ACCEPTED)
def test_an_answer_becomes_its_canonical_value_and_survives_storage(kind, typed, value):
    adapter = ADAPTERS[kind]

    understood = read(kind, typed)

    assert understood == value
    assert type(understood) is type(value)
    assert read(kind, adapter.dump_python(understood, mode="json")) == value
    assert adapter.validate_json(adapter.dump_json(understood), context=CONTEXT) == value


@pytest.mark.parametrize(
    ("kind", "typed", "key", "params"),
    [
        ("PersonName", "A", "name_not_understood", {}),
        ("PersonName", "?!...", "name_not_understood", {}),
        ("PersonName", "Lò Văn 2", "name_not_understood", {}),
        ("PersonName", "0912345678", "name_not_understood", {}),
        ("PersonName", "ab " * 30, "text_too_long", {"most": 80}),
        ("PersonName", None, "name_not_understood", {}),
        ("PersonNames", " ,\n", "name_not_understood", {}),
        ("PersonNames", "Lò Văn A\n0912345678", "names_not_understood", {"text": "0912345678"}),
        ("PersonNames", ",".join(f"Lò Văn {a}{b}" for a in "ABCDEF" for b in "aeiouy"), "too_many_names", {"most": 30}),
        ("BirthYear", "abc", "birth_year_not_understood", {}),
        ("BirthYear", "2022", "birth_year_out_of_range", {"first": "1900", "last": "2021"}),
        ("BirthYear", 85, "birth_year_out_of_range", {"first": "1900", "last": "2021"}),
        ("BirthYear", True, "birth_year_not_understood", {}),
        ("Phone", "113", "phone_not_understood", {}),
        ("Phone", 912345678, "phone_not_understood", {}),
        ("PastDate", "31/2", "date_not_understood", {}),
        ("PastDate", "ngày mai", "date_in_future", {"today": "09/9/2021"}),
        ("PastDate", date(2021, 9, 10), "date_in_future", {"today": "09/9/2021"}),
        ("FutureDate", "hôm qua", "date_in_past", {"today": "09/9/2021"}),
        ("AnyDate", 20210909, "date_not_understood", {}),
        ("AnyDate", datetime(2021, 9, 9, 7), "date_not_understood", {}),  # noqa: DTZ001
        ("Count", "1_200", "count_not_understood", {}),
        ("Count", "-1", "count_not_understood", {}),
        ("Count", -1, "count_not_understood", {}),
        ("Count", 1.0, "count_not_understood", {}),
        ("Count", True, "count_not_understood", {}),
        ("Count", "1.000.001", "count_too_large", {"most": 1_000_000}),
        ("Count", 1_000_001, "count_too_large", {"most": 1_000_000}),
        ("ShortText", " \n ", "text_too_short", {"least": 1}),
        ("ShortText", "x" * 201, "text_too_long", {"most": 200}),
        ("LongText", "\x00", "text_too_short", {"least": 1}),
        ("LongText", "x" * 1001, "text_too_long", {"most": 1000}),
        ("PlaceName", "x", "text_too_short", {"least": 2}),
        ("PlaceName", "x" * 121, "text_too_long", {"most": 120}),
    ],
)
def test_a_refusal_is_the_key_of_a_sentence_and_its_parameters(kind, typed, key, params):
    assert refusal(kind, typed) == (key, params)


@pytest.mark.parametrize("kind", ["BirthYear", "PastDate", "FutureDate", "AnyDate"])
@pytest.mark.parametrize("context", [None, {}, {"today": None}, {"today": datetime(2021, 9, 9)}])  # noqa: DTZ001
def test_reading_a_date_without_saying_what_day_it_is_is_a_mistake_of_the_program(kind, context):
    with pytest.raises(MissingToday):
        ADAPTERS[kind].validate_python("1985", context=context)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [("PastDate", TODAY, "2021-09-09"), ("BirthYear", 1985, 1985), ("Phone", "+84912345678", "+84912345678")],
)
def test_storing_needs_no_context(kind, value, stored):
    assert ADAPTERS[kind].dump_python(value, mode="json") == stored


def test_a_whole_form_validates_and_stores_with_the_same_rules():
    typed = {
        "full_name": "LÒ VĂN A",
        "born": "85",
        "phone": None,
        "returned": "hôm kia",
        "expected": "ngày mai",
        "tested": "9/9",
        "doses": "không",
        "remark": "khỏe",
        "story": "a\nb",
        "came_from": "Bình Dương",
    }

    form = Everything.model_validate(typed, context=CONTEXT)

    assert form.returned == date(2021, 9, 7)
    assert Everything.model_validate(form.model_dump(mode="json"), context=CONTEXT) == form


def test_the_engine_learns_from_each_type_how_its_value_is_shown():
    show = {step.name: step.show for step in steps(Everything)}

    assert show["full_name"]("Lò Văn A") == "Lò Văn A"
    assert show["born"](1985) == "1985"
    assert show["phone"]("+84912345678") == "0912 345 678"
    assert show["returned"]("2021-09-09") == show["expected"]("2021-09-09") == show["tested"]("2021-09-09") == TODAY
    assert show["doses"](1200) == 1200


@given(st.sampled_from(sorted(ADAPTERS)), st.one_of(st.text(), st.text(alphabet="0123456789 ./-+tuổingàymaiước")))
def test_whatever_is_accepted_stores_and_reads_back_the_same(kind, typed):
    try:
        value = read(kind, typed)
    except ValidationError:
        return

    assert read(kind, ADAPTERS[kind].dump_python(value, mode="json")) == value
