"""The question whether somebody is known already: said in every language, left by back and cancel, answered by its buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.alike import AMEND, ANEW, ANOTHER, SAME, Meant
from bot.conversation.draft import ALIKE, REPEAT, REVIEW, Draft, Json
from bot.conversation.engine import Answer, Back, Cancel, Outcome, Resume, advance, event_of
from bot.forms.returnee import Returnee
from bot.texts import Voice, languages

TODAY = date(2021, 9, 9)
ONE: Json = {
    "id": "R1",
    "person": "Lò Văn Mẫu, 1985",
    "unit": "Bản Mẫu",
    "kind": "f0",
    "day": "2021-09-08",
    "same": ["full_name", "birth_year"],
    "differs": {"sex": "male", "phone": "+84900000001"},
}
ANSWERS = {"full_name": "lo van mau", "birth_year": 1985, "sex": "female", "phone": "+84900000002"}
REPEATED = {"person": "R1", "who": "Lò Văn Mẫu, 1985", "day": "2021-09-08", "by": "Vì Mẫu Hoa"}


def asked(*alike: Json) -> Draft:
    return Draft("D1", "returnee", 1, "v1", ALIKE, 7, ANSWERS, {"alike": list(alike)})


def repeated() -> Draft:
    return replace(asked(ONE), at=REPEAT, facts={"repeats": REPEATED})


def said(draft: Draft, language: str = "vi") -> str:
    voice = Voice(language, "anh")
    return "\n".join(voice(line) for line in advance(Returnee, draft, Resume(), TODAY).prompt.lines)


def test_what_agrees_and_what_differs_is_said() -> None:
    assert said(asked(ONE)) == (
        "Có thể đã có trong danh sách:\n"
        "Lò Văn Mẫu, 1985, Bản Mẫu\n"
        "Đã ghi 08/9/2021: Ca dương tính/nghi ngờ\n"
        "Giống: Họ và tên, Năm sinh\n"
        "Khác: Giới tính: đang có Nam, vừa nhập Nữ\n"
        "Khác: Điện thoại: đang có 0900 000 001, vừa nhập 0900 000 002\n"
        "\nCó phải cùng một người không?"
    )


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("draft", [asked(ONE), asked(ONE, {**ONE, "id": "R2"}), repeated()])
def test_every_language_can_ask_it(draft: Draft, language: str) -> None:
    prompt = advance(Returnee, draft, Resume(), TODAY).prompt
    labels = [Voice(language, "anh")(choice.label) for choice in prompt.choices]

    assert "Lò Văn Mẫu, 1985" in said(draft, language)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("draft", "meant"),
    [
        (asked(ONE), [SAME + "R1", ANOTHER]),
        (asked(ONE, {**ONE, "id": "R2"}), [SAME + "R1", SAME + "R2", ANOTHER]),
        (repeated(), [AMEND, ANEW]),
    ],
)
def test_every_button_of_it_ends_it(draft: Draft, meant: list[str]) -> None:
    keys = [choice.key for choice in advance(Returnee, draft, Resume(), TODAY).prompt.choices]
    events = [event for key in keys if isinstance(event := event_of(key), Meant)]
    assert [event.who for event in events] == meant

    turns = [advance(Returnee, draft, event, TODAY) for event in events]

    assert {turn.outcome for turn in turns} == {Outcome.FILED}
    assert [turn.draft.facts["meant"] for turn in turns] == meant


@pytest.mark.parametrize("draft", [asked(ONE), repeated()])
def test_it_is_left_by_going_back_to_the_card_or_cancelling(draft: Draft) -> None:
    assert advance(Returnee, draft, Back(), TODAY).draft.at == REVIEW
    assert advance(Returnee, draft, Cancel(), TODAY).outcome is Outcome.CANCELLED


@pytest.mark.parametrize("event", [Meant(SAME + "R9"), Meant(AMEND), Meant("nonsense"), Answer("1"), Answer("Lò Văn Mẫu")])
def test_what_was_not_offered_asks_again(event: Meant | Answer) -> None:
    turn = advance(Returnee, asked(ONE), event, TODAY)

    assert (turn.outcome, turn.draft) == (Outcome.OPEN, asked(ONE))


def test_a_button_of_it_means_nothing_anywhere_else() -> None:
    card = replace(asked(ONE), at=REVIEW, facts={"alike": [ONE], "repeats": REPEATED})

    for who in (SAME + "R1", ANOTHER, AMEND, ANEW):
        assert advance(Returnee, card, Meant(who), TODAY).outcome is Outcome.OPEN
