"""Vietnamese phone numbers, stored as E.164 ("+84912345678").

An own table instead of a library: the numbers that people still know by heart are the ones of before 2017 and 2018, which
libraries refuse; and a library refuses every prefix that is newer than its release, while a real number must never be
turned away. So a mobile number is judged by its length and first digit only, a landline by its area code.

Sources: Decision 2036/QD-BTTTT of 21/11/2016 (area codes, in force 2017); the renumbering of 11-digit mobile numbers from
15/9/2018 (plan of the Ministry of Information and Communications on Circular 22/2014/TT-BTTTT).
"""

from __future__ import annotations

import re
import unicodedata

from bot.domain.vietnamese import Misread, plain


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in pairs.split())


# Prefixes without the leading 0. Eleven digits became ten; the last seven stayed.
_OLD_MOBILE = _table(
    """
    120:70 121:79 122:77 126:76 128:78
    123:83 124:84 125:85 127:81 129:82
    162:32 163:33 164:34 165:35 166:36 167:37 168:38 169:39
    186:56 188:58 199:59
    """
)
# Only the old area codes that no number of today begins with: 03x, 05x, 07x and 08x with ten digits are mobile numbers now.
_OLD_AREA = _table(
    """
    4:24 20:214 22:212 25:205 26:206 27:207 29:216
    60:260 61:251 62:252 63:263 64:254 66:276 67:277 68:259
    230:215 231:213 240:204 241:222 280:208 281:209
    320:220 321:221 350:228 351:226 500:262 501:261 510:235 511:236
    650:274 651:271 710:292 711:293 780:290 781:291
    """
)
_MOBILE = re.compile(r"[35789][0-9]{8}")
_LANDLINE = re.compile(
    r"(?:24[2-8]|28[2-9]|20[3-9]|21[0-689]|22[0-25-9]|23[2-9]|25[124-9]|26[0-39]|27[0-7]|29[0-4679])[0-9]{7}"
)
_WRITTEN = re.compile(r"\+?[0-9 .\-()/]+")
_ABROAD = re.compile(r"\+(?!84)[1-9][0-9]{7,14}")


def parse_phone(text: str) -> str:
    """The number as E.164, an old number as the new one that replaced it.

    Accepts any spacing, "+84", "84" or a leading 0, a mobile number whose 0 a spreadsheet has eaten, and a foreign number
    written with "+" or "00". Raises ``Misread``: ``phone_not_understood``.
    """
    national = _national(text)
    if national is None:
        digits = _compact(text)
        if digits and _ABROAD.fullmatch(digits):
            return digits
        raise Misread("phone_not_understood")
    if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return "+84" + national
    renumbered = _renumbered(national)
    if renumbered is None:
        raise Misread("phone_not_understood")
    return "+84" + renumbered


def convert_old(text: str) -> str | None:
    """The E.164 of today's number if ``text`` is a number of before 2017 or 2018, else None."""
    national = _national(text)
    if national is None or _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return None
    renumbered = _renumbered(national)
    return None if renumbered is None else "+84" + renumbered


def show_phone(e164: str) -> str:
    """As it is written in Vietnam: "0912 345 678", "0212 385 2123", "024 3825 1234"; foreign numbers stay as they are."""
    if not e164.startswith("+84"):
        return e164
    number = "0" + e164[3:]
    if len(number) == 10:
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    if number.startswith(("024", "028")):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return f"{number[:4]} {number[4:7]} {number[7:]}"


def _compact(text: str) -> str | None:
    """Digits with a leading "+" for what is written internationally; None if it is no number at all."""
    written = plain(unicodedata.normalize("NFKC", text))
    if not _WRITTEN.fullmatch(written):
        return None
    digits = re.sub(r"[^0-9]", "", written)
    if written.startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits


def _national(text: str) -> str | None:
    """The digits after 0 or +84; None if the number is not one of Vietnam."""
    digits = _compact(text)
    if digits is None:
        return None
    if digits.startswith("+"):
        return digits[3:].removeprefix("0") if digits.startswith("+84") else None
    if digits.startswith("0"):
        return digits[1:]
    if digits.startswith("84") and len(digits) > 9:
        return digits[2:].removeprefix("0")
    return digits if _MOBILE.fullmatch(digits) else None


def _renumbered(national: str) -> str | None:
    if len(national) == 10 and national[:3] in _OLD_MOBILE:
        return _OLD_MOBILE[national[:3]] + national[3:]
    for area, new in _OLD_AREA.items():
        if national.startswith(area) and len(national) == (10 if len(area) == 3 else 9):
            moved = new + national[len(area) :]
            return moved if _LANDLINE.fullmatch(moved) else None
    return None
