"""Runs of words that may be names.

Where a text has capitals, a name is a run of words with capitals. Where it has none (all small, or all capitals), a name begins
with a family name and goes on to the next word that means something else; then something that is said about a person must
follow it, since "mai", "la" and "ho" are family names as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.paste.words import Sense, Token, is_family, lexicon

_MOST_WORDS = 7
_STRIPPED = frozenset(
    {"noise", "title", "kin", "all", "relation", "name", "contact", "f0", "report", "label", "family", "oops", "mention"}
)
_WEAK = frozenset(
    {
        "noise",
        "title",
        "sex",
        "kin",
        "all",
        "relation",
        "mention",
        "gone",
        "no",
        "yes",
        "people",
        "family",
        "label",
        "over",
        "unit",
        "cumulative",
        "numeral",
    }
)
_TITLE = frozenset({"title"})
_HOUSEHOLD = frozenset({"household"})


def cased(written: Sequence[Token], claimed: bytearray) -> list[tuple[int, int]]:
    """Where capitals tell the names, as [first, last + 1) tokens; none if the text makes no use of capitals."""
    if not any(token.word and token.titled and not token.text.isupper() for token in written):
        return []
    runs, i = [], 0
    while i < len(written):
        end = i
        while (
            end < len(written)
            and end - i < _MOST_WORDS
            and _capital(written, end, claimed)
            and (end == i or _adjoins(written, end))
        ):
            if end > i and _speaks(written, end):
                break
            end += 1
        if end > i:
            start = _stripped(written, i, end)
            if _is_cased_name(written, start, end):
                runs.append((start, end))
        i = max(end, i + 1)
    return runs


def _speaks(written: Sequence[Token], i: int) -> bool:
    """Whether a word with a capital is no name: an abbreviation as "SN", or the first word of a phrase as "Sinh năm"."""
    step = lexicon().exactly_at(written, i)
    return (
        step is not None
        and step[1].group not in _WEAK
        and (step[0] > i + 1 or (written[i].text.isupper() and step[1].end - step[1].start > 1))
    )


def _capital(written: Sequence[Token], i: int, claimed: bytearray) -> bool:
    return written[i].word and written[i].titled and not claimed[written[i].start]


def _adjoins(written: Sequence[Token], i: int) -> bool:
    return written[i].joined and written[i].start - written[i - 1].end <= 2


def _stripped(written: Sequence[Token], start: int, end: int) -> int:
    """Behind what stands before the name with a capital: "Anh", "Trường hợp", "Có"."""
    while start + 1 < end:
        step = lexicon().at(written, start, _STRIPPED)
        if step is None or step[0] > end or (step[0] == start + 1 and _begins_name(written, start)):
            break
        start = step[0]
    return start


def _begins_name(written: Sequence[Token], i: int) -> bool:
    """Whether a family name stands here, and not a word like "Mai" or "Hà" before another family name."""
    following = written[i + 1] if i + 1 < len(written) else None
    return is_family(written[i]) and (following is None or following.plain == "thi" or not is_family(following))


def _is_cased_name(written: Sequence[Token], start: int, end: int) -> bool:
    if start >= end:
        return False
    if end - start == 1:
        return _titled_before(written, start) and len(written[start].text) > 1
    if is_family(written[start]):
        return not _phrase_covers(written, start, end)
    if _titled_before(written, start) and end - start > 2:
        return not _phrase_covers(written, start, end)
    if end - start < 3 and not (end < len(written) and written[end].number):
        return False
    if any(token.text.isupper() and len(token.text) > 1 for token in written[start:end]):
        return False
    following = written[end] if end < len(written) else None
    meant = any(lexicon().at(written, i) is not None for i in range(start, end))
    return not meant and (following is None or not following.word or lexicon().at(written, end) is not None)


def _phrase_covers(written: Sequence[Token], start: int, end: int) -> bool:
    step = lexicon().at(written, start)
    return step is not None and step[0] >= end


def _titled_before(written: Sequence[Token], start: int) -> bool:
    step = lexicon().at(written, start - 1, _TITLE) if start else None
    return step is not None and step[0] == start


def uncased(written: Sequence[Token], claimed: bytearray, figures: set[int]) -> list[tuple[int, int]]:
    """Where names stand without capitals; ``figures``: where something stands that is said of people."""
    runs, i = [], 0
    while i < len(written):
        end = _uncased_end(written, i, claimed) if _may_begin(written, i, claimed) else i
        if end - i >= 2 and _followed(written, i, end, figures):
            runs.append((i, end))
            i = end
        else:
            step = lexicon().at(written, i)
            i = step[0] if step and end == i else i + 1
    return runs


def _may_begin(written: Sequence[Token], i: int, claimed: bytearray) -> bool:
    token = written[i]
    if not token.word or claimed[token.start] or not is_family(token):
        return False
    step = lexicon().at(written, i)
    if step is None:
        return True
    if step[0] > i + 1 or step[1].group not in _WEAK:
        return False
    return step[1].group != "noise" or _begins_name(written, i)


def _uncased_end(written: Sequence[Token], start: int, claimed: bytearray) -> int:
    i = start + 1
    while i < len(written) and i - start < _MOST_WORDS:
        if not written[i].word or claimed[written[i].start] or not _adjoins(written, i):
            break
        step = lexicon().at(written, i)
        if step is not None and not (
            step[0] == i + 1 and (_goes_on(written, start, i) if step[1].group in _WEAK else _named_so(written, start, i))
        ):
            break
        i += 1
    return i


def _goes_on(written: Sequence[Token], start: int, i: int) -> bool:
    """Whether a word that also means something ends a name: in "lo mau nam 1990", not in "lo mau hung nam 1990"."""
    if i - start < 2:
        return True
    closed = i + 1 == len(written) or not written[i + 1].word
    if i - start == 2:
        return closed or lexicon().at(written, i + 1) is not None
    return closed and lexicon().at(written, i, frozenset({"sex"})) is None


def _named_so(written: Sequence[Token], start: int, i: int) -> bool:
    """Whether a word such as "tu" is the third of a name, since a year follows and no day or place can."""
    return i - start == 2 and i + 1 < len(written) and written[i + 1].number and len(written[i + 1].text) == 4


def _followed(written: Sequence[Token], start: int, end: int, figures: set[int]) -> bool:
    """Whether something that is said about people follows, or the name stands where names stand."""
    if any(step[1].group == "name" for k in range(max(0, start - 4), start) if (step := lexicon().at(written, k)) is not None):
        return True
    if ending(written, start, _HOUSEHOLD) is not None:
        return True
    k = end
    while k < len(written) and written[k].text in ",-:;.(\t":
        k += 1
    if k < len(written) and (
        written[k].start in figures or (written[k].number and len(written[k].text) == 2 and end - start > 2)
    ):
        return True
    step = lexicon().at(written, k) if k < len(written) else None
    leading = start == 0 or not written[start - 1].word
    if step is not None and step[1].group not in ("noise", "title", "label", "mention", "no", "yes"):
        return end - start >= 3 or k > end or leading
    return (
        leading
        and end - start >= 3
        and k >= len(written)
        and any(token.plain in ("thi", "van", "mau") for token in written[start:end])
    )


def ending(written: Sequence[Token], i: int, groups: frozenset[str]) -> tuple[int, Sense] | None:
    """The phrase of these groups that ends before token ``i``, the longest, with the token where it begins."""
    end = i
    while end and written[end - 1].text == ":":
        end -= 1
    for k in range(max(0, end - 5), end):
        for stop, sense in lexicon().all_at(written, k, groups):
            if stop == end:
                return k, sense
    return None
