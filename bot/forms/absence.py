"""A person away from the province (R1, R2), with the three independent statuses of R4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import BirthYear, FutureDate, LongText, PersonName, Phone, PlaceName
from bot.domain.person import AWAY, AbsenceGroup, Doses
from bot.domain.vaccine import dose_doubts


def _still_away(answers: Answers) -> bool:
    return answers.get("returned") is False


def _needs_support(answers: Answers) -> bool:
    return answers.get("needs_support") is True


class Absence(Form):
    name: ClassVar[str] = "absence"
    place: ClassVar[int] = 30
    menu: ClassVar[str] = "people"
    shows: ClassVar[tuple[str, ...]] = ("now_at", "expected_return")
    shared: ClassVar[Mapping[str, tuple[str, ...]]] = {"household": ("household", "group", "now_at", "returned")}

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear, Ask()]
    group: Annotated[AbsenceGroup, Ask()]
    household: Annotated[PersonName | None, Ask()] = None
    phone: Annotated[Phone | None, Ask()] = None
    now_at: Annotated[PlaceName, Ask(offer=("hcmc", "binh_duong", "dong_nai", "ha_noi"))]
    doses: Annotated[Doses, Ask()]
    returned: Annotated[bool, Ask()]
    expected_return: Annotated[FutureDate | None, Ask(when=_still_away, skip=True)] = None
    contacted: Annotated[bool, Ask()]
    needs_support: Annotated[bool, Ask()]
    support_note: Annotated[LongText | None, Ask(when=_needs_support, skip=True)] = None

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return dose_doubts(answers, facts)

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"away_new": 1}

    @classmethod
    def repeats(cls, answers: Answers, earlier: Answers) -> bool:
        return True  # whoever is away is away once; since when, nobody is asked

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        stocks = {
            "away_total",
            "away_returned" if answers.get("returned") else "away_not_returned",
            "away_contacted" if answers.get("contacted") else "away_not_contacted",
        }
        if answers.get("needs_support"):
            stocks.add("away_need_support")
        return (before - AWAY) | stocks
