"""A correction in words: "tuổi 45 không phải 54", "sđt 0912 345 678", "về ngày 5/9" (A10, N9). Pure.

Three ways lead from words to an answer, each sure or not taken: what the answer is called; what only one answer can be, as the
reader of pasted texts knows it; and what it was instead ("5/9 không phải 6/9" is whichever answer was 6/9). The report's own
questions say whether it can be. What was not understood is named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Form, Step, steps
from bot.domain.paste.facts import facts
from bot.domain.paste.fields import FIELDS
from bot.domain.paste.lines import PASSED_OVER, Line, scan, unknown
from bot.domain.paste.person import settled
from bot.domain.paste.reading import RETURNEE
from bot.domain.paste.villages import Villages
from bot.domain.paste.words import flat
from bot.domain.vietnamese import fold, marks, tidy

LONGEST = 500  # characters of a correction

_DENIED = r"(?:khong|ko|k|hong|kg|chang|chu khong|chu ko|chu k) phai(?: la)?"
_INSTEAD = re.compile(rf"(?:(?P<right>.*?)[ ,]+)??(?<!\w)(?:chu )?{_DENIED} (?P<wrong>.+?)(?:[ ,]+ma(?: la)? (?P<late>.+))?")
_CLAUSES = re.compile(r"[;\n]|,(?! *(?:chu|ko phai|khong phai|ma)\b)| va (?=\S)")  # of a folded text
_EITHER = re.compile(r"(?<!\w)(?:hay|hoac|hoac la|hay la)(?!\w)|\?")
_PLACES = ("came_from", "now_at", "contact_place")


@dataclass(frozen=True)
class Spoken:
    """How one language says the questions of a form: what each is called, and its options' labels by key."""

    labels: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Amendment:
    """``changes``: question -> its new canonical answer, None for "there is none". ``unread``: what meant nothing sure.

    ``same``: questions that were answered so already.
    """

    changes: Mapping[str, Json]
    unread: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


