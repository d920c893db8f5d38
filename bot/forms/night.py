"""The duty desk at night: a name, what is known of the source, how sure it is. A case comes of it, to be completed by day."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PersonName
from bot.domain.person import SUSPECTED_CASE, CaseClassification


class Night(Form):
    """From a suspected case's card it is how the result comes in at night: nothing that is known is asked again."""

    name: ClassVar[str] = "night"
    place: ClassVar[int] = 46
    needs: ClassVar[str] = "night"
    files_as: ClassVar[str] = "f0"
    builds_on: ClassVar[tuple[str, ...]] = ("f0",)

    full_name: Annotated[PersonName, Ask()]
    source: Annotated[LongText | None, Ask()] = None
    classification: Annotated[CaseClassification, Ask()]

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset({"full_name", "source"})

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & SUSPECTED_CASE)
