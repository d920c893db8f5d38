"""The mail that carries a unit's papers: subject, text, files. Pure; ``bot.channels.mail`` sends it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot.clock import vietnam_day
from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.messages import Attachment, Mail
from bot.reports.book import Made
from bot.reports.figures import DEFAULTS, Figures
from bot.reports.phrases import clock, instant, moment
from bot.storage.mails import REFUSED, QueuedMail
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
    version: int = 1,
    timetable: Timetable = DEFAULTS,
) -> Mail:
    """The mail of a digest, whose sentences are ``lines``. ``without_pdf`` says in it that there is no PDF; a
    ``version`` above 1 stands in the subject.

    A mail's text and subject show on locked screens and pass many servers: counts and places only. Files may name people.
    """
    until = min(figures.as_of, timetable.window(figures.days.last).end)
    hour = clock(until) if vietnam_day(until) == figures.report_day else instant(until)
    key = "mail.subject" if version == 1 else "mail.subject_again"
    subject = Say(key, unit=figures.unit.name, day=figures.report_day, until=hour, n=version)
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


def mail_line(one: QueuedMail, now: datetime) -> Say:
    """What became of a mail, for those whose report it carries."""
    if one.sent_at is not None:
        key = "mail.card.some_later" if one.left_to else "mail.card.sent"
        return Say(key, at=moment(one.sent_at, now), reply=one.reply, n=len(one.left_to or ()))
    if one.state == REFUSED:
        return Say("mail.card.refused", reply=one.reply)
    if not one.reply or one.next_try is None:
        return Say("mail.card.coming")
    return Say("mail.card.waiting", why=one.reply, at=moment(one.next_try, now))


def message_id(*parts: str, sender: str) -> str:
    """The Message-ID of what ``parts`` name: the same for the same parts, and no reader learns them from it."""
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return f"<{name}@{sender.rpartition('@')[2]}>"
