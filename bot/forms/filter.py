"""By what somebody filters their list. Files nothing, and its one answer is taken at once."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import ShortText


class Filter(Form):
    name: ClassVar[str] = "filter"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    conditions: Annotated[ShortText, Ask()]
