"""Words and what they mean: a text as tokens, and the phrases of ``vocabulary.toml`` among them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.domain.vietnamese import fold, marks

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a single other character of a line, at [start, end).

    ``folded`` and ``marks`` are of what was written; ``plain`` and ``accents`` of the word for which it is short, if it is.
    ``joined``: one space and nothing else stands before it.
    """

    text: str
    folded: str
    marks: frozenset[str]
    plain: str
    accents: frozenset[str]
    start: int
    end: int
    joined: bool
    word: bool
    number: bool
    titled: bool


@dataclass(frozen=True, slots=True)
class Sense:
    """A phrase of the vocabulary in a line: ``group`` and ``value`` as the file has them, at [start, end)."""

    group: str
    value: str
    start: int
    end: int


def flat(text: str) -> str:
    """Folded letter by letter: as long as the text, so that what is found in it has the same place in the text."""
    return "".join(map(_flat, text))


@lru_cache(maxsize=4096)
def _flat(char: str) -> str:
    base = fold(char)
    return base if len(base) == 1 else char


def tokens(line: str) -> tuple[Token, ...]:
    return tuple(_token(line, match) for match in _TOKEN.finditer(line))


def _token(line: str, match: re.Match[str]) -> Token:
    text, start = match[0], match.start()
    folded, written = _spelling(text)
    plain, left = folded, written
    if folded in _aliases() and not (len(text) == 1 and text.isupper() and start):
        plain, left = _aliases()[folded], frozenset()
    joined = line[max(0, start - 1) : start] in (" ", "\u00a0")
    digit = text[0].isascii() and text[0].isdigit()
    return Token(text, folded, written, plain, left, start, match.end(), joined, text[0].isalpha(), digit, text[0].isupper())


@lru_cache(maxsize=4096)
def _spelling(text: str) -> tuple[str, frozenset[str]]:
    return fold(text) or text, marks(text)


@cache
def vocabulary() -> Mapping[str, Mapping[str, Sequence[str]]]:
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads((_HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    return loaded


@cache
def _aliases() -> Mapping[str, str]:
    return {fold(short): fold(word) for word, shorts in vocabulary()["alias"].items() for short in shorts}


@cache
def _spellings() -> Mapping[str, frozenset[str]]:
    return {fold(word): marks(word) for word in vocabulary()["spelling"]["any"]}


def spelled(word: str) -> bool:
    """Whether a word bears no other marks than the one of its letters that is meant here: "thu" may be "thứ", "Thú" is not."""
    plain, written = _spelling(word)
    return written <= _spellings().get(plain, written)


Phrase = tuple[tuple[tuple[str, frozenset[str]], ...], str, str]


class Lexicon:
    """Phrases by their first word, the longest first."""

    def __init__(self, phrases: Iterator[tuple[str, str, str]]) -> None:
        self._by_first: dict[str, list[Phrase]] = defaultdict(list)
        for group, value, phrase in phrases:
            words = tuple(
                (fold(piece), marks(piece)) for token in _TOKEN.finditer(phrase) if (piece := token[0]) and fold(piece)
            )
            self._by_first[words[0][0]].append((words, group, value))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, line: Sequence[Token], i: int, groups: frozenset[str] | None = None) -> tuple[int, Sense] | None:
        """The longest phrase that begins at token ``i``, and the token behind it."""
        return next(self.all_at(line, i, groups), None)

    def exactly_at(self, line: Sequence[Token], i: int) -> tuple[int, Sense] | None:
        """The longest phrase of which no mark was left out, if the first word has any."""
        return next((found for found in self.all_at(line, i) if line[i].accents or not self._marked(line, i, found)), None)

    def _marked(self, line: Sequence[Token], i: int, found: tuple[int, Sense]) -> bool:
        _, sense = found
        return any(
            (group, value) == (sense.group, sense.value) and words[0][1] and _matches(line, i, words) == found[0]
            for words, group, value in self._by_first[line[i].plain.split()[0]]
        )

    def all_at(self, line: Sequence[Token], i: int, groups: frozenset[str] | None = None) -> Iterator[tuple[int, Sense]]:
        for words, group, value in self._by_first.get(line[i].plain.partition(" ")[0], ()):
            if groups is not None and group not in groups:
                continue
            end = _matches(line, i, words)
            if end is not None:
                yield end, Sense(group, value, line[i].start, line[end - 1].end)


def _matches(line: Sequence[Token], i: int, words: Sequence[tuple[str, frozenset[str]]]) -> int | None:
    if len(words) > 1 and i + 1 == len(line) and " " not in line[i].plain:
        return None
    at, n = i, 0
    while n < len(words):
        if at < len(line) and n and line[at].text == "." and words[n][0] != ".":
            at += 1
        if at >= len(line):
            return None
        parts = line[at].plain.split()
        expected = [word for word, _ in words[n : n + len(parts)]]
        if parts != expected or not all(line[at].accents <= words[n + k][1] for k in range(len(parts))):
            return None
        n += len(parts)
        at += 1
    return at


@cache
def lexicon() -> Lexicon:
    return Lexicon(
        (group, value, phrase)
        for group, values in vocabulary().items()
        if group not in ("alias", "spelling")
        for value, phrases in values.items()
        for phrase in phrases
    )


@cache
def places() -> Lexicon:
    """Provinces ("province", its name as it is stored) and towns ("town", its province)."""
    loaded = tomllib.loads((_HERE / "places.toml").read_text(encoding="utf-8"))
    return Lexicon(
        (group, name, phrase) for group in ("province", "town") for name, known in loaded[group].items() for phrase in known
    )


@cache
def families() -> Mapping[str, tuple[frozenset[str], ...]]:
    """Family names folded, each with the marks it may bear."""
    loaded = tomllib.loads((_HERE / "names.toml").read_text(encoding="utf-8"))
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for name in loaded["family"].split():
        found[fold(name)] = (*found.get(fold(name), ()), marks(name))
    return found


def is_family(token: Token) -> bool:
    """Whether a word is a family name, or begins a name as "H'" and "K'" do in the central highlands."""
    return (
        "'" in token.text
        or "’" in token.text
        or any(token.marks in (known, frozenset()) for known in families().get(token.folded, ()))
    )
