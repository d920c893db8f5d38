"""The official report of a day as a Word file (Decree 30/2020; its form: docs/reference/official-report.md).

Figures fill the sentences of parts I to IV and the table; what only people can say, such as proposals, is printed as they
wrote it, or left as a dotted line for the pen. A figure that nothing posts yet is not mentioned, and never printed as 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.clock import vietnam_day
from bot.config import Letter
from bot.conversation.words import Param, Say
from bot.domain.deadlines import Timetable
from bot.domain.units import VILLAGE, OrgUnit
from bot.domain.vietnamese import fold
from bot.reports.book import Made
from bot.reports.figures import DEFAULTS, Figures
from bot.reports.paper import Field, Line, Paper
from bot.reports.phrases import NOTHING, clock, instant, level_of, place, places, value, village_labels
from bot.reports.remarks import NO_REMARKS, Remarks
from bot.reports.workbook import COUNTED, stands
from bot.texts import Voice

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTHS = (8.0, 27.0, *(10.6 for _ in COUNTED), 24.0)  # millimetres, 165 in all
_LEVELS = ("xa", "phuong", "thi tran", "huyen", "quan", "thi xa", "thanh pho", "tinh")  # folded
_DIFFERS, _DIFFICULTIES = "reports.remark.differs", "reports.remark.difficulties"

# Sentences that are left out while all their figures are 0: nobody need be using that part of the program.
_WHERE_USED: dict[str, tuple[str, ...]] = {
    "suspected": ("f0_suspected_new", "f0_suspected"),
    "tests": ("samples_taken", "samples_positive", "samples_negative", "samples_pending"),
    "finished": ("quarantine_finished",),
    "before_window": ("returnees_before_window",),
    "vaccinated": ("vaccinated_one_dose", "vaccinated_two_doses"),
}
_SPREAD = (
    ("f0", ("f0_new", "f0_under_treatment", "f0_recovered", "f0_deceased")),
    ("suspected", _WHERE_USED["suspected"]),
    ("f1", ("f1_new", "f1_followed")),
    ("tests", _WHERE_USED["tests"]),
    ("quarantine", ("quarantine_institutional", "quarantine_home")),
    ("finished", _WHERE_USED["finished"]),
)
_MOVES = (
    ("away", ("away_total", "away_returned", "away_not_returned")),
    ("contacted", ("away_contacted", "away_not_contacted", "away_need_support")),
    ("returnees", ("returnees_new", "returnees_total")),
    ("before_window", _WHERE_USED["before_window"]),
)


@dataclass(frozen=True)
class Letterhead:
    """What is one office's own on its reports. ``letterhead`` makes one for a unit that said nothing."""

    above: str  # first line at the left, printed in capitals: the authority
    agency: str  # whose report it is, in capitals and bold
    symbol: str  # after the number, which stays blank: "BC-BCĐ"
    place: str  # before the date: "Chiềng Mung"
    addressees: tuple[str, ...]
    signing: tuple[str, ...]  # "TRƯỞNG BAN"; "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"
    recipients: tuple[str, ...]  # "Nơi nhận", line by line
    signer: str = ""  # printed below the signature


@dataclass(frozen=True)
class Written:
    """What people add to the figures. An empty part is a dotted line."""

    risk: str = ""  # the level that the province published
    work: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()


NOTHING_WRITTEN = Written()


def letterhead(unit: OrgUnit, superior: OrgUnit | None, voice: Voice) -> Letterhead:
    """The committee's letterhead of a unit, to the committee of ``superior``; without one, "the superior committee"."""
    above = Say("letter.superior") if superior is None else Say("reports.as_written", value=_in_a_sentence(superior.name))
    return Letterhead(
        above=voice(Say("letter.head.authority", unit=unit.name)),
        agency=voice.word("letter.head.agency"),
        symbol=voice.word("letter.head.symbol"),
        place=place_of(unit.name),
        addressees=(voice(Say("letter.head.addressee", superior=above)),),
        signing=(voice.word("letter.head.signing"),),
        recipients=(voice.word("letter.head.as_above"), voice.word("letter.head.file")),
    )


