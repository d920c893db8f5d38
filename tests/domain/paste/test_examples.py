"""How much of what teams really write is understood, and how little of it wrongly (issue 4, part 8)."""

from __future__ import annotations

import unicodedata

import pytest

from bot.domain.vietnamese import fold

from .scoring import Example, examples, scored

FOUND, MISTAKEN = 0.90, 0.01
FIELD_MISTAKEN = 0.05  # of a single field, some of which stand in few examples

KNOWN, HELD_OUT = examples("examples"), examples("held_out")
each_file = pytest.mark.parametrize("given", [KNOWN, HELD_OUT], ids=["examples", "held_out"])
each_example = pytest.mark.parametrize("example", [*KNOWN, *HELD_OUT], ids=lambda example: example.text.strip()[:40])


def test_there_are_enough_examples() -> None:
    assert len(KNOWN) >= 120
    assert len(HELD_OUT) >= 40
    assert len({example.text for example in [*KNOWN, *HELD_OUT]}) == len(KNOWN) + len(HELD_OUT)


@each_file
def test_nine_of_ten_fields_are_found_and_one_of_a_hundred_is_wrong_at_most(given: list[Example]) -> None:
    table = scored(given)

    assert table.total.found >= FOUND, f"\n{table}"
    assert table.total.mistaken <= MISTAKEN, f"\n{table}"


@each_file
def test_no_single_field_is_often_wrong(given: list[Example]) -> None:
    table = scored(given)

    assert {name for name, score in table.fields.items() if score.mistaken > FIELD_MISTAKEN} == set(), f"\n{table}"


@each_example
def test_every_answer_names_the_text_it_was_read_from(example: Example) -> None:
    text = unicodedata.normalize("NFC", example.text)
    for person in example.read().people:
        assert person.line in text
        assert person.sources.keys() == person.answers.keys()
        for source in person.sources.values():
            assert all(piece in text for piece in source.split(", ")), source


@each_example
def test_only_invented_people_stand_in_the_examples(example: Example) -> None:
    for person in example.people:
        assert "mau" in fold(person.get("full_name", "mẫu")).replace("'", " ").split()
        assert person.get("phone", "+84900000").startswith("+84900000")
