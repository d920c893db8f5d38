"""Until when somebody is away, typed. Files nothing, and its one answer is taken at once."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import FutureDate


class Away(Form):
    name: ClassVar[str] = "away"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    until: Annotated[FutureDate, Ask()]
