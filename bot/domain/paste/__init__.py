"""Paste to report (N3, N16): what teams write to each other, as answers to the forms.

In the domain and not beside the engine in ``conversation``, because it stands upon what lies here: phones, dates, names, the
types of answers. It knows nothing of cards or of saving; whoever shows a ``Reading`` lets the person confirm it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.paste.fragment import answers_in
from bot.domain.paste.message import read_message
from bot.domain.paste.reading import Counted, Found, NothingNew, Piece, Reading, Unread, Village
from bot.domain.paste.thread import messages
from bot.domain.paste.villages import Villages
from bot.domain.vietnamese import strip_unsafe

__all__ = ["Counted", "Found", "NothingNew", "Piece", "Reading", "Unread", "Village", "answers_in", "read"]


def read(text: str, today: date, villages: Sequence[Village] = (), senders: Mapping[str, str] | None = None) -> Reading:
    """Everything that is sure about a text; never raises for any text.

    ``today``: the day of reading in Vietnam; a message of a thread is read as of its own day. ``villages``: those of which it
    may speak. ``senders``: name as it stands in the thread -> code of the village for which that person reports. Every answer
    is as the form of its kind would store it; what contradicts itself or lies behind today is left out, and listed among what
    was not understood.
    """
    known = Villages(villages)
    reading = Reading()
    for said in messages(unicodedata.normalize("NFC", strip_unsafe(text)), today, senders or {}):
        reading += read_message(said, known, today)
    return reading
