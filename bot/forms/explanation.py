"""Why a declared figure and its list differ; and a figure that those above have from elsewhere. Neither files a record."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import Count, LongText


class Explain(Form):
    name: ClassVar[str] = "explain"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False

    explanation: Annotated[LongText, Ask()]


class Compared(StrEnum):
    """The figures of a commune that are compared with those of others."""

    AWAY_TOTAL = "away_total"
    RETURNEES_NEW = "returnees_new"
    RETURNEES_TOTAL = "returnees_total"
    QUARANTINE_INSTITUTIONAL = "quarantine_institutional"
    QUARANTINE_HOME = "quarantine_home"
    F1_FOLLOWED = "f1_followed"
    F0_NEW = "f0_new"
    F0_UNDER_TREATMENT = "f0_under_treatment"


class FigureAbove(Form):
    name: ClassVar[str] = "figure_above"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False

    indicator: Annotated[Compared, Ask()]
    n: Annotated[Count, Ask()]
