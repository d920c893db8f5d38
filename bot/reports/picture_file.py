"""The picture of a morning as it is asked for and as it is sent. Drawing is long work: what to draw goes with the asking."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.domain.deadlines import Timetable
from bot.domain.units import Tree
from bot.messages import Attachment
from bot.reports.book import file_name
from bot.reports.figures import Figures
from bot.reports.picture import PNG, picture
from bot.storage.work import Work
from bot.texts import Voice

PICTURE = "picture"
"""The kind of work."""

MOST_AS_PHOTO = 24  # tiles; chats scale a taller photo down until nothing can be read
_FILE = "application/octet-stream"


def for_chat(work_id: str, shown: Figures, day: date, chat: tuple[str, str, str], user: str, at: datetime) -> Work:
    """For whoever asked. ``day`` is that of the tree which names the units."""
    args = {"figures": shown.to_json(), "day": day.isoformat(), **dict(zip(("channel", "bot", "address"), chat, strict=True))}
    return Work(work_id, PICTURE, args, user, at)


def for_readers(work_id: str, shown: Figures, day: date, at: datetime) -> Work:
    """For everybody who got the unit's digest."""
    return Work(work_id, PICTURE, {"figures": shown.to_json(), "day": day.isoformat()}, None, at)


def asked(args: Any, tree: Tree) -> Figures:
    return Figures.from_json(args["figures"], tree)


def picture_file(shown: Figures, voice: Voice, timetable: Timetable) -> Attachment:
    """Up to 24 tiles it is sent as a photo, above as a file. Takes tenths of a second: call it in a worker."""
    name = file_name("picture", shown.unit.name, shown.report_day, voice)
    content = picture(shown, voice, timetable=timetable)
    return Attachment(name, content, PNG if len(shown.rows) <= MOST_AS_PHOTO else _FILE)
