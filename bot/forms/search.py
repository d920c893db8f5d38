"""Whom somebody looks for. Files nothing, and its one answer is taken at once."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import ShortText


class Search(Form):
    name: ClassVar[str] = "search"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    wanted: Annotated[ShortText, Ask()]
