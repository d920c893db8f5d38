"""How a village reports, and whom the commune rings up there. Set by the commune; files no record."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import PersonName, Phone
from bot.domain.ways import Way


def _is_rung_up(answers: Answers) -> bool:
    return answers.get("way") in (Way.PHONE, Way.PAPER)


def _is_named(answers: Answers) -> bool:
    return _is_rung_up(answers) and answers.get("contact_name") is not None


class VillageWay(Form):
    """Whoever holds the village's head's role is rung up where nobody else is named."""

    name: ClassVar[str] = "village_way"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    needs: ClassVar[str] = "call"

    way: Annotated[Way, Ask()]
    contact_name: Annotated[PersonName | None, Ask(when=_is_rung_up, skip=True)] = None
    contact_phone: Annotated[Phone | None, Ask(when=_is_named, skip=True)] = None
