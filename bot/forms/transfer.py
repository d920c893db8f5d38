"""Somebody belongs to another village: to which, and why. Files no record; the other village has to accept (N8)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, ShortText


class Transfer(Form):
    """Which of the villages of that name is meant is asked afterwards."""

    name: ClassVar[str] = "transfer"
    place: ClassVar[int] = 60
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    needs: ClassVar[str] = "transfer"
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "absence", "contact", "f0", "support", "symptoms")
    alone: ClassVar[bool] = False

    to: Annotated[ShortText, Ask()]
    reason: Annotated[LongText, Ask(offer=("moved", "wrong_village"))]

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()


class TransferReturn(Form):
    """The other village does not take somebody: why."""

    name: ClassVar[str] = "transfer_return"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    needs: ClassVar[str] = "transfer"

    reason: Annotated[LongText, Ask(offer=("not_here",))]
