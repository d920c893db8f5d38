"""Who sees to somebody's isolation at home from now on (R35). Without one it is who reported them, else the village's head."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import ShortText
from bot.domain.plans import ROLES


class Supervisor(Form):
    name: ClassVar[str] = "supervisor"
    place: ClassVar[int] = 56
    builds_on: ClassVar[tuple[str, ...]] = ROLES
    alone: ClassVar[bool] = False
    holds: ClassVar[bool] = False

    supervisor: Annotated[ShortText, Ask(lookup="team")]

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & {"quarantine_home", "f0_under_treatment"})
