"""One cell of a list whose column is known: the same words as in a text, read under the label of the column."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date

from bot.conversation.draft import Json
from bot.domain.paste.facts import facts
from bot.domain.paste.fields import FIELDS
from bot.domain.paste.parts import parts
from bot.domain.paste.person import settled
from bot.domain.paste.tables import label_of
from bot.domain.paste.villages import Villages
from bot.domain.vietnamese import strip_unsafe


def cell_answers(heading: str, cell: str, kind: str, today: date) -> Mapping[str, Json]:
    """What a cell under this heading answers in a report of this kind, by field, as the form would store it.

    Empty for a heading that no table of a text has, and for what was not understood.
    """
    label = label_of(heading)
    if not label or kind not in FIELDS:
        return {}
    text = unicodedata.normalize("NFC", strip_unsafe(f"{label}: {cell}"))
    lines = [part.line for part in parts(text, Villages(())) if part is not None]
    told, refused = settled(kind, [fact for line in lines for fact in facts(line, today)], today)
    return {} if refused else {name: value for name, (value, _) in told.items()}
