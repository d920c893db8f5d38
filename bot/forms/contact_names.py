"""Contacts of a case by their names alone: one message at night. Each becomes a contact that is completed later."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import PersonNames, ShortText


class ContactNames(Form):
    """Files nothing of its own kind: every name becomes a ``Contact``."""

    name: ClassVar[str] = "contact_names"
    place: ClassVar[int] = 43
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    of_another: ClassVar[tuple[str, ...]] = ("f0",)

    names: Annotated[PersonNames, Ask()]
    source_case: Annotated[ShortText | None, Ask(lookup="cases")] = None
