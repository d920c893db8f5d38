"""What is measured at a visit, as types of answers (see ``domain.answers``). Limits: ``rules/follow_up.toml``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, LiteralString

from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from bot.conversation.draft import Json
from bot.conversation.form import Shown
from bot.conversation.words import Say
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.health import doubted
from bot.domain.vietnamese import fold

_MEASURED = re.compile(
    r"(?:[a-z ]*[a-z][:= ]+)?(\d{1,4}(?:[.,]\d{1,2})?) ?(?:%|°? ?c|do(?: c)?|lan(?:/phut| mot phut)?|nhip(?:/phut)?)?\.?"
)


def measured(text: str) -> Decimal | None:
    """A value as people type it: "36,5", "36.5 độ", "98%", "spo2 98", "18 lần/phút"."""
    found = _MEASURED.fullmatch(fold(text).strip())
    return Decimal(found[1].replace(",", ".")) if found else None


def _plain(value: Decimal) -> str:
    """36.5, and 37 for 37.0."""
    return format(value.normalize(), "f")


def _vital(name: LiteralString) -> BeforeValidator:
    def read(value: Any) -> Decimal:
        found = measured(value) if isinstance(value, str) else value if isinstance(value, Decimal) else None
        if found is None:
            raise PydanticCustomError(f"{name}_not_understood", "not a measured value")
        doubt = doubted(follow_up_rules().vital[name], found)
        if doubt is None:
            return found
        if doubt.offer is not None:
            raise PydanticCustomError(f"{name}_meant", "ten times too high", {"meant": _plain(doubt.offer)})
        limits = {"lowest": _plain(doubt.lowest), "highest": _plain(doubt.highest)}
        raise PydanticCustomError(f"{name}_implausible", "cannot be true of a living person", limits)

    return BeforeValidator(read)


def _shown(value: Json) -> Say:
    whole, _, part = str(value).partition(".")
    return Say("value.decimal", whole=whole, part=part) if part else Say("value.as_written", value=whole)


_STORED = PlainSerializer(_plain, when_used="json")

Temperature = Annotated[Decimal, _vital("temperature"), _STORED, Shown(_shown)]
"""°C."""

SpO2 = Annotated[Decimal, _vital("spo2"), _STORED, Shown(_shown)]
"""%."""

Breathing = Annotated[Decimal, _vital("breathing"), _STORED, Shown(_shown)]
"""Breaths per minute."""