def own_letterhead(letter: Letter, unit: OrgUnit, superior: OrgUnit | None, voice: Voice) -> Letterhead:
    """The same with what this office set for itself."""
    own = {
        name: value.replace("{unit}", unit.name)
        if isinstance(value, str)
        else tuple(one.replace("{unit}", unit.name) for one in value)
        for name, value in letter.of(unit.code).items()
    }
    if "authority" in own:
        own["above"] = own.pop("authority")
    return replace(letterhead(unit, superior, voice), **own)  # type: ignore[arg-type]


def place_of(name: str) -> str:
    """A place as it stands before a date: without its level ("Xã Chiềng Mung"), unless it is only a number ("Quận 1")."""
    rest = name.split()[_level_words(name) :]
    return " ".join(rest) if rest and not rest[0].isdigit() else name


def _in_a_sentence(name: str) -> str:
    """Its level is written small there: "huyện Mai Sơn"."""
    return name[:1].lower() + name[1:] if _level_words(name) else name


def _level_words(name: str) -> int:
    """How many words at the beginning of a name are its level: 1 for "Huyện Mai Sơn", 2 for "Thị trấn Hát Lót"."""
    words = fold(name).split()
    return next((length for length in (2, 1) if " ".join(words[:length]) in _LEVELS), 0)


def letter(
    figures: Figures,
    head: Letterhead,
    made: Made,
    voice: Voice,
    *,
    written: Written = NOTHING_WRITTEN,
    remarks: Remarks = NO_REMARKS,
    since: date | None = None,
    timetable: Timetable = DEFAULTS,
) -> bytes:
    """The report, its number blank, dated ``figures.report_day``. ``since`` is the first day of cumulative figures.

    ``remarks`` and ``written`` may name people: the file is for the office and private chats, never for a group.
    """
    paper = Paper(voice.language)
    _heading(paper, figures, head, voice, timetable)
    _part(paper, voice, "spread", [*_counts(_SPREAD, figures, voice), _risk(written, voice)])
    by = village_labels(figures) if _of_villages(figures) else level_of(figures)
    _part(paper, voice, "moves", [*_counts(_MOVES, figures, voice, since), _said(voice, "table", labels=by)])
    _table(paper, figures, made, voice)
    _part(paper, voice, "work", [*_work(figures, voice), *_items(written.work)])
    _part(paper, voice, "difficulties", _difficulties(figures, voice, remarks, written))
    _part(paper, voice, "proposals", _items(written.proposals))
    paper.body(_said(voice, "close", day=figures.report_day))
    _foot(paper, head, voice)
    title = voice(Say("letter.properties", unit=figures.unit.name, day=figures.report_day))
    return paper.finish(title=title, author=made.by, comments=voice(made.line()), at=made.at)


def _heading(paper: Paper, figures: Figures, head: Letterhead, voice: Voice, timetable: Timetable) -> None:
    day = figures.report_day
    paper.block(
        [Line(head.above.upper()), Line(head.agency.upper(), bold=True, rule=0.4)],
        [
            Line(voice.word("letter.nation"), bold=True, size=12),
            Line(voice.word("letter.motto"), bold=True, rule=0.66),
        ],
    )
    written = {"day": f"{day.day:02}", "month": f"{day.month:02}" if day.month <= 2 else str(day.month), "year": str(day.year)}
    paper.block(
        [Line(_said(voice, "number", symbol=head.symbol))],
        [Line(_said(voice, "dated", place=head.place, **written), italic=True)],
    )
    until = min(figures.as_of, timetable.window(figures.days.last).end)
    hour = clock(until) if vietnam_day(until) == day else instant(until)
    paper.gap()
    paper.title(
        Line(voice.word("letter.title"), bold=True, size=14),
        Line(_about(figures, voice, hour), bold=True, size=14, rule=0.3),
    )
    paper.title(*(Line(line, size=14) for line in _addressed(head.addressees, voice)))
    paper.gap()


def _about(figures: Figures, voice: Voice, until: str | Say) -> str:
    days = figures.days
    if days.first != days.last:
        return _said(voice, "about_period", first=days.first, last=days.last)
    return _said(voice, "about", day=figures.report_day, until=until)


def _addressed(whom: Sequence[str], voice: Voice) -> list[str]:
    if len(whom) == 1:
        return [voice(Say("letter.to", whom=whom[0]))]
    *others, last = (f"- {one}" for one in whom)
    return [voice.word("letter.to_several"), *(f"{one};" for one in others), f"{last}."]


