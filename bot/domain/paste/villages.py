"""Which village a line speaks of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.paste.reading import Village
from bot.domain.paste.words import Sense, Token, lexicon, tokens, vocabulary
from bot.domain.vietnamese import fold

_NOWHERE = -1
_LABEL = frozenset({"label"})
_BRACKETS = re.compile(r"\([^()]*\)")
_LABELS = {fold(label) for label in vocabulary()["label"]["any"]}
_SHORT = {"tk": "tieu khu", "tdp": "to dan pho", "kdc": "khu dan cu"}
_ORIGIN = frozenset({"from"})


@dataclass(frozen=True)
class _Pattern:
    code: str
    words: tuple[tuple[str, frozenset[str]], ...]
    label: str  # what it is called before its name; "" for an alias
    anywhere: bool


class Villages:
    """Finds villages by name and alias, without regard to case and missing marks. A name that two villages bear means none."""

    def __init__(self, villages: Sequence[Village]) -> None:
        patterns = [pattern for village in villages for name in village.names for pattern in _patterns(village.code, name)]
        self._by_first: dict[str, list[_Pattern]] = defaultdict(list)
        for pattern in patterns:
            self._by_first[_key(pattern.words[0][0])].append(pattern)

    def find(self, line: Sequence[Token]) -> list[Sense]:
        """The villages of a line in their order, each with its label."""
        found: list[Sense] = []
        first = self._first(line)
        for i, token in enumerate(line):
            if found and token.start < found[-1].end:
                continue
            sense = self._at(line, i, i <= first)
            if sense is not None and not _comes_from(line, i):
                found.append(sense)
        return found

    def _first(self, line: Sequence[Token]) -> int:
        """Where the sense of the line begins: behind numbering and courtesies."""
        i = 0
        while i < len(line):
            step = lexicon().at(line, i, frozenset({"noise", "title", "label"}))
            if step is None and line[i].word:
                break
            i = step[0] if step else i + 1
        return i

    def _at(self, line: Sequence[Token], i: int, leading: bool) -> Sense | None:
        label = lexicon().at(line, i, _LABEL)
        hits: dict[int, set[str]] = defaultdict(set)
        if label is not None and label[0] < len(line):
            for pattern in self._by_first.get(_key(line[label[0]].folded), ()):
                numbered = pattern.words[-1][0].isdigit()
                if pattern.label and (not numbered or _same_label(line[i : label[0]], pattern.label)):
                    hits[_fits(line, label[0], pattern.words)].add(pattern.code)
        for pattern in self._by_first.get(_key(line[i].folded), ()):
            if leading and not (pattern.label and not pattern.anywhere):
                hits[_fits(line, i, pattern.words)].add(pattern.code)
        hits.pop(_NOWHERE, None)
        if not hits:
            return _unknown(line, i, label[0]) if leading and label is not None else None
        if _means_a_figure(line, i, max(hits)):
            return None
        longest = max(hits)
        codes = hits[longest]
        return Sense("village", next(iter(codes)) if len(codes) == 1 else "", line[i].start, line[longest - 1].end)


def _patterns(code: str, name: str) -> Iterator[_Pattern]:
    line = tokens(_BRACKETS.sub(" ", name))
    words = tuple((token.folded, token.marks) for token in line if token.word or token.number)
    if not words:
        return
    label = next(
        (words[:n] for n in (3, 2, 1) if len(words) > n and " ".join(word for word, _ in words[:n]) in _LABELS),
        (),
    )
    bare = words[len(label) :]
    if label:
        yield _Pattern(code, bare, " ".join(word for word, _ in label), len(bare) > 1)
    else:
        yield _Pattern(code, words, "", False)


def _same_label(written: Sequence[Token], label: str) -> bool:
    said = " ".join(token.folded for token in written)
    return label in (said, _SHORT.get(said))


def _unknown(line: Sequence[Token], i: int, end: int) -> Sense | None:
    """A village that nobody named to us, at the beginning of a line: what follows is not of the one before."""
    if end < len(line) and line[end].number:
        return Sense("village", "", line[i].start, line[end].end)
    colon = next((k for k in range(end + 1, min(end + 4, len(line))) if line[k].text == ":"), None)
    if colon is None or not all(token.word and token.titled for token in line[end:colon]):
        return None
    return Sense("village", "", line[i].start, line[colon - 1].end)


def _key(word: str) -> str:
    """A word as it is compared: "03" is "3"."""
    return word.lstrip("0") if word.isdigit() else word


def _fits(line: Sequence[Token], i: int, words: Sequence[tuple[str, frozenset[str]]]) -> int:
    """The token behind the words if they stand at token ``i``, else ``_NOWHERE``."""
    if i + len(words) > len(line):
        return _NOWHERE
    for token, (word, marks) in zip(line[i:], words, strict=False):
        if _key(token.folded) != _key(word) or not token.marks <= marks:
            return _NOWHERE
    return i + len(words)


def _means_a_figure(line: Sequence[Token], i: int, end: int) -> bool:
    """Whether an alias stands where a label stands: "NS: 1980" is a year of birth, "ns không phát sinh" a village."""
    step = lexicon().at(line, i, frozenset({"born", "phone", "identity", "dose"}))
    after = next((token for token in line[end:] if token.text not in ":.-"), None)
    return step is not None and step[0] == end and after is not None and after.number


def _comes_from(line: Sequence[Token], i: int) -> bool:
    return any(
        step is not None and step[0] == i and step[1].group == "from"
        for k in range(max(0, i - 3), i)
        if (step := lexicon().at(line, k, _ORIGIN))
    )
