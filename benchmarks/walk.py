"""What every chat of a run does, round after round: file a returnee as people do, typing what must be typed, tapping the rest.

Questions and choices come from the form itself, so that all bots of a run say the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.conversation.engine import CONFIRM, SKIP
from bot.conversation.form import Step, relevant_steps
from bot.forms.returnee import Returnee
from bot.texts import Voice

COMMAND = "nguoive"
TYPED = ("full_name", "birth_year", "phone")
FAMILIES = ("Lò", "Hoàng", "Quàng", "Cầm", "Lường", "Tòng", "Hà", "Vì", "Mùa", "Giàng", "Nguyễn", "Trần", "Bùi")
GIVEN = ("An", "Bình", "Chung", "Dũng", "Hải", "Hùng", "Khánh", "Lâm", "Mạnh", "Nam", "Phong", "Quân", "Sơn", "Thắng", "Việt")
TAPPED = {
    "sex": "male",
    "household": SKIP,
    "came_from": "~hcmc",
    "arrived_on": "~yesterday",
    "transport": "motorbike",
    "doses": "0",
    "health_declared": "yes",
    "quarantine_type": "home",
    "quarantine_from": "~today",
}


@dataclass(frozen=True)
class Act:
    """One step: a text that is typed, or the key of the button that is tapped."""

    what: str
    tapped: bool

    def typed(self, report: int) -> str:
        """The text, of which a field's name stands for its answer in this report.

        Everybody is another person, or the bot would ask whether they are one.
        """
        match self.what:
            case "full_name":
                return f"{FAMILIES[report % 13]} {GIVEN[report // 13 % 15]} {GIVEN[report // 195 % 15]}"
            case "birth_year":
                return str(1940 + report * 7 % 70)
            case "phone":
                return f"0912{report % 1_000_000:06}"
            case text:
                return text


@dataclass(frozen=True)
class Question:
    """What an ordinary bot asks: the field, its words, and rows of (key, label)."""

    field: str
    text: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


def _answered() -> tuple[tuple[Step, str], ...]:
    found: dict[str, str] = {}
    asked = []
    while step := next((s for s in relevant_steps(Returnee, found) if s.name not in found), None):
        found[step.name] = TAPPED.get(step.name, step.name)
        asked.append((step, found[step.name]))
    return tuple(asked)


@cache
def acts() -> tuple[Act, ...]:
    """The command, one answer a question, and "send"."""
    answers = [Act(answer, step.name not in TYPED) for step, answer in _answered()]
    return (Act(f"/{COMMAND}", tapped=False), *answers, Act(CONFIRM, tapped=True))


@cache
def questions() -> tuple[Question, ...]:
    """What stands open after each act but the last: the questions, and the card with "send"."""
    voice = Voice()
    asked = [
        Question(
            step.name,
            voice.word(f"form.returnee.{step.name}.ask|field.{step.name}.ask"),
            _pairs([(key, voice.word(f"{step.vocabulary}.{key}")) for key in step.options])
            + _pairs([(f"~{key}", voice.word(f"offer.{key}")) for key in step.ask.offer])
            + ((((SKIP, voice.word("button.skip")),),) if step.may_skip else ()),
        )
        for step, _ in _answered()
    ]
    return (*asked, Question("card", voice.word("form.returnee.title"), (((CONFIRM, voice.word("button.send")),),)))


def _pairs(choices: list[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(choices[start : start + 2]) for start in range(0, len(choices), 2))
