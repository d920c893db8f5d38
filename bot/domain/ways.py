"""How a village reports, and which villages the commune rings up (N15). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.units import OrgUnit


class Way(StrEnum):
    """How a village reports; who types is an officer where it is not the app."""

    APP = "app"
    PHONE = "phone"
    PAPER = "paper"


MEDIA = "media"
"""The other means of a record besides the ways: typed in from a picture, a voice message or a file."""


def to_call(
    villages: Iterable[OrgUnit],
    reported: Collection[str],
    ways: Mapping[str, Way],
    awaited: Collection[str],
    tried: Mapping[str, datetime],
    silent_too: bool,
) -> tuple[OrgUnit, ...]:
    """The villages to ring up, in this order: not tried yet before tried, those least lately tried first.

    ``ways`` has those that are not on the app. With ``silent_too`` villages on the app that are silent belong to them, but for
    those that sent something that is yet to be typed in.
    """
    silent = [
        one for one in villages if one.code not in reported and (one.code in ways or (silent_too and one.code not in awaited))
    ]
    again = sorted((one for one in silent if one.code in tried), key=lambda one: tried[one.code])
    return (*(one for one in silent if one.code not in tried), *again)
