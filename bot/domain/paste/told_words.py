"""What is said in words, where the neighbours decide what it means: who came back, is away, isolates, is a case, needs help."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain.paste.around import Around
from bot.domain.paste.reading import Fact
from bot.domain.vietnamese import fold, tidy


def back(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    label = i + 1 < len(around.senses) and around.line.text[sense.end : sense.end + 1] == ":"
    neighbour = around.next_to(i, 1)
    if label and neighbour is not None and neighbour.group == "no":
        return
    before = around.next_to(i, -1)
    if before is not None and before.group == "no":
        yield around.fact("_still", True, sense)
        return
    yield around.fact("_back_sure" if sense.value == "sure" else "_back", True, sense)


def came_from(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    yield around.fact("_from", True, sense)
    if "ve" in fold(around.line.piece(sense)).split():
        yield around.fact("_back", True, sense)


def away(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    following = next((other for other in around.clause(sense) if other.start >= sense.end and other.group != "noise"), None)
    if sense.value in ("worker", "student"):
        yield around.fact("group", sense.value, sense, weak=True)
    if sense.value == "gone":
        yield around.fact("_away", True, sense)
    elif following is not None and following.group in ("place", "at", "group"):
        yield around.fact("_away_now", True, sense)


def gone(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    if (following := around.next_to(i, 1)) is not None and following.group == "place":
        yield around.fact("_away", True, sense)


def returned(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    label = around.line.text[sense.end :].lstrip()[:1] == ":"
    answer = around.answered(i) if label else None
    if answer is not None:
        yield around.fact("returned", answer[0], sense, source=answer[1])
        yield around.fact("_away", True, sense)
    elif not label:
        yield around.fact("_back_sure", True, sense)


def dose(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    later = [other.group for other in around.clause(sense) if other.start >= sense.end]
    if sense.value == "none" and not {"doses", "nth_dose"} & set(later):
        yield around.fact("doses", "0", sense)
    elif sense.value == "unknown":
        yield around.fact("doses", "unknown", sense)
    elif sense.value == "cue":
        neighbour = around.next_to(i, 1)
        if neighbour is not None and neighbour.group == "no" and around.line.text[sense.end :].lstrip()[:1] == ":":
            yield around.fact("doses", "0", neighbour)
        rest = around.line.text[sense.end :].lstrip(" :\t")
        digit = rest[:2].strip(" ;,.\t\n")
        if digit in ("0", "1", "2", "3", "00", "01", "02", "03") and not {"doses", "nth_dose"} & set(later[:1]):
            at = len(around.line.text) - len(rest)
            yield Fact("doses", str(int(digit)), digit, at, around.line.clause(at))


def declared(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    answer = around.answered(i)
    if answer is not None:
        yield around.fact("health_declared", answer[0], sense, source=answer[1])


def quarantine_place(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    before = around.next_to(i, -1)
    if before is not None and before.group == "quarantine_type" and before.value == "cue" and not around.over(i - 1):
        yield around.fact("quarantine_type", sense.value, sense)


def case(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    before = around.next_to(i, -1)
    if before is not None and (before.group in ("no", "not") or (before.group == "count" and before.value == "0")):
        return
    if any(other.group in ("contact", "source") for other in around.clause(sense) if other.end <= sense.start):
        return
    if sense.value != "found":
        yield around.fact("_f0", True, sense)
    if sense.value in ("suspect", "confirmed"):
        yield around.fact("classification", sense.value, sense)


def contact(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    if sense.value == "f1":
        before = around.next_to(i, -1)
        if before is None or before.group not in ("no", "not"):
            yield around.fact("_f1", True, sense)
    elif fold(around.line.piece(sense)).startswith("tiep xuc"):
        yield from source(around, i)


def source(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    text = around.line.text[sense.start : around.line.clause_span(around.line.clause(sense.start))[1]].strip(" ,;.()")
    if len(text) > sense.end - sense.start:
        yield around.fact("source", tidy(text), sense, source=text)


def test(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    if sense.value != "cue":
        yield around.fact(f"_{sense.value}", True, sense)


def contacted(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    denied = sense.value == "no"
    neighbour = around.next_to(i, 1)
    if neighbour is not None and neighbour.group == "no":
        denied = True
    yield around.fact("contacted", not denied, sense)


def support(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    neighbour = around.next_to(i, 1)
    denied = sense.value == "none" or (neighbour is not None and neighbour.group == "no")
    yield around.fact("needs_support", not denied, sense)
    if denied:
        return
    start, end = around.line.clause_span(around.line.clause(sense.start))
    others = [other for other in around.clause(sense) if other.group not in ("support", "noise", "no", "yes")]
    head, colon, rest = tidy(around.line.text[start:end]).strip(" ,;.()").partition(":")
    text = rest.strip() if colon else head
    if sense.value == "plain":
        covered = [other for other in around.clause(sense) if other.group in ("support", "noise")]
        bare = not any(
            token.word and not any(other.start <= token.start < other.end for other in covered)
            for token in around.line.tokens_between(start, end)
        )
        if bare or (colon and any(other.value == "need" for other in covered)):
            return
    if not others and text:
        fact = around.fact("support_note", text, sense, source=text)
        fact.joins = True
        yield fact


def kin(around: Around, i: int) -> Iterator[Fact]:
    """A daughter's sex belongs to the name behind the word, or to whom it was said of if that is somebody else's."""
    sense = around.senses[i]
    following = next((name for name in around.line.names if name.start >= sense.end), None)
    behind = around.next_to(i, 1)
    leading = not around.line.text[around.line.clause_span(around.line.clause(sense.start))[0] : sense.start].strip()
    if leading and behind is not None and behind.group in ("back", "from", "away", "gone", "f0", "still"):
        yield around.fact("_not_named", True, sense)
        return
    if following is None:
        return
    between = [
        token
        for token in around.line.tokens_between(sense.end, following.start)
        if not any(s.group == "noise" and s.start <= token.start < s.end for s in around.senses)
        and token.text not in (":", ",", "-")
    ]
    if between:
        return
    at = following.start if following.role == "person" else sense.start
    yield Fact("sex", sense.value, around.line.piece(sense), at, around.line.clause(at))


WORDS: dict[str, Callable[[Around, int], Iterator[Fact]]] = {
    "back": back,
    "from": came_from,
    "away": away,
    "gone": gone,
    "returned": returned,
    "dose": dose,
    "declared": declared,
    "quarantine_place": quarantine_place,
    "f0": case,
    "contact": contact,
    "source": source,
    "test": test,
    "contacted": contacted,
    "support": support,
    "kin": kin,
}
