"""What holds for every form, a new one included: being in ``bot/forms`` is enough to be tested here."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from pydantic import ValidationError

from bot.clock import window_of
from bot.conversation.draft import PICK, REVIEW, Draft, Token
from bot.conversation.engine import BACK, OFFER, Answer, Back, Resume, advance, event_of, problem, refreshed
from bot.conversation.form import Form, relevant_steps, steps, unanswered
from bot.conversation.numbers import listed
from bot.conversation.prompt import Prompt, chosen
from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.domain.indicators import flows, stocks
from bot.handlers.lookups import LOOKUPS
from bot.texts import Voice

from .walking import EVERY, FILING, LANGUAGES, TODAY, WRONG, Place, completed, filed, name_of, opening, reachable, said

every_form = pytest.mark.parametrize("form", EVERY, ids=name_of)
every_filing_form = pytest.mark.parametrize("form", FILING, ids=name_of)
every_language = pytest.mark.parametrize("language", LANGUAGES)
EXAMPLE = {"vi": "Ví dụ", "en": "Example"}


@every_form
@every_language
def test_every_prompt_has_its_words(form: type[Form], language: str) -> None:
    for place in reachable(form):
        for say in (*place.turn.prompt.lines, *(choice.label for choice in place.turn.prompt.choices)):
            assert said(language, say).strip(), say


@every_filing_form
@every_language
def test_menus_and_buttons_have_their_words(form: type[Form], language: str) -> None:
    for key in ("title", *(("menu", "command") if form.alone else ()), *(("about",) if form.builds_on else ())):
        assert said(language, Say(f"form.{form.name}.{key}"))
    for group in form.shared:
        assert said(language, Say(f"form.{form.name}.again.{group}"))
    for kind in form.of_another:
        assert said(language, Say(f"form.{form.name}.of_another"))
        assert said(language, Say(f"form.{kind}.others"))
    if form.alone:
        assert said(language, Say(f"form.{form.name}.command")).isascii()


@every_language
def test_no_two_forms_or_commands_are_called_the_same(language: str) -> None:
    alone = [form for form in FILING if form.alone]
    for key, named in (("title", FILING), ("menu", alone), ("command", alone)):
        called = [said(language, Say(f"form.{form.name}.{key}")) for form in named]
        assert len(set(called)) == len(called)


@every_form
def test_what_a_form_builds_on_and_what_a_history_shows_exists(form: type[Form]) -> None:
    assert set(form.builds_on) <= {other.name for other in EVERY}
    assert set(form.of_another) <= {other.name for other in EVERY}
    assert not set(form.of_another) & set(form.builds_on)
    assert {step.ask.lookup for step in steps(form) if step.ask.lookup} <= LOOKUPS.keys()
    assert set(form.shows) <= set(form.model_fields)
    assert form.alone or form.builds_on


@every_form
def test_every_warning_has_its_words(form: type[Form]) -> None:
    answers = {**opening(form).draft.answers, **filed(form)[0].answers}
    for filed_before in ({}, {"returnees_new": 7, "away_new": 7, "f0_new": 7}):
        for warning in form.check(answers, {"filed": filed_before}):
            for language in LANGUAGES:
                assert said(language, warning)


@every_form
def test_every_question_can_go_back_except_the_first(form: type[Form]) -> None:
    for place in questions(form):
        relevant = [step.name for step in relevant_steps(form, place.draft.answers)]
        offered = [choice.key for choice in place.turn.prompt.choices]
        first = place.draft.at == relevant[0] and place.draft.answers.keys() < set(relevant)
        assert (BACK in offered) is not first

        turn = advance(form, place.draft, Back(), TODAY)

        assert turn.draft.answers == place.draft.answers
        assert (turn.draft.at == place.draft.at) is first


@every_form
def test_a_draft_survives_json_everywhere(form: type[Form]) -> None:
    for place in reachable(form):
        stored = Draft(**json.loads(json.dumps(asdict(place.draft))))

        assert stored == place.draft
        assert advance(form, stored, Resume(), TODAY).prompt == advance(form, place.draft, Resume(), TODAY).prompt


@every_form
@every_language
def test_every_wrong_answer_is_told_a_right_one(form: type[Form], language: str) -> None:
    for step in steps(form):
        complaints = set()
        for text in WRONG:
            try:
                step.read(text, TODAY, {})
            except ValidationError as error:
                complaints.add(said(language, problem(error, step)))
        assert complaints, f"{step.name} takes everything"
        for complaint in complaints:
            assert EXAMPLE[language] in complaint, (step.name, complaint)


@every_form
@every_language
def test_every_choice_can_be_made_without_buttons(form: type[Form], language: str) -> None:
    voice = Voice(language)
    for place in reachable(form):
        labels = [voice(choice.label) for choice in place.turn.prompt.choices]
        assert len(set(labels)) == len(labels), labels
        shown = listed([(choice.key, voice(choice.label)) for choice in place.turn.prompt.choices], place.turn.prompt.typed)
        assert [shown.meant(option.number or option.label) for option in shown.options] == [
            option.token for option in shown.options
        ]
        for number, label in enumerate(labels, start=1):
            expected = place.turn.prompt.choices[number - 1].key
            assert choice_by(place.turn.prompt, voice, label) == expected
            if not place.turn.prompt.typed:
                assert choice_by(place.turn.prompt, voice, str(number)) == expected


@every_form
def test_a_number_means_the_choice_that_it_numbers(form: type[Form]) -> None:
    voice = Voice()
    for place in questions(form):
        step = next(step for step in steps(form) if step.name == place.draft.at)
        for number, option in enumerate(step.options, start=1):
            event = event_of(choice_by(place.turn.prompt, voice, str(number)) or "")

            assert advance(form, place.draft, event, TODAY) == advance(form, place.draft, Answer(option), TODAY)


def choice_by(prompt: Prompt, voice: Voice, text: str) -> str | None:
    return chosen(text, [(choice.key, voice(choice.label)) for choice in prompt.choices], typed=prompt.typed)


@every_form
def test_every_way_through_the_choices_ends_at_the_card(form: type[Form]) -> None:
    assert filed(form)
    for place in questions(form):
        assert completed(form, place.draft).at == REVIEW


@every_form
def test_what_is_filed_satisfies_the_model_and_counts_only_known_indicators(form: type[Form]) -> None:
    window = window_of(TODAY, Timetable().cut_off)
    for draft in filed(form):
        given = {name: value for name, value in draft.answers.items() if value is not None}

        counted = form.model_validate(given, context={"today": TODAY, "answers": given}).entries(window)

        assert counted.keys() <= flows()
        assert all(n >= 0 for n in counted.values())
        assert form.stands(draft.answers, frozenset()) <= stocks()


@every_form
def test_a_form_for_which_a_name_is_enough_takes_less_than_it_asks(form: type[Form]) -> None:
    if form.partial:
        known = {"full_name": "Lò Văn Mẫu", "classification": "suspect"}
        given = {name: value for name, value in known.items() if name in form.model_fields}

        assert form.model_validate(given, context={"today": TODAY, "answers": given})
        assert unanswered(form, given)


@every_form
def test_every_button_fits_the_platform(form: type[Form]) -> None:
    for place in reachable(form):
        for choice in place.turn.prompt.choices:
            payload = str(Token(place.draft.id, 99_999, choice.key))
            assert payload.isascii()
            assert len(payload) <= 64
            assert Token.parse(payload) == Token(place.draft.id, 99_999, choice.key)


@every_form
def test_every_offer_is_an_answer_in_every_language(form: type[Form]) -> None:
    for step in steps(form):
        for offer in step.ask.offer:
            for language in LANGUAGES:
                assert step.read(said(language, Say(f"offer.{offer}")), TODAY, {})


@every_form
def test_what_one_more_person_shares_are_questions_of_the_form(form: type[Form]) -> None:
    for group in form.shared.values():
        assert set(group) < {step.name for step in steps(form)}


@every_form
def test_a_draft_of_the_version_before_goes_on(form: type[Form]) -> None:
    for place in reachable(form):
        older = replace(place.draft, version=form.version - 1)

        newer = refreshed(form, older, TODAY)

        assert newer.answers == place.draft.answers
        assert newer.version == form.version
        advance(form, newer, Resume(), TODAY)


def questions(form: type[Form]) -> list[Place]:
    """The places where a question of the form is open."""
    return [place for place in reachable(form) if place.draft.at not in (REVIEW, PICK)]


def test_an_offer_is_no_key_of_a_choice() -> None:
    assert not any(option.startswith((OFFER, "*")) for form in EVERY for step in steps(form) for option in step.options)
