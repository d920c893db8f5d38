"""The mail that carries a unit's papers: subject, text, files. Pure; ``bot.channels.mail`` sends it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.clock import vietnam_day
from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.messages import Attachment, Mail
from bot.reports.book import Made
from bot.reports.figures import DEFAULTS, Figures
from bot.reports.phrases import clock, instant
from bot.texts import Voice


def report_mail(
    figures: Figures,
    lines: Sequence[Say],
    files: Sequence[Attachment],
    made: Made,
    voice: Voice,
    *,
    to: Sequence[str],
    reply_to: str,
    message_id: str,
    without_pdf: bool = False,
    timetable: Timetable = DEFAULTS,
) -> Mail:
    """The mail of a digest, whose sentences are ``lines``. ``without_pdf`` says in it that there is no PDF.

    A mail's text and subject show on locked screens and pass many servers: counts and places only. Files may name people.
    """
    until = min(figures.as_of, timetable.window(figures.days.last).end)
    hour = clock(until) if vietnam_day(until) == figures.report_day else instant(until)
    subject = Say("mail.subject", unit=figures.unit.name, day=figures.report_day, until=hour)
    body = [
        voice.word("mail.greeting"),
        voice(Say("mail.carries", unit=figures.unit.name, day=figures.report_day)),
        *(f"- {file.name}" for file in files),
        *([voice.word("mail.without_pdf")] if without_pdf else []),
        "",
        *map(voice, lines),
        "",
        voice(made.line()),
        voice.word("mail.answer" if reply_to else "mail.no_answer"),
    ]
    return Mail(message_id, tuple(to), voice(subject), "\n".join(body), tuple(files), reply_to)


def message_id(*parts: str, sender: str) -> str:
    """The Message-ID of what ``parts`` name: the same for the same parts, and no reader learns them from it."""
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return f"<{name}@{sender.rpartition('@')[2]}>"
