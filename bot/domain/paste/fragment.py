"""More than was asked, typed at one question: "Lò Mẫu Sơn, 1985, nam", "Bình Dương hôm qua, xe khách"."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date

from bot.conversation.draft import Json
from bot.domain.answers import LongText, PersonName
from bot.domain.paste.facts import facts
from bot.domain.paste.fields import FIELDS, asked, canonical
from bot.domain.paste.lines import Line, unknown
from bot.domain.paste.parts import Part, parts
from bot.domain.paste.person import kind_of, settled
from bot.domain.paste.reading import Fact
from bot.domain.paste.villages import Villages
from bot.domain.vietnamese import strip_unsafe

_LONGEST = 1000  # characters; what is longer is a text of its own and no answer
_NOT_ANSWERS = {"_to"}  # "về bản" says where to, which nobody asks


def answers_in(text: str, kind: str, question: str, today: date, given: Mapping[str, Json]) -> Mapping[str, Json]:
    """The answers to this report's questions that a text gives, by field, as the form would store them.

    ``question`` is the one that is open, ``given`` what was answered before: the answer to the first is among those returned,
    and none contradicts the latter. Empty unless there are two or more, all of the text was understood, and it speaks of one
    person and of this report: half an understanding would file something that nobody said. A name or a note that is an answer
    as it stands stays one, since "Nam" and "Hà" are names too.
    """
    kinds = FIELDS.get(kind, {})
    if question not in kinds or len(text) > _LONGEST:
        return {}
    if kinds[question] in (PersonName, LongText) and canonical(kind, question, text, today) is not None:
        return {}
    lines = [part for part in parts(unicodedata.normalize("NFC", strip_unsafe(text)), Villages(())) if part is not None]
    if any(unknown(part.line, 0, len(part.line.text)) for part in lines):
        return {}
    found = _read(lines, kind, today)
    if question not in found or any(given[name] != found[name] for name in found if name in given and name != question):
        return {}
    together = asked(kind, {**given, **found})
    new = {name: value for name, value in together.items() if name in found and (name == question or name not in given)}
    return new if len(new) > 1 else {}


def _read(lines: list[Part], kind: str, today: date) -> Mapping[str, Json]:
    """Every answer in these lines; none if something in them was refused or contradicts itself."""
    if any(_passed_over(part.line, today) for part in lines):
        return {}
    names = [name for part in lines for name in part.line.names if name.role == "person"]
    said: list[Fact] = [fact for part in lines for fact in facts(part.line, today) if fact.field not in _NOT_ANSWERS]
    if len(names) > 1 or kind_of(said) not in (None, kind) or any(fact.corrects or fact.field == "_not" for fact in said):
        return {}
    told, refused = settled(kind, said, today)
    if refused:
        return {}
    answers = {name: value for name, (value, _) in told.items()}
    for name in names:
        full = canonical(kind, "full_name", name.full, today) if name.full else None
        if full is None:
            return {}
        answers["full_name"] = full
    return answers


def _passed_over(line: Line, today: date) -> bool:
    """Whether a number was recognised and nothing made of it, as of "2050", which is no year of birth."""
    used = [(fact.start, fact.start + len(fact.source)) for fact in facts(line, today)]
    return any(
        sense.group != "noise"
        and any(c.isdigit() for c in line.text[sense.start : sense.end])
        and not any(start <= sense.start < end for start, end in used)
        for sense in line.senses
    )
