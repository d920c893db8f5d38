"""The number under which a day's report was signed on paper; files no record."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import ShortText


class Paper(Form):
    name: ClassVar[str] = "paper"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False

    number: Annotated[ShortText, Ask()]
