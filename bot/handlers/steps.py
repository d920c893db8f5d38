"""One step of a guided report. Everything here is free of the database, so that many steps are written together."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.draft import ALIKE, PICK, REPEAT, REVIEW, Draft, Token
from bot.conversation.engine import (
    BACK,
    CANCEL,
    OFFER,
    SKIP,
    Answer,
    Cancel,
    Edit,
    Event,
    Outcome,
    Resume,
    Several,
    Turn,
    advance,
    event_of,
    refreshed,
)
from bot.conversation.form import Form, label, relevant_steps
from bot.conversation.prompt import Choice, chosen, number_typed, plain
from bot.conversation.words import Say
from bot.domain.paste import answers_in
from bot.handlers.call import NOTICE_VERSION, Call
from bot.messages import Inbound, InboundKind
from bot.reports.phrases import HOME
from bot.reports.spoken import token_for
from bot.texts import Voice, languages


def form_of(call: Call) -> type[Form] | None:
    """The form of the open draft; None if there is no draft, or its form does not exist any more."""
    return call.desk.forms.get(call.draft.form) if call.draft else None


def current(call: Call, form: type[Form]) -> Turn:
    """The open question as it stands, with the draft brought up to today's version of the form."""
    assert call.draft is not None
    draft = refreshed(form, call.draft, call.today)
    if draft is not call.draft:
        call.keep(draft)
    return advance(form, draft, Resume(), call.today)


def reading(call: Call, form: type[Form], draft: Draft) -> Event | None:
    """What this message means to the open question; None if it is no answer to it."""
    message, asked = call.message, draft.at
    draft = refreshed(form, draft, call.today)
    if draft.at != asked:
        return None  # a question of an older version of the form, which is not asked any more
    match message.kind:
        case InboundKind.TAP:
            token = Token.parse(message.token)
            if token is None or (token.draft, token.revision) != (draft.id, draft.revision):
                return None
            return _spoken(call, event_of(token.choice))
        case InboundKind.CONTACT if message.contact is not None:
            return Answer(message.contact.phone if draft.at == "phone" else message.contact.name)
        case InboundKind.TEXT:
            return _typed(call, form, draft, message.text)
        case _:
            return None


def _spoken(call: Call, event: Event) -> Event:
    """An offered answer stands for its label."""
    if isinstance(event, Answer) and isinstance(event.value, str) and event.value.startswith(OFFER):
        return Answer(call.voice.word(f"offer.{event.value.removeprefix(OFFER)}"))
    return event


# What people type for these choices, whatever the button of the question is called.
_SAID_TOO = ((SKIP, "words_too.none"), ("yes", "words_too.done"), ("no", "words_too.not_yet"))
# What leads on in any question, whether or not it offers that; the engine says what cannot be.
_STEER = ((SKIP, "button.skip"), (BACK, "button.back"), (CANCEL, "button.cancel_draft"))


def _typed(call: Call, form: type[Form], draft: Draft, text: str) -> Event:
    """Free text: the label of a choice, or an answer. Digits are a menu only where nothing can be typed."""
    prompt = advance(form, draft, Resume(), call.today).prompt
    if draft.at in (REVIEW, PICK) and (line := _line_to_edit(call, form, draft, text)) is not None:
        return Edit(line)
    if not prompt.typed and (number := number_typed(text)) is not None:
        return event_of(_numbered([choice.key for choice in prompt.choices], number) or text)
    options = [(choice.key, call.voice(choice.label)) for choice in prompt.choices]
    keys = {key for key, _ in options}
    for choice, word in _SAID_TOO:
        if choice in keys and (choice != SKIP or prompt.typed):
            options.append((choice, call.voice.word(word)))
    options += [(choice, call.voice.word(word)) for choice, word in _STEER]
    key = chosen(text, options, prompt.typed, whole=(CANCEL,))
    if key is None and prompt.typed:
        key = _without_marks(call, form, draft, text, options)
    if key is None or (prompt.typed and not key.startswith(("*", OFFER))):
        more = answers_in(text, form.name, draft.at, call.today, draft.answers)
        return Several(more) if more else Answer(text)
    return _spoken(call, event_of(key))


def _numbered(keys: Sequence[str], number: int) -> str | None:
    """Buttons bear no numbers: a digit may count along the answers, but never hits "send" or "cancel"."""
    if any(key.isdecimal() for key in keys):
        return str(number)  # of "0, 1, 2 doses", 2 is no second button
    answers = [key for key in keys if not key.startswith("*")]
    return answers[number - 1] if 1 <= number <= len(answers) else None


