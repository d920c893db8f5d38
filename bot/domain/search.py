"""Finding somebody among the people of a village or commune: by a part of the name, by the end of a phone, by a code. Pure.

Names are sealed and have no index (docs/why/encryption.md), so whoever may see a unit's people has them in memory and they are
gone through here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.phones import parse_phone
from bot.domain.vietnamese import Misread, NameKey, fold, given_name_key, tidy

LEAST_DIGITS = 3  # of a phone; fewer are half of the village's
CODE_LENGTH = 10
_BETWEEN_DIGITS = re.compile(r"[\s.\-()+]+")
_NOT_KEPT = re.compile(r"[^a-z0-9' ]+")


class By(Enum):
    NAME = auto()
    PHONE_END = auto()
    WHOLE_PHONE = auto()


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. ``text`` is folded words, the digits of a phone's end, or a whole phone in E.164."""

    by: By
    text: str


@dataclass(frozen=True)
class Named:
    """Somebody who may be found, by whatever key the caller knows them."""

    key: str
    name: str
    phone: str | None


def wanted(typed: str) -> Wanted | None:
    """What was typed; None for too few digits, and for what holds neither letters nor digits."""
    digits = _BETWEEN_DIGITS.sub("", tidy(typed))
    if digits.isdecimal():
        whole = _whole(typed)
        if whole is not None:
            return Wanted(By.WHOLE_PHONE, whole)
        return Wanted(By.PHONE_END, digits) if len(digits) >= LEAST_DIGITS else None
    words = " ".join(_NOT_KEPT.sub(" ", fold(typed)).split())
    return Wanted(By.NAME, words) if words else None


def code_of(typed: str) -> str | None:
    """The code of a record or person that was typed; None if it cannot be one."""
    code = tidy(typed).upper()
    return code if len(code) == CODE_LENGTH and code.isascii() and code.isalnum() else None


def _whole(typed: str) -> str | None:
    try:
        return parse_phone(typed)
    except Misread:
        return None


def hits(people: Iterable[Named], look: Wanted) -> list[Named]:
    """Whom it may mean, the likeliest first: whose given name it is, whose whole name, then by parts; then by given name."""
    ranked = [(rank, given_name_key(one.name), one.key, one) for one in people if (rank := _rank(one, look)) is not None]
    return [one for *_, one in sorted(ranked, key=_order)]


def _order(found: tuple[int, NameKey, str, Named]) -> tuple[int, NameKey, str]:
    return found[:3]


def _rank(one: Named, look: Wanted) -> int | None:
    if look.by is By.WHOLE_PHONE:
        return 0 if one.phone == look.text else None
    if look.by is By.PHONE_END:
        return 0 if one.phone is not None and _has(one.phone, look.text) else None
    words, asked = fold(one.name).split(), look.text.split()
    if words[-len(asked) :] == asked:
        return 0  # the given name, or the end of the name down to it
    if _in_order(words, asked, str.__eq__):
        return 1
    if _in_order(words, asked, str.startswith):
        return 2
    return 3 if look.text in " ".join(words) else None


def _has(phone: str, digits: str) -> bool:
    """Whether a number ends with these digits; or begins with them, as it is dialled at home."""
    return phone.endswith(digits) or (digits.startswith("0") and phone.replace("+84", "0", 1).startswith(digits))


def _in_order(words: Sequence[str], asked: Sequence[str], fits: Callable[[str, str], bool]) -> bool:
    """Whether each asked word fits a word of the name, one after another."""
    rest = iter(words)
    return all(any(fits(word, part) for word in rest) for part in asked)
