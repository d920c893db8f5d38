"""Whatever people do, in whatever order: the engine holds."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.draft import PICK, REVIEW, Draft
from bot.conversation.engine import (
    Answer,
    Back,
    Cancel,
    Confirm,
    Edit,
    Event,
    Outcome,
    Resume,
    Skip,
    advance,
    event_of,
    opened,
)
from bot.conversation.form import Form, relevant_steps, steps
from bot.forms import forms

from .survey import TODAY, Survey

FORMS: list[type[Form]] = [*forms().values(), Survey]
PLAUSIBLE = (
    *("Lò Văn Mẫu", "1985", "36 tuổi", "0912 345 678", "hôm qua", "ngày mai", "9/9", "20/9", "12", "1.200", "TP. Hồ Chí Minh"),
    *("yes", "no", "male", "home", "0", "1", "worker", "medicine", "food", "suspect", "confirmed", "motorbike", "ong"),
    *("", " ", "\x00", "\ud800", "😀" * 50, "x" * 2000, "null", "*back", "~today"),
)


def events(form: type[Form]) -> st.SearchStrategy[Event]:
    names = [step.name for step in steps(form)]
    keys = sorted({option for step in steps(form) for option in step.options})
    values = st.one_of(st.sampled_from((*PLAUSIBLE, *keys)), st.text(max_size=20), st.none(), st.integers(), st.booleans())
    return st.one_of(
        st.builds(Answer, values),
        st.sampled_from([Back(), Skip(), Confirm(), Edit(), Resume()]),
        st.sampled_from([Edit(name) for name in (*names, "nonsense")]),
        st.just(Cancel()),
        st.builds(event_of, st.text(max_size=8)),
    )


def taps(draft: Draft, form: type[Form], today: date) -> list[Event]:
    """What the shown buttons offer; an offer stands for what the person would type."""
    shown = advance(form, draft, Resume(), today).prompt.choices
    return [Answer("hôm qua") if choice.key.startswith("~") else event_of(choice.key) for choice in shown]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_sequence_of_events_breaks_a_conversation(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMS))
    today = TODAY
    draft = opened(form, "D1", "04123-01", {}, {}, today).draft
    for _ in range(data.draw(st.integers(1, 25))):
        today += timedelta(days=data.draw(st.sampled_from([0, 0, 0, 1, 30])))
        event: Event = data.draw(st.one_of(events(form), st.sampled_from(taps(draft, form, today))))

        turn = advance(form, draft, event, today)

        assert turn.draft.revision - draft.revision in (0, 1)
        assert (turn.draft.at, turn.draft.answers) == (draft.at, draft.answers) or turn.draft.revision > draft.revision
        assert turn.draft.at in {step.name for step in relevant_steps(form, turn.draft.answers)} | {REVIEW, PICK}
        assert turn.draft.answers.keys() <= {step.name for step in relevant_steps(form, turn.draft.answers)}
        if turn.outcome is Outcome.FILED:
            given_ = {name: value for name, value in turn.draft.answers.items() if value is not None}
            form.model_validate(given_, context={"today": today, "answers": given_})
        if turn.outcome is not Outcome.OPEN:
            break
        draft = turn.draft


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_going_back_and_answering_the_same_changes_no_answer(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([form for form in FORMS if form.model_fields]))
    draft = opened(form, "D1", "04123-01", {}, {}, TODAY).draft
    for _ in range(data.draw(st.integers(2, 12))):
        likely: list[Event] = [*map(Answer, PLAUSIBLE[:24]), Skip()]
        event = data.draw(st.sampled_from(likely))
        draft = advance(form, draft, event, TODAY).draft
    answers = dict(draft.answers)

    back = draft
    for _ in range(data.draw(st.integers(1, 4))):
        back = advance(form, back, Back(), TODAY).draft
    assert back.answers == answers
    if back.at in answers and answers[back.at] is not None:
        step = next(step for step in steps(form) if step.name == back.at)
        same = answers[back.at]
        again = advance(form, back, Answer({True: "yes", False: "no"}[same] if isinstance(same, bool) else same), TODAY).draft

        assert again.answers == answers, step.name
