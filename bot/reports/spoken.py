"""Commands as words: "tình hình", "thiếu", "về đầu". Whoever has no buttons types what the buttons would say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.conversation.form import Form
from bot.conversation.prompt import plain
from bot.texts import Voice, catalogue

# What a button or the list of words says, and the button it stands for.
_LABELS = {
    "button.menu": "do:menu",
    "button.resume": "do:resume",
    "menu.more": "do:more",
    "menu.people": "do:people",
    "menu.call_commune": "do:call",
    "menu.situation": "do:situation",
    "menu.missing": "do:missing",
    "menu.board": "do:board",
    "menu.shift": "do:shift",
    "shift.open": "do:shift",
    "menu.list": "do:list",
    "menu.search": "do:search",
    "menu.filter": "do:filter",
    "menu.decisions": "do:decisions",
    "lateness.button": "do:late",
    "forecast.button.remind": "do:remind",
    "menu.signing": "do:signing",
    "signing.button.open": "do:signing",
    "menu.table": "do:table",
    "menu.away": "do:away",
    "menu.help": "do:help",
    "menu.waiting": "do:waiting",
    "menu.invite": "do:invite",
    "menu.link": "do:link",
    "menu.complete": "do:complete",
    "menu.ask": "do:ask",
    "menu.asked": "do:answer",
    "question.button.open": "do:ask",
    "question.button.answer": "do:answer",
    "alert.take": "do:taken",
    "button.accounts": "do:accounts",
    "menu.doubles": "do:doubles",
    "menu.template": "do:template",
    "schedule.button.whom_to_call": "do:missing",
}
_OTHERS = "words."  # more words of a language for the same thing, below this key


def token_for(text: str, voice: Voice, forms: Mapping[str, type[Form]]) -> str | None:
    """The button that these words stand for, or None."""
    return _tokens(voice, tuple(form.name for form in forms.values() if form.files and form.alone)).get(plain(text))


@cache
def _tokens(voice: Voice, forms: tuple[str, ...]) -> Mapping[str, str]:
    tokens = {plain(voice.word(key)): token for key, token in _LABELS.items()}
    tokens |= {plain(voice.word(f"form.{name}.menu")): f"do:form:{name}" for name in forms}
    more = {key: str(word) for key, word in catalogue(voice.language).items() if key.startswith(_OTHERS)}
    return tokens | {plain(word): f"do:{key.removeprefix(_OTHERS).partition('.')[0]}" for key, word in more.items()}