@dataclass
class _Reader:
    form: type[Form]
    current: Answers
    today: date
    spoken: Spoken
    found: dict[str, Json] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)  # questions of which two different things were said
    unread: list[str] = field(default_factory=list)

    def clause(self, text: str) -> None:
        bare = _stripped(text)
        if not bare:
            return
        if _EITHER.search(fold(bare)):
            self.unread.append(tidy(text))
            return
        said, wrong = _instead(bare)
        changes = self._none(said) if wrong is None else self._renamed(said, wrong)
        changes = changes or self._named(said) or (self._replaced(said, wrong) if wrong is not None else None)
        changes = changes or self._chosen(said) or self._pasted(said)
        if not changes:
            self.unread.append(tidy(text))
            return
        for name, value in changes.items():
            if name in _PLACES and name in self.found:
                self.found[name] = f"{self.found[name]}, {value}"  # "Quận 12, TP.HCM"
                continue
            if name in self.found and self.found[name] != value:
                self.doubtful.add(name)
                self.unread.append(tidy(text))
            self.found[name] = value

    # --- what it is called ------------------------------------------------------------------------------------------

    def _none(self, said: str) -> dict[str, Json] | None:
        """ "Không có điện thoại": of a question that may be passed over, that there is no answer."""
        for lead in _words("none"):
            rest = _behind(said, lead)
            names = {name for name, called, _ in self._called() if rest is not None and fold(rest) == fold(called)}
            step = self._step(names.pop()) if len(names) == 1 else None
            if step is not None and step.may_skip and not step.options:
                return {step.name: None}
        return None

    def _named(self, said: str) -> dict[str, Json] | None:
        """The longest of what an answer may be called stands first, and behind it what the question takes."""
        for name, called, shape in sorted(self._called(), key=lambda one: -len(one[1])):
            rest = _behind(said, called)
            step = self._step(name)
            if rest is None or step is None:
                continue
            value = _behind_any(rest, "is")
            read = self._read(step, shape.format(value)) if value else None
            if read is not None and (name != "full_name" or self._whole_name(str(read))):
                return {name: read}
        return None

    def _called(self) -> Iterator[tuple[str, str, str]]:
        """Question, what it may be called, and what becomes of what stands behind."""
        for step in steps(self.form):
            yield step.name, self.spoken.labels[step.name], "{}"
            yield from ((step.name, called, "{}") for called in _vocabulary().called.get(step.name, ()))
            yield from ((step.name, called, shape) for called, shape in _vocabulary().called_as.get(step.name, {}).items())

    def _step(self, name: str) -> Step | None:
        return next((step for step in steps(self.form) if step.name == name and not step.ask.lookup), None)

    def _read(self, step: Step, value: str) -> Json:
        """The canonical answer; None if the question does not take it."""
        if step.options:
            labels = {fold(label): key for key, label in self.spoken.options[step.name].items()}
            return step.read(labels[fold(value)], self.today, self.current) if fold(value) in labels else None
        try:
            return step.read(value, self.today, self.current)
        except ValidationError:
            return None

    def _whole_name(self, name: str) -> bool:
        """One word is a part of a name, and nobody said which."""
        return len(name.split()) > 1 or len(str(self.current.get("full_name") or "").split()) < 2

    # --- what it was instead ----------------------------------------------------------------------------------------

    def _replaced(self, said: str, wrong: str) -> dict[str, Json] | None:
        """The only question whose answer was what is denied, if it takes what was said."""
        was = [
            step
            for step in steps(self.form)
            if step.name != "full_name"
            and not step.ask.lookup
            and self.current.get(step.name) is not None
            and self._shaped(step, wrong) == self.current[step.name]
        ]
        read = self._shaped(was[0], said) if len(was) == 1 else None
        return {was[0].name: read} if read is not None else None

    def _shaped(self, step: Step, value: str) -> Json:
        """What a question takes, as it stands or as people shorten it: 54 is an age before it is a year."""
        shapes = _vocabulary().called_as.get(step.name, {}).values()
        return next((read for shape in (*shapes, "{}") if (read := self._read(step, shape.format(value))) is not None), None)

    def _renamed(self, said: str, wrong: str) -> dict[str, Json] | None:
        """The name with some of its words replaced by as many others: "Bình không phải Bính"."""
        words = str(self.current.get("full_name") or "").split()
        new, old = tidy(said).split(), tidy(wrong).split()
        if new and fold(new[0]) in ("ten", "ho", "dem", "chu"):
            new = new[1:]
        places = [at for at in range(len(words)) if _alike(words[at : at + len(old)], old)]
        step = self._step("full_name")
        if step is None or len(places) != 1 or len(new) != len(old) or _alike(new, old):
            return None
        name = self._read(step, " ".join([*words[: places[0]], *new, *words[places[0] + len(old) :]]))
        return {"full_name": name} if name is not None else None

    # --- what only one answer can be ----------------------------------------------------------------------------------

    def _chosen(self, said: str) -> dict[str, Json] | None:
        """The label of a choice that only one question offers; "có" and "không" answer many."""
        found = {
            step.name: key
            for step in steps(self.form)
            if step.vocabulary != "choice.bool"
            for key, label in self.spoken.options.get(step.name, {}).items()
            if fold(label) == fold(said)
        }
        return dict(found) if len(found) == 1 else None

    def _pasted(self, said: str) -> dict[str, Json] | None:
        """What the reader of pasted texts makes of the words, if it knows all of them."""
        kind = self.form.name if self.form.name in FIELDS and len(FIELDS[self.form.name]) > len(FIELDS[None]) else RETURNEE
        line = scan(said, Villages(()))
        stated = [fact for fact in facts(line, self.today) if fact.field not in ("_on", "_from")]
        if kind != self.form.name:
            stated = [fact for fact in stated if fact.field not in ("_place", "arrived_on", "quarantine_from")]
        if unknown(line, 0, len(line.text)) or _speaks_of_more(line):
            return None
        settled_now, refused = settled(kind, stated, self.today)
        taken = {
            name: value for name, (value, _) in settled_now.items() if self._step(name) is not None and name != "full_name"
        }
        return taken if taken and not refused and set(taken) == set(settled_now) - {"full_name"} else None