def _part(paper: Paper, voice: Voice, name: str, lines: Sequence[str]) -> None:
    paper.body(voice.word(f"letter.part.{name}"), bold=True)
    for line in lines:
        paper.body(line)
    if not lines:
        paper.blank()


def _counts(
    sentences: Sequence[tuple[str, tuple[str, ...]]], figures: Figures, voice: Voice, since: date | None = None
) -> Iterator[str]:
    from_day = Say("reports.since", day=since) if since else NOTHING
    for sentence, keys in sentences:
        if sentence in _WHERE_USED and not any(figures.totals[key] for key in keys):
            continue
        yield _said(voice, sentence, **dict(zip("abcd", (value(key, figures) for key in keys), strict=False)), since=from_day)


def _said(voice: Voice, sentence: str, **params: Param) -> str:
    return voice(Say(f"letter.{sentence}", **params))


def _of_villages(figures: Figures) -> bool:
    return all(row.unit.level == VILLAGE for row in figures.rows if row.unit.code != figures.unit.code)


def _risk(written: Written, voice: Voice) -> str:
    return _said(voice, "risk", level=written.risk or Say("letter.dots"))


def _work(figures: Figures, voice: Voice) -> Iterator[str]:
    said = {"labels": village_labels(figures)}
    if figures.days.first != figures.days.last:  # reports are of single days
        yield from _counts((("vaccinated", _WHERE_USED["vaccinated"]),), figures, voice)
        return
    if figures.expected == 0:
        yield voice(Say("reports.digest.no_villages", **said))
    else:
        yield _said(voice, "reported", a=figures.reported, b=figures.expected, c=figures.on_time, **said)
    if figures.missing:
        silent = [row.unit for row in figures.rows if row.missing]
        yield _said(voice, "missing", units=places(silent))
        yield voice.word("letter.from_register")
    yield from _counts((("vaccinated", _WHERE_USED["vaccinated"]),), figures, voice)


def _difficulties(figures: Figures, voice: Voice, remarks: Remarks, written: Written) -> list[str]:
    """Difficulties first, then the figures that differ from the lists, each with the village that reports them."""
    found = [(place(row.unit), remark) for row in figures.rows for remark in remarks.get(row.unit.code, ())]
    lines = [
        voice(Say("reports.remark.line", unit=unit, remark=remark))
        for key in (_DIFFICULTIES, _DIFFERS)
        for unit, remark in found
        if remark.key == key
    ]
    return _items([*written.difficulties, *lines])


def _items(written: Sequence[str]) -> list[str]:
    return [f"- {line.strip().rstrip('.')}." for line in written]


def _table(paper: Paper, figures: Figures, made: Made, voice: Voice) -> None:
    keys = ("number", "village" if _of_villages(figures) else "part", *COUNTED, "note")
    fields = [
        Field(voice.word(f"reports.sheet.{key}"), width, centred=key not in ("village", "part", "note"))
        for key, width in zip(keys, _WIDTHS, strict=True)
    ]
    rows = (
        [
            str(number),
            voice(place(row.unit)),
            *(_number(row.totals[key], voice) for key in COUNTED),
            stands(row, figures, voice),
        ]
        for number, row in enumerate(figures.rows, start=1)
    )
    sums = (_number(figures.totals[key], voice) for key in COUNTED)
    paper.table(fields, rows, ["", voice.word("reports.sheet.total"), *sums, ""])
    paper.note(voice.word("reports.sheet.explained"))
    paper.note(voice(made.line()))
    paper.gap()


def _number(n: int, voice: Voice) -> str:
    return voice(Say("reports.value.known", n=n, change=NOTHING))


def _foot(paper: Paper, head: Letterhead, voice: Voice) -> None:
    recipients = [Line(line, size=11) for line in head.recipients]
    signing = [Line(line.upper(), bold=True, size=14) for line in head.signing]
    room = [Line("", size=14)] * 4
    paper.block(
        [Line(voice.word("letter.recipients"), bold=True, italic=True, size=12), *recipients],
        [*signing, *room, Line(head.signer, bold=True, size=14)],
        side="left",
    )
