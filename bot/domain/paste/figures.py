"""What is written in figures: phones, dates, years of birth, ages, doses, times.

Found in the order in which one could be mistaken for another: what is claimed is not read a second time. Every repetition is
bounded, so that no text makes it slow.
"""

from __future__ import annotations

import re

from bot.domain.paste.words import Sense, spelled

_DAYS = r"(?:hai|ba|tu|nam|sau|bay|[2-7])"
_WEEK = r"(?: tuan (?:truoc|roi|nay)| vua roi| vua qua)"
_NO_COUNT = r"(?!\d| ?(?:nguoi|ng|con|mui|ca|lan|do|tuoi)\b)"

# Where a group "it" is named, only that is claimed. ASCII digits only: other digits are no figures here.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("date", r"(?<![\d./\-])\d{1,2}([/.\-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)"),
    ("date", r"(?<!\d)\d{1,2} thang \d{1,2}(?: nam \d{4})?(?!\d)"),
    ("id", r"\b(?:cccd|cmnd|cmtnd|cmt|can cuoc|ma qr|bks|bien so)[ :.]{1,3}[0-9a-z][0-9a-z.\-]{4,16}"),
    ("phone", r"(?<!\d)(?:\+84[ .\-]?|84(?=\d)|0)(?:[ .\-]?\(?\d\)?){8,10}(?!\d)"),
    ("phone", r"\b(?:sdt|dt|dien thoai)[ :.]{0,3}(?P<it>[35789]\d{8})(?!\d)"),
    ("id", r"(?<!\d)\d{9,19}(?!\d)"),
    ("time", r"(?<!\d)\d{1,2} ?(?:h|g|gio) ?(?:\d{1,2}|p)?(?![a-z0-9/])|(?<!\d)\d{1,2}:\d{2}(?!\d)"),
    ("temperature", r"(?<!\d)(?:3[4-9]|4[0-2])(?:[.,]\d)? ?(?:do\b|°|oc\b)|(?<!\d)(?:3[4-9]|4[0-2])[.,]\d(?!\d)"),
    ("date", r"(?<![\d./\-])\d{1,2} ?/ ?\d{1,2}(?![/])" + _NO_COUNT),
    ("date", r"(?<![\d./\-,])\d{1,2}[.\-]\d{1,2}(?![.\-/]\d)" + _NO_COUNT),
    ("date", r"\b(?:ngay|mung|mong|hom)(?: mung| mong)? \d{1,2}(?!\d|[/.:\-]\d| ?(?:h|gio|thang|nguoi|ngay)\b)"),
    ("date", r"\b(?:\d{1,2}|mot|hai|ba|bon|nam|sau|bay) (?:ngay|hom|bua|tuan) truoc\b"),
    ("date", r"\bcach (?:day|nay) \d{1,2} (?:ngay|hom|tuan)\b"),
    ("weekday", rf"\b(?:hom|ve|ngay|sang|chieu|toi) (?P<it>(?:thu {_DAYS}|chu nhat|cn)\b{_WEEK}?)"),
    ("weekday", rf"\b(?:thu {_DAYS}|chu nhat|cn){_WEEK}\b"),
    ("nth_dose", r"\bmui (?:thu )?(?:nhat|mot|hai|ba|[123])\b(?: va (?:mui )?[23]\b)?"),
    ("nth_dose", r"\bm ?[123]\b"),
    ("doses", r"(?<![\d./])0?\d ?mui\b|\b(?:mot|hai|ba) mui\b"),
    ("age", r"(?<![\d/.])\d{1,3} ?(?:tuoi|t)(?![a-z0-9])|(?<!\d)\d{1,2} thang tuoi\b"),
    ("age", r"\btuoi ?:? ?(?P<it>\d{1,3})(?!\d)"),
    ("birth", r"\b(?:nam sinh|sinh nam|sinh|sn|s\.n|ns) ?[:.\-'’]? ?(?P<it>\d{4}|\d{2})(?!\d|[/.\-]\d| thang)"),
    ("year", r"(?<![\d])(?<!\d[/.\-])(?:19|20)\d\d(?!\d|[/.]\d)"),
)
_COMPILED = tuple((group, re.compile(pattern, re.ASCII)) for group, pattern in _PATTERNS)

_WORD = re.compile(r"[^\W\d_]+")


def figures(line: str, flat: str, claimed: bytearray) -> list[Sense]:
    """Everything in figures, in no order; ``flat`` is the line folded letter by letter. Marks in ``claimed`` what it took."""
    found = []
    for group, pattern in _COMPILED:
        for match in pattern.finditer(flat):
            start, end = match.span("it") if "it" in pattern.groupindex else match.span()
            if any(claimed[start:end]) or not all(map(spelled, _WORD.findall(line[match.start() : end]))):
                continue
            claimed[start:end] = b"\1" * (end - start)
            found.append(Sense(group, line[start:end], start, end))
    return found
