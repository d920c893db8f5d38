"""Who is perhaps recorded already (A9): names as they are typed in Vietnam, year of birth, sex, phone and household, weighed.

What is found is asked about and never joined by itself, so it has to be right far more often than wrong: in a village where
many share few names, a name alone says little. Two years of birth that contradict each other, or two sexes, are two people
unless the whole phone is the same; a phone alone is a family's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from bot.domain.names import Likeness, likeness
from bot.domain.person import IDENTITY
from bot.domain.vietnamese import fold

Identity = Mapping[str, Any]
Known = tuple[str, Identity]  # somebody's id, and who they are

ENOUGH = 65
"""From so many points on, people are asked whether two are one."""

# Points. They were weighed on generated villages (tests/domain/test_duplicates.py), where they find what the test says.
_NAME = {
    Likeness.SAME: 66,
    Likeness.WITHOUT_VAN_OR_THI: 58,
    Likeness.MIDDLE_LEFT_OUT: 50,
    Likeness.OTHER_MARKS: 46,
    Likeness.ONE_SLIP: 46,
    Likeness.UNSURE: 34,
    Likeness.ONLY_GIVEN: 15,
    Likeness.NONE: 0,
}
_SAME_YEAR, _YEAR_BESIDE, _OTHER_YEAR = 25, 14, -45
_SAME_SEX, _OTHER_SEX = 4, -40
_SAME_PHONE, _OTHER_PHONE = 45, -10
_SAME_HOUSEHOLD, _OTHER_HOUSEHOLD = 15, -12
_HOUSEHOLD = {Likeness.SAME, Likeness.WITHOUT_VAN_OR_THI, Likeness.MIDDLE_LEFT_OUT, Likeness.OTHER_MARKS, Likeness.ONE_SLIP}

_NAMES_WORTH_A_LOOK = 60  # of 100, by rapidfuzz: below it no two names reach any likeness but by chance


@dataclass(frozen=True)
class Match:
    """Somebody known who may be the same. ``same`` and ``differs`` are the answers that both have, in order of IDENTITY."""

    id: str
    score: int  # 0 to 100
    same: tuple[str, ...]
    differs: tuple[str, ...]


def candidates(new: Identity, known: Sequence[Known]) -> list[Match]:
    """Who of the known may be the new one, the likeliest first; whoever is known under several identities, once.

    An identity has ``full_name`` and what is known of IDENTITY; None is unknown. Among 5,000 known people 35 ms of processor
    time on a small server (``time.process_time``, the best of five); half of it folds their names.
    """
    found: dict[str, Match] = {}
    for one, identity in _worth_a_look(new, known):
        points = _points(new, identity)
        if points >= ENOUGH and not _contradict(new, identity) and (one not in found or found[one].score < points):
            found[one] = compared(one, new, identity)
    return sorted(found.values(), key=lambda match: (-match.score, match.id))


class Register:
    """Known people for many questions: ``candidates`` among all of them, without looking at who is too old or too young."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_year: dict[int | None, list[Known]] = {}
        self._by_phone: dict[str, list[Known]] = {}
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        _, identity = one
        self._by_year.setdefault(identity.get("birth_year"), []).append(one)
        if phone := identity.get("phone"):
            self._by_phone.setdefault(phone, []).append(one)

    def candidates(self, new: Identity) -> list[Match]:
        year = new.get("birth_year")
        years = self._by_year if year is None else (year - 1, year, year + 1, None)
        found = [one for there in years for one in self._by_year.get(there, ())]
        return candidates(new, [*found, *self._by_phone.get(new.get("phone") or "", ())])


def namesakes(new: Identity, known: Sequence[Known]) -> list[str]:
    """The ids of all whose name is alike, whatever else contradicts it: for whoever suspects a double. The likest first."""
    found: dict[str, tuple[int, int]] = {}
    for one, identity in _worth_a_look(new, known):
        name = _NAME[likeness(str(new["full_name"]), str(identity["full_name"]))]
        if name > _NAME[Likeness.ONLY_GIVEN]:
            found[one] = max(found.get(one, (0, 0)), (name, _points(new, identity)))
    return sorted(found, key=lambda one: (*(-points for points in found[one]), one))


def compared(one: str, new: Identity, known: Identity) -> Match:
    """Two identities side by side, however alike they are; ``one`` is the id of the known."""
    both = [name for name in IDENTITY if new.get(name) is not None and known.get(name) is not None]
    same = tuple(name for name in both if _agrees(name, new[name], known[name]))
    score = max(0, min(100, _points(new, known)))
    return Match(one, score, same, tuple(name for name in both if name not in same))


def _worth_a_look(new: Identity, known: Sequence[Known]) -> Iterable[Known]:
    """Those whose name is not plainly another, and whoever has the phone."""
    names = [fold(str(identity.get("full_name") or "")) for _, identity in known]
    near = process.extract(
        fold(str(new["full_name"])), names, scorer=fuzz.token_set_ratio, score_cutoff=_NAMES_WORTH_A_LOOK, limit=None
    )
    places = {place for _, _, place in near}
    if phone := new.get("phone"):
        places |= {place for place, (_, identity) in enumerate(known) if identity.get("phone") == phone}
    return [known[place] for place in sorted(places)]


def _points(a: Identity, b: Identity) -> int:
    points = _NAME[likeness(str(a["full_name"]), str(b["full_name"]))]
    if points == 0:
        return 0
    years = _years_apart(a, b)
    if years is not None:
        points += _OTHER_YEAR if years > 1 else _YEAR_BESIDE if years else _SAME_YEAR
    points += _weight(_same(a, b, "sex"), _SAME_SEX, _OTHER_SEX)
    points += _weight(_same(a, b, "phone"), _SAME_PHONE, _OTHER_PHONE)
    return points + _weight(_same_household(a, b), _SAME_HOUSEHOLD, _OTHER_HOUSEHOLD)


def _contradict(a: Identity, b: Identity) -> bool:
    """Whether two years of birth or two sexes say that they are two, and no common phone says otherwise."""
    years = _years_apart(a, b)
    return _same(a, b, "phone") is not True and ((years is not None and years > 1) or _same(a, b, "sex") is False)


def _weight(same: bool | None, yes: int, no: int) -> int:
    return 0 if same is None else yes if same else no


def _same(a: Identity, b: Identity, name: str) -> bool | None:
    """Whether an answer is the same; None if one of them does not have it."""
    if a.get(name) is None or b.get(name) is None:
        return None
    return bool(a[name] == b[name])


def _years_apart(a: Identity, b: Identity) -> int | None:
    if a.get("birth_year") is None or b.get("birth_year") is None:
        return None
    return abs(int(a["birth_year"]) - int(b["birth_year"]))


def _same_household(a: Identity, b: Identity) -> bool | None:
    if not a.get("household") or not b.get("household"):
        return None
    return likeness(str(a["household"]), str(b["household"])) in _HOUSEHOLD


def _agrees(name: str, new: Any, known: Any) -> bool:
    if name in ("full_name", "household"):
        return likeness(str(new), str(known)) is Likeness.SAME
    return bool(new == known)