def read_amendment(form: type[Form], current: Answers, typed: str, today: date, spoken: Spoken) -> Amendment:
    """What a correction of these answers says; never raises for any text."""
    reader = _Reader(form, current, today, spoken)
    for clause in _clauses(typed[:LONGEST]):
        reader.clause(tidy(clause))
    found = {name: value for name, value in reader.found.items() if name not in reader.doubtful}
    after = {**current, **found}
    idle = {name for name in found if not any(step.name == name and step.relevant(after) for step in steps(form))}
    same = tuple(name for name, value in found.items() if current.get(name) == value and name in current)
    changes = {name: value for name, value in found.items() if name not in idle and name not in same}
    unread = [*reader.unread, *(tidy(typed) for _ in idle)]
    return Amendment(changes, tuple(dict.fromkeys(unread)), same)


@dataclass(frozen=True)
class _Vocabulary:
    """``amendments.toml``, with the groups' words the longest first."""

    called: Mapping[str, Sequence[str]]
    called_as: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, Sequence[str]]


@cache
def _vocabulary() -> _Vocabulary:
    loaded = tomllib.loads((Path(__file__).parent / "amendments.toml").read_text(encoding="utf-8"))
    groups = {name: sorted(loaded[name]["any"], key=lambda one: -len(one)) for name in ("is", "begins", "ends", "none")}
    return _Vocabulary(loaded["called"], loaded["called_as"], groups)


def _words(group: str) -> Sequence[str]:
    return _vocabulary().groups[group]


def _behind(text: str, lead: str) -> str | None:
    """What stands behind these words at the beginning of a text; None if they do not stand there.

    A mark that was left out is forgiven, a wrong one is not: "họ" is no "hộ".
    """
    words, wanted = text.split(), lead.split()
    if len(words) < len(wanted) or not all(map(_same_word, words, wanted)):
        return None
    return " ".join(words[len(wanted) :])


def _same_word(word: str, wanted: str) -> bool:
    bare = word.rstrip(":=")
    return fold(bare) == fold(wanted) and marks(bare) <= marks(wanted)


def _behind_any(text: str, group: str) -> str:
    """The text without the words of a group at its beginning."""
    found = next((rest for lead in _words(group) if (rest := _behind(text, lead)) is not None), None)
    return text.lstrip(":= ") if found is None else _behind_any(found, group)


def _stripped(text: str) -> str:
    """Without what only says that something is corrected, and without courtesies."""
    bare = _behind_any(text.strip(" .,!-–"), "begins")
    for tail in _words("ends"):
        words, end = bare.split(), tail.split()
        if len(words) >= len(end) and all(map(_same_word, (word.strip(".,!") for word in words[-len(end) :]), end)):
            return _stripped(" ".join(words[: -len(end)]))
    return bare.strip(" .,!-–")


def _instead(text: str) -> tuple[str, str | None]:
    """What is said, and what is denied: "45 không phải 54", "không phải 54 mà là 45"."""
    match = _INSTEAD.fullmatch(flat(text))
    if match is None:
        return text, None
    spans = {name: match.span(name) for name in ("right", "wrong", "late") if match[name]}
    said = " ".join(text[slice(*spans[name])].strip(" ,") for name in ("right", "late") if name in spans)
    return (_stripped(said), text[slice(*spans["wrong"])].strip(" ,.")) if said else (text, None)


def _clauses(text: str) -> Iterator[str]:
    start = 0
    for match in _CLAUSES.finditer(flat(text)):
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def _alike(words: Sequence[str], others: Sequence[str]) -> bool:
    return [word.casefold() for word in words] == [word.casefold() for word in others]


def _speaks_of_more(line: Line) -> bool:
    """Whether something was recognised that is no answer: a case, a count, a village, somebody's name."""
    more = ("f0", "contact", "count", "village", "zero", "elsewhere", "recovered", "still", "away")
    return any(sense.group in more and sense.group not in PASSED_OVER for sense in line.senses) or any(
        name.role == "other" for name in line.names
    )
