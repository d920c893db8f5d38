"""Vietnamese letters: folding for search, cleaning names, sorting by given name, and what must never be stored.

People type in NFC and NFD, in any case, with or without diacritics. What is stored is NFC; what is compared is folded.
"""

from __future__ import annotations

import re
import unicodedata
from typing import LiteralString

NameKey = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]

# The 29 letters in their order; f, j, w, z occur in names of other languages and go where Latin order has them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_SHAPES = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter, not a tone

# Old fonts and foreign keyboards give Eth or the African D, which look the same as Đ.
_BARRED_D = str.maketrans("đðɖ", "ddd")
_DIACRITICS = re.compile("[\u0300-\u036f]+")

# Zero-width spaces break matching unseen; direction overrides can make a text read as another. Joiners stay: emoji and
# other scripts need them.
_INVISIBLE = re.compile("[\u200b\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_COURTESY_FIRST = {"da", "vang"}
_COURTESY_LAST = {"", "a", "nhe", "nha", "thoi"}


class Misread(ValueError):
    """A text that means nothing here. ``key`` names the sentence in ``texts``, ``params`` its parameters."""

    def __init__(self, key: LiteralString, **params: str | int) -> None:
        super().__init__(key)
        self.key: LiteralString = key
        self.params = params


def strip_unsafe(text: str) -> str:
    """Without NUL, lone surrogates, control characters (newline and tab stay) and invisible direction marks."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", _CONTROL.sub("", unix))


def tidy(text: str) -> str:
    """One safe line: NFC, white space collapsed to single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", strip_unsafe(text)).split())


def fold(text: str) -> str:
    """The form in which texts are compared: lower case, no diacritics, đ as d, white space collapsed. Idempotent."""
    bare = _DIACRITICS.sub("", unicodedata.normalize("NFD", strip_unsafe(text).casefold())).translate(_BARRED_D)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def marks(text: str) -> frozenset[str]:
    """The diacritics of a word, wherever in it they stand, the bar of đ as one of them: hòa and hoà have the same."""
    letters = unicodedata.normalize("NFD", text.casefold())
    found = frozenset(letter for letter in letters if _DIACRITICS.match(letter))
    return found | {"d"} if letters.translate(_BARRED_D) != letters else found


def plain(text: str) -> str:
    """Folded, without the courtesies around an answer: "Dạ, hôm qua ạ." is "hom qua"."""
    words = fold(text).split()
    while words and words[0].strip(".,!") in _COURTESY_FIRST:
        words.pop(0)
    while words and words[-1].strip(".,;!") in _COURTESY_LAST:
        words.pop()
    return " ".join(words).rstrip(" .,;!")


def clean_name(text: str) -> str:
    """A name as it is stored: tidy, and in title case if it came all in lower or all in upper case. Idempotent.

    Mixed case is the person's own and stays: "H'Hen Niê", "Lò Thị McKay".
    """
    name = tidy(text)
    if name != name.lower() and name != name.upper():
        return name
    return unicodedata.normalize("NFC", _titled(name))


def _titled(name: str) -> str:
    """Upper case at the start of each word and after an apostrophe, hyphen, dot or bracket, where that is one letter."""

    def upper(match: re.Match[str]) -> str:
        raised = match[2].title()
        return match[1] + (raised if len(raised) == 1 else match[2])

    return re.sub(r"(^|[\s'’(.\-])(\w)", upper, name.lower())


def given_name_key(full_name: str) -> NameKey:
    """Sort key: the given name (last word) first, then family and middle names from the left.

    Each word compares by its letters in Vietnamese order, then by tone: none, huyền, hỏi, ngã, sắc, nặng. Where in
    the syllable the tone is written makes no difference (hòa = hoà); case makes none either.
    """
    words = unicodedata.normalize("NFD", tidy(full_name).casefold()).split()
    return tuple(_word_key(word) for word in (*words[-1:], *words[:-1]))


def _word_key(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters: list[str] = []
    tones: list[int] = []
    for char in word:
        if char in _TONE_RANK:
            tones.append(_TONE_RANK[char])
        elif char in _SHAPES and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        elif char.isalnum():
            letters.append(char)
    # Letters of other alphabets follow ours; digits come before.
    ranks = (_LETTER_RANK.get(x, ord(x[0]) + len(_ALPHABET) if x.isalpha() else 0) for x in letters)
    return tuple(ranks), tuple(tones)
