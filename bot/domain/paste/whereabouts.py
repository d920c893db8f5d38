"""Where somebody came from or is: provinces by the name under which they are stored, the smaller part as it was written."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.paste.words import Sense, Token, is_family, lexicon, places
from bot.domain.vietnamese import tidy

_PROVINCE, _TOWN = frozenset({"province"}), frozenset({"town"})
_CUES = frozenset({"from", "at", "away", "gone"})
_UNIT = frozenset({"unit"})
_MOST_WORDS = 5


def find_places(line: str, written: Sequence[Token], claimed: bytearray) -> list[Sense]:
    """Every place; ``value`` is how it is stored. Marks in ``claimed`` what it took."""
    found: list[Sense] = []
    i = 0
    while i < len(written):
        step = None if claimed[written[i].start] else _known(written, i)
        if step is None or any(claimed[written[i].start : step[1].end]) or _is_name_part(written, i):
            i += 1
            continue
        end, sense = step
        start, own_name = sense.start, sense.end if sense.group == "town" else sense.start
        detail = _detail(line, written, i, claimed)
        if detail is not None:
            start = detail
        smaller = tidy(line[start:own_name]).strip(" ,(-")
        value = f"{smaller}, {sense.value}" if smaller else sense.value
        if sense.group == "town":
            after = _skip_comma(written, end)
            if after < len(written) and (again := places().at(written, after, _PROVINCE)) and again[1].value == sense.value:
                end, sense = again[0], Sense("town", sense.value, sense.start, again[1].end)
        claimed[start : sense.end] = b"\1" * (sense.end - start)
        found.append(Sense("place", value, start, sense.end))
        i = end
    return found


def free_place(line: str, written: Sequence[Token], i: int, claimed: bytearray) -> Sense | None:
    """What stands with capitals behind "từ" at token ``i``: a place, though not one that is known here."""
    end = i
    while end < len(written) and end - i < _MOST_WORDS and written[end].word and written[end].titled:
        if claimed[written[end].start] or lexicon().at(written, end) is not None:
            break
        end += 1
    if end == i or any(c.isdigit() for c in line[written[i].start : written[end - 1].end]):
        return None
    start, stop = written[i].start, written[end - 1].end
    return Sense("place", tidy(line[start:stop]), start, stop) if stop - start > 2 else None


def _known(written: Sequence[Token], i: int) -> tuple[int, Sense] | None:
    """A province or town, unless a longer phrase begins there: "lao động" does not begin with Lào."""
    found = places().at(written, i, _PROVINCE) or places().at(written, i, _TOWN)
    if found is None or (found[0] == i + 1 and _is_given_name(written, i)):
        return None
    phrase = lexicon().at(written, i)
    return None if phrase and phrase[0] > found[0] else found


def _is_given_name(written: Sequence[Token], i: int) -> bool:
    """Whether a word is the last of a name, though it is a place: "pham thi mau hue" is not from Huế."""
    if not i or not written[i].joined or not written[i - 1].word or written[i].text.isupper():
        return False
    return lexicon().at(written, i - 1) is None and not _cued(written, i - 1)


def _skip_comma(written: Sequence[Token], i: int) -> int:
    return i + 1 if i < len(written) and written[i].text in ",-(" else i


def _is_name_part(written: Sequence[Token], i: int) -> bool:
    """Whether a place is the end of a person's name: "Nguyễn Hải Dương" is one, "Nguyễn Thị Mẫu An Bình Dương" is not."""
    start = i
    while start and _joined(written, start - 1) and written[start - 1].titled == written[i].titled:
        start -= 1
    head = i - start
    if (
        head
        and is_family(written[start])
        and not (start and _cued(written, start - 1, _CUES | _UNIT))
        and lexicon().at(written, start, _CUES) is None
    ):
        return head < 3 and not any(lexicon().at(written, k, _CUES) for k in range(start, i))
    return False


def _joined(written: Sequence[Token], i: int) -> bool:
    return written[i].word and written[i + 1].start - written[i].end == 1


def _detail(line: str, written: Sequence[Token], i: int, claimed: bytearray) -> int | None:
    """Where the smaller part of the address begins, if one stands before the province at token ``i``."""
    k, words = i - 1, 0
    if k >= 0 and written[k].text in ",(-":
        k -= 1
    while k >= 0 and words < _MOST_WORDS and (written[k].word or written[k].number):
        if claimed[written[k].start] or line[written[k].end : written[k + 1].start].strip():
            return None
        if lexicon().at(written, k, _UNIT) is not None:
            while k and not claimed[written[k - 1].start] and lexicon().at(written, k - 1, _UNIT) is not None:
                k -= 1
            return _larger(written, k, claimed)
        if _cued(written, k):
            return written[k + 1].start if words and written[k + 1].titled else None
        k, words = k - 1, words + 1
    return None


def _larger(written: Sequence[Token], i: int, claimed: bytearray) -> int:
    """Where an address begins of which a part begins at token ``i``: "phường 5, quận Gò Vấp"."""
    for k in range(max(0, i - 4), i - 1):
        part = written[k : i - 1]
        if written[i - 1].text == "," and not any(claimed[token.start] for token in part):
            unit = lexicon().at(written, k, _UNIT)
            if unit is not None and all(token.word or token.number for token in part):
                return _larger(written, k, claimed)
    return written[i].start


def _cued(written: Sequence[Token], k: int, groups: frozenset[str] = _CUES) -> bool:
    """Whether a word that asks for a place ends at token ``k``."""
    return any(
        step is not None and step[0] == k + 1
        for start in range(max(0, k - 3), k + 1)
        if (step := lexicon().at(written, start, groups))
    )
