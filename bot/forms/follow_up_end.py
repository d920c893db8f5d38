"""Nobody follows somebody any more: their time is over, they need not be followed, or nobody knows where they are (A6)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PastDate
from bot.domain.due import FOLLOW_UP_END
from bot.domain.follow_up import FollowUpStatus
from bot.domain.person import FOLLOWED_CONTACT, QUARANTINE


class FollowUpEnding(StrEnum):
    """The ends of a follow-up; ``canceled``: moved away, or followed by mistake."""

    COMPLETED = FollowUpStatus.COMPLETED.value
    CANCELED = FollowUpStatus.CANCELED.value
    LOST = FollowUpStatus.LOST.value


class FollowUpEnd(Form):
    """An isolation that ends so has not been finished: it is in no figure of finished ones."""

    name: ClassVar[str] = FOLLOW_UP_END
    place: ClassVar[int] = 54
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "contact")
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("ending", "ended_on")

    ending: Annotated[FollowUpEnding, Ask()]
    ended_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    note: Annotated[LongText | None, Ask()] = None

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & (QUARANTINE | FOLLOWED_CONTACT))

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        return before - QUARANTINE - FOLLOWED_CONTACT
