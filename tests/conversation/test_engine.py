"""One step of a conversation: what is asked, what is understood, what is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.conversation.draft import PICK, REVIEW
from bot.conversation.engine import (
    Answer,
    Back,
    Cancel,
    Confirm,
    Edit,
    Outcome,
    Resume,
    Several,
    Skip,
    advance,
    event_of,
    opened,
)
from bot.conversation.words import Say

from .survey import FULL, TODAY, Survey, after, answering, begun, choices, says


def test_a_new_draft_asks_its_first_question() -> None:
    turn = opened(Survey, "D1", "04123-01", {}, {}, TODAY)

    assert (turn.draft.at, turn.draft.revision) == ("head", 1)
    assert says(turn) == ["form.survey.head.ask|field.head.ask"]
    assert choices(turn) == ["*cancel"]


def test_a_draft_of_which_everything_is_known_opens_at_the_card() -> None:
    assert begun(FULL).at == REVIEW


def test_what_was_understood_is_said_before_the_next_question() -> None:
    turn = after(begun(), Answer("  lò  văn mẫu "))

    assert turn.draft.answers == {"head": "Lò Văn Mẫu"}
    assert turn.prompt.lines[0] == Say(
        "draft.understood", label=Say("form.survey.head.label|field.head.label"), value="Lò Văn Mẫu"
    )
    assert says(turn)[1] == "form.survey.asks_help.ask|field.asks_help.ask"


def test_a_wrong_answer_is_explained_and_changes_nothing() -> None:
    draft = begun()

    turn = after(draft, Answer("12"))

    assert turn.draft == draft
    assert says(turn) == ["error.name_not_understood", "form.survey.head.ask|field.head.ask"]


def test_several_answers_in_one_message_are_taken_together_and_all_said() -> None:
    turn = after(begun(), Several({"head": "Lò Văn Mẫu", "asks_help": True, "need": "food"}))

    assert turn.draft.answers == {"head": "Lò Văn Mẫu", "asks_help": True, "need": "food"}
    assert says(turn) == ["draft.understood_several", "form.survey.visit_on.ask|field.visit_on.ask"]


def test_of_several_answers_the_one_that_a_question_refuses_is_asked_when_its_turn_comes() -> None:
    turn = after(begun(), Several({"head": "Lò Văn Mẫu", "asks_help": False, "need": "food", "visit_on": "2021-09-01"}))

    assert turn.draft.answers == {"head": "Lò Văn Mẫu", "asks_help": False}
    assert turn.draft.at == "visit_on"


def test_a_wrong_choice_names_one_that_is_right() -> None:
    turn = after(begun({"head": "Lò Văn Mẫu", "asks_help": True}), Answer("gạo"))

    assert turn.prompt.lines[0] == Say("error.choose", example=Say("choice.need.food"))


@pytest.mark.parametrize("typed", ["0", "1", "off", "t", "true", "", "đúng"])
def test_yes_or_no_is_only_yes_or_no(typed: str) -> None:
    turn = after(begun({"head": "Lò Văn Mẫu"}), Answer(typed))

    assert says(turn)[0] == "error.choose"
    assert "asks_help" not in turn.draft.answers


def test_only_relevant_questions_are_asked() -> None:
    turn = after(begun(), *answering("Lò Văn Mẫu", "no"))

    assert turn.draft.at == "visit_on"


def test_changing_an_answer_forgets_what_hung_on_it_down_the_chain() -> None:
    turn = after(begun(FULL), Edit("asks_help"), Answer("no"))

    assert turn.draft.answers == {"head": "Lò Văn Mẫu", "asks_help": False, "visit_on": "2021-09-10", "note": None}
    assert turn.draft.at == REVIEW


def test_what_becomes_relevant_is_asked_before_the_card() -> None:
    draft = begun({**FULL, "need": "food"})

    turn = after(draft, Edit("need"), Answer("medicine"))

    assert turn.draft.at == "patients"
    assert after(turn.draft, Answer("2"), Skip()).draft.at == REVIEW


def test_back_from_the_first_question_stays_there() -> None:
    turn = after(begun(), Back())

    assert turn.draft.at == "head"


def test_back_leads_over_questions_that_are_not_relevant_and_keeps_the_answers() -> None:
    draft = after(begun(), *answering("Lò Văn Mẫu", "no")).draft

    turn = after(draft, Back())

    assert turn.draft.at == "asks_help"
    assert turn.draft.answers == draft.answers
    assert turn.prompt.lines[-1] == Say("draft.so_far", value=Say("choice.bool.no"))


def test_back_from_the_card_leads_to_the_last_question() -> None:
    assert after(begun(FULL), Back()).draft.at == "note"


@pytest.mark.parametrize("field", ["head", "need", "note"])
def test_back_from_an_answer_that_was_to_be_edited_leads_to_the_card(field: str) -> None:
    turn = after(begun(FULL), Edit(field), Back())

    assert (turn.draft.at, turn.draft.answers) == (REVIEW, FULL)


def test_after_back_and_the_same_answer_one_is_where_one_was() -> None:
    draft = after(begun(), *answering("Lò Văn Mẫu", "yes", "medicine")).draft

    turn = after(draft, Back(), Back(), Answer("yes"))

    assert (turn.draft.at, turn.draft.answers) == (draft.at, draft.answers)


def test_a_question_that_may_be_missing_can_be_skipped_and_is_then_answered() -> None:
    draft = begun({key: value for key, value in FULL.items() if key != "note"})
    assert "*skip" in choices(after(draft, Resume()))

    turn = after(draft, Skip())

    assert turn.draft.answers["note"] is None
    assert turn.draft.at == REVIEW


def test_a_question_that_must_be_answered_cannot_be_skipped() -> None:
    draft = begun()
    assert "*skip" not in choices(after(draft, Resume()))

    turn = after(draft, Skip())

    assert turn.draft == draft
    assert says(turn)[0] == "error.required"


def test_a_conditional_question_is_not_skipped_unless_it_says_so() -> None:
    draft = begun({"head": "Lò Văn Mẫu", "asks_help": True, "need": "medicine"})

    assert after(draft, Skip()).draft.at == "patients"
    assert after(draft, Answer("2"), Skip()).draft.at == "visit_on"


@pytest.mark.parametrize("at", ["head", REVIEW, PICK])
def test_cancel_ends_it_anywhere(at: str) -> None:
    turn = after(replace(begun(FULL), at=at), Cancel())

    assert turn.outcome is Outcome.CANCELLED
    assert says(turn) == ["draft.cancelled"]


def test_the_card_shows_every_relevant_answer_and_the_warnings() -> None:
    turn = after(begun({**FULL, "patients": 12}), Resume())

    assert says(turn) == ["form.survey.review|review.title", *["review.line"] * 7, "review.warning"]
    assert choices(turn) == ["*send", "*edit", "*cancel"]


def test_edit_asks_which_answer_and_back_leaves_them_as_they_are() -> None:
    draft = begun(FULL)

    turn = after(draft, Edit())

    assert turn.draft.at == PICK
    assert choices(turn) == [f"*edit.{name}" for name in FULL] + ["*back"]
    assert after(turn.draft, Back()).draft.at == REVIEW


def test_an_edited_answer_leads_back_to_the_card() -> None:
    turn = after(begun(FULL), Edit(), event_of("*edit.patients"), Answer("3"))

    assert turn.draft.at == REVIEW
    assert turn.draft.answers == {**FULL, "patients": 3}


def test_what_is_not_asked_cannot_be_edited() -> None:
    draft = begun({**FULL, "need": "food"})

    assert after(draft, Edit("patients")).draft.at == PICK


def test_confirming_files_the_answers_as_they_stand() -> None:
    turn = after(begun(FULL), Confirm())

    assert turn.outcome is Outcome.FILED
    assert turn.draft.answers == FULL


@pytest.mark.parametrize("event", [Answer("anything"), Skip(), Edit("nothing like that")])
def test_at_the_card_only_its_buttons_mean_something(event: Answer | Skip | Edit) -> None:
    turn = after(begun(FULL), event)

    assert turn.outcome is Outcome.OPEN
    assert turn.draft.answers == FULL


@pytest.mark.parametrize("event", [Confirm(), Edit(), Edit("head")])
def test_the_buttons_of_the_card_mean_nothing_at_a_question(event: Confirm | Edit) -> None:
    draft = begun()

    turn = after(draft, event)

    assert turn.draft == draft
    assert says(turn)[0] == "draft.use_buttons"


def test_resuming_shows_the_open_question_and_changes_nothing() -> None:
    draft = after(begun(), Answer("Lò Văn Mẫu")).draft

    turn = after(draft, Resume())

    assert turn.draft == draft
    assert says(turn) == ["form.survey.asks_help.ask|field.asks_help.ask"]


def test_days_later_what_no_longer_holds_is_asked_again_and_the_rest_is_kept() -> None:
    later = date(2021, 9, 13)

    turn = after(begun(FULL), Confirm(), today=later)

    assert turn.outcome is Outcome.OPEN
    assert turn.draft.at == "visit_on"
    assert says(turn)[0] == "draft.ask_again"
    assert turn.draft.answers == {key: value for key, value in FULL.items() if key != "visit_on"}
    assert after(turn.draft, Answer("14/9"), Confirm(), today=later).outcome is Outcome.FILED


def test_offers_stand_beside_free_typing() -> None:
    turn = advance(Survey, begun({"head": "A B", "asks_help": True, "need": "medicine", "patients": 1}), Resume(), TODAY)

    assert turn.draft.at == "since"
    assert choices(turn) == ["~today", "~yesterday", "*skip", "*back", "*cancel"]
    assert turn.prompt.typed


def test_a_draft_on_the_day_after_still_means_the_day_that_was_meant() -> None:
    draft = after(begun({"head": "A B", "asks_help": True, "need": "medicine", "patients": 1}), Answer("hôm qua")).draft

    turn = after(draft, Answer("20/9"), Skip(), Confirm(), today=TODAY + timedelta(days=1))

    assert turn.draft.answers["since"] == "2021-09-08"
