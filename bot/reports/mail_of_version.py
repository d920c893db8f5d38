"""The mail of one version of a unit's figures: what it says, to whom, and what it replaces."""

from __future__ import annotations

from collections.abc import Sequence

from bot.config import Mail as Settings
from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.domain.signing import Step, of_version
from bot.domain.units import Tree
from bot.messages import Attachment, Mail
from bot.reports import issued
from bot.reports.book import Made
from bot.reports.changes import change_lines
from bot.reports.counters import counter_lines, counters
from bot.reports.digest import digest_lines, period_lines
from bot.reports.figures import Figures
from bot.reports.issued import Reading
from bot.reports.mailing import message_id, report_mail
from bot.storage import digests, mails, sign_offs
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.mails import SENT
from bot.texts import Voice


async def mail_of(
    tx: Tx,
    keys: Keyring,
    tree: Tree,
    reading: Reading,
    files: Sequence[Attachment],
    kind: str,
    version: int,
    *,
    settings: Settings,
    to: Sequence[str],
    language: str,
    timetable: Timetable,
    without_pdf: bool,
) -> Mail:
    """Its text names places and no person, not even who approved it: it says whether anybody has."""
    figures, voice = reading.figures, Voice(language)
    unit, day = figures.unit.code, figures.report_day
    marks = of_version((await sign_offs.of_units(tx, [unit], kind, day)).get(unit, ()), version)
    signed = [Say("mail.approved" if Step.APPROVED in marks else "mail.not_approved")]
    since = issued.cumulative_from(kind)
    if kind == issued.MORNING:
        counted = await counters(tx, keys, tree, [unit], day, figures.as_of)
        signed = [*counter_lines(counted.get(unit, ())), *signed]
        lines = digest_lines(figures, reading.previous, since=since, timetable=timetable, signed=signed)
    else:
        lines = period_lines(figures, signed, [], since=since)
    sent = [one for one in (await mails.of_day(tx, [unit], kind, day)).get(unit, ()) if one.version < version]
    former = max((one.version for one in sent if one.state == SENT), default=None)
    if former is not None and (was := await digests.at_version(tx, unit, kind, day, former)) is not None:
        changed = change_lines(Figures.from_json(was.figures, tree), figures)[1:]
        lines = [Say("mail.replaces", n=version, former=former), *changed, *lines]
    return report_mail(
        figures,
        lines,
        files,
        Made(voice.word("schedule.made_by"), figures.as_of),
        voice,
        to=to,
        reply_to=settings.reply_to.get(unit, ""),
        message_id=message_id(unit, kind, day.isoformat(), str(version), sender=settings.sender),
        without_pdf=without_pdf,
        timetable=timetable,
        version=version if former is not None else 1,
    )