def _line_to_edit(call: Call, form: type[Form], draft: Draft, text: str) -> str | None:
    """Of "sửa 3", "sua 3" or "sửa năm sinh", the question; "" for a line that the card has not. None for anything else."""
    words = {plain(call.voice.word("button.edit"))} | {plain(Voice(name).word("words_too.edit")) for name in languages()}
    verb, _, line = plain(text).partition(" ")
    if verb not in words or not line:
        return None
    lines = [(step.name, call.voice(label(form, step.name))) for step in relevant_steps(form, draft.answers)]
    return chosen(line, lines) or ""


def _without_marks(call: Call, form: type[Form], draft: Draft, text: str, options: Sequence[tuple[str, str]]) -> str | None:
    """The choice whose label this is but for its diacritics, where it is no answer: "huy" at the question for a phone."""
    key = next((key for key, label in options if plain(label) == plain(text)), None)
    return key if key is not None and advance(form, draft, Answer(text), call.today).draft == draft else None


def step(call: Call, form: type[Form], event: Event) -> Outcome:
    """Take one step and answer it. For FILED the caller files the report; the draft is as it was confirmed."""
    assert call.draft is not None
    turn = advance(form, refreshed(form, call.draft, call.today), event, call.today)
    if turn.outcome is Outcome.FILED:
        call.draft = turn.draft
        return turn.outcome
    if turn.outcome is Outcome.CANCELLED:
        call.close_draft()
        call.say(*turn.prompt.lines, rows=((HOME,),))
        return turn.outcome
    if turn.draft != call.draft:
        call.keep(turn.draft)
    call.show(turn.prompt)
    return turn.outcome


def in_words(call: Call) -> str | None:
    """The button whose words this message types; None if it types none.

    While free text is being asked for, a single word is an answer: "Thêm" may be somebody's name.
    """
    if call.message.kind is not InboundKind.TEXT:
        return None
    token = token_for(call.message.text, call.voice, call.desk.forms)
    form = form_of(call)
    if token is None or form is None or " " in call.message.text.strip():
        return token
    assert call.draft is not None
    typed = advance(form, refreshed(form, call.draft, call.today), Resume(), call.today).prompt.typed
    return None if typed else token


def asks_again(message: Inbound) -> bool:
    """Whether somebody types "?": what was the question?"""
    return message.kind is InboundKind.TEXT and bool(message.text.strip()) and not message.text.strip().strip("?？")


def quick(call: Call) -> bool:
    """Handle a plain form step without the database; False if the message is anything else."""
    form = form_of(call)
    if call.who is None or call.draft is None or form is None or call.message.group:
        return False
    if call.who.notice_version != NOTICE_VERSION or not call.who.roles:
        return False
    if call.message.kind is InboundKind.TEXT and call.message.text.startswith("/"):
        return False
    if call.misread is not None or asks_again(call.message) or in_words(call) is not None:
        return False
    if call.message.reply_to and call.message.kind is InboundKind.TEXT:
        return False  # it may answer the confirmation of a report
    event = reading(call, form, call.draft)
    if event is None or isinstance(event, Cancel):
        return False
    before = call.draft
    if step(call, form, event) is Outcome.FILED:
        call.draft, call.saved = before, None
        call.posts.clear()
        return False
    return True


def ask_again(call: Call, *before: Say) -> None:
    """Send the open question unasked. What is known of a person is not pushed: a card waits behind "Tiếp tục"."""
    form = form_of(call)
    assert call.draft is not None
    if form is not None and call.draft.at not in (REVIEW, PICK, ALIKE, REPEAT) and call.draft.at not in call.draft.answers:
        show_open(call, *before)
    else:
        call.say(*before, rows=((Choice("do:resume", Say("button.resume")), HOME),))


def show_open(call: Call, *before: Say) -> bool:
    """Show the open question again; False if there is none."""
    form = form_of(call)
    if form is None:
        return False
    turn = current(call, form)
    call.show(turn.prompt, fresh=True, before=before)
    return True


def aside(call: Call, *answer: Say, dedup: str | None = None) -> None:
    """Something that is no answer: say so, and show again what is open. ``dedup``: it is said once, however often it came."""
    form = form_of(call)
    if form is None:
        call.say(*answer, Say("menu.hint"), rows=((HOME,),), dedup=dedup)
    else:
        call.show(current(call, form).prompt, before=answer, dedup=dedup)
