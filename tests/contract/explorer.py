"""Walking by itself through whatever is offered: every command typed, every choice taken, every question answered.

An explorer knows nothing of menus, forms or commands: it sees what is offered, takes what was not taken yet, and finds its
way to what is left by what was seen so far. So a new command, button or form is walked because it is offered.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.conversation.engine import BACK, CANCEL, EDIT
from bot.conversation.prompt import plain
from bot.texts import catalogue, languages
from tests.contract.walked_answers import answer
from tests.contract.walked_map import RESUME, Map, Step, Way, anywhere
from tests.contract.walked_places import AGAIN, AGREE, ANSWER, MENU, Key, Place, alike, openings, standing
from tests.contract.walked_world import NEXT_MORNING, Act, Heard, Offered, World

MOST_ACTS = 1000
REST = 8  # rounds between two searches for what is left
BACKWARDS = {CANCEL, BACK, EDIT, MENU, AGAIN}


def _not_understood(keys: Iterable[str]) -> re.Pattern[str]:
    """What is said to somebody who was not understood, in every language."""
    sentences = [
        str(sentence).strip()
        for language in languages()
        for key, sentence in catalogue(language).items()
        if any(key == wanted or (wanted.endswith(".") and key.startswith(wanted)) for wanted in keys)
    ]
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(one)) for one in sentences))


LOST = ("command.unknown", "error.internal", "draft.stale", "numbers.too_early")
AFTER_WORDS = _not_understood((*LOST, "numbers.not_listed"))
OVER = _not_understood(("draft.gone", "draft.taken_back"))
"""What is said if somebody else was quicker: the choice is to be taken again where it still stands."""
AFTER_A_CHOICE = _not_understood((*LOST, "numbers.not_listed", "error.", "draft.use_buttons", "access.", "start.unknown"))


@dataclass
class Explorer:
    """One person who tries everything that nobody of the same rank has tried.

    ``says`` are the words that they may type anywhere, commands among them, by what the walk calls them; first they say
    ``first`` of them.
    """

    name: str
    rank: str
    family: str
    world: World
    map: Map
    says: Mapping[str, str]
    first: list[str]
    later: list[str]
    reports: bool = False  # goes on reporting when they are through
    here: Place | None = None
    acts: int = 0
    aim: Key | None = None
    _way: Way = field(default_factory=list)
    _edge: str = ""
    _in_words: bool = False
    _rest: int = 0
    _failed: Counter[Step] = field(default_factory=Counter)
    _reports: Iterator[str] = field(default_factory=lambda: itertools.cycle(openings()))

    def next(self, aimed_at: set[Key], rested: bool = False) -> Act | None:
        """What to do next; None if no way is known to anything that is left, and that nobody else is on the way to."""
        if (pushed := self._pushed()) is not None:
            return self._take("", pushed)
        if self.here is not None and (left := self.map.left_at(self.here)):
            self._way, self.aim = [], None
            return self._go(*left[0])
        if self.here is not None and self.map.is_new(self.here):
            return self.go_on()
        if self.first:
            return self._say_next()
        if self.here is None:
            return None
        if not (self._way and self._can(self._way[0][0])) and (
            (not rested and self._rests()) or not self._set_out(self.here, aimed_at)
        ):
            return None
        edge, end = self._way[0]
        self.map.spend(self.aim)
        kind, edge = self._likewise(self.here, edge, end)
        return self._go(kind, edge)

    def _say_next(self) -> Act:
        """The next words that are to be said; while a question is open, only commands are."""
        said = next((words for words in self.first if words.startswith("/") or self.here is None or not self.here.asking), MENU)
        if said in self.first:
            self.first.remove(said)
        return self._say(said)

    def look_again(self) -> None:
        """Say everything once more: meanwhile others did what shows elsewhere, and a night went by."""
        self.first, self.later = self.later, []

    def go_on(self) -> Act | None:
        """What teams do all day: report, each question answered as it was the least. So others find new people."""
        if self.here is None or AGREE in self.here.offered:
            return None
        if RESUME in self.here.offered:
            return self._go(self.here.kind, RESUME)
        onwards = [one for one in self.here.edges if one[1] not in BACKWARDS]
        if not self.here.asking or not onwards:
            return self._go(self.here.kind, next(self._reports))
        return self._go(*min(onwards, key=lambda one: self.map.times(*one)))

    def hear(self, heard: Heard) -> None:
        """Note where this leads, and that the person was understood."""
        self.acts += 1
        assert self.acts < MOST_ACTS, f"{self.name} walks in circles; left: {self.map.left()}"
        text, edge, before = "\n".join(heard.texts), self._edge, self.here
        lost = (AFTER_WORDS if self._in_words else AFTER_A_CHOICE).search(text)
        assert lost is None, f"{self.name} ({self.world.channel}) took {edge!r} at {before} and heard {text!r}"
        if OVER.search(text) and before is not None:
            self.map.untake(before.kind, edge)
        place = standing(self.rank, self.family, heard, self.world.channel)
        if edge == AGAIN and before is not None and before.offered:
            assert place.offered.keys() == before.offered.keys(), f"{self.name} asked again at {before} and heard {text!r}"
            return
        self.here = self.map.places[place.key] = place
        self._note(before, edge, place)
        if self._way and self._way[0][1] not in (place.key, anywhere(self.rank, pending=True)):
            if before is not None:
                for at in (before.key, *(anywhere(self.rank, pending) for pending in (True, False) if edge in self.says)):
                    self._failed[at, edge, self._way[0][1]] += 1
            self._way = []
        self._way = self._way[1:]
        if place.key == self.aim:
            self.map.found_the_way(place)
            self.aim = None

    def _note(self, before: Place | None, edge: str, place: Place) -> None:
        if edge in self.says:
            if before is None or (not before.asking and (before.draft is None or edge.startswith("/"))):
                rank = before.rank if before is not None else place.rank
                self.map.note(anywhere(rank, before is not None and before.draft is not None), edge, place.key)
        elif before is not None and edge:
            for at in (before.key, before.kind):
                self.map.note(at, edge, place.key)

    def _pushed(self) -> Offered | None:
        """Something that came unasked and offers what nobody took out of such a message."""
        waiting = self.world.pushed.get(self.name, [])
        while waiting:
            one = waiting.pop(0)
            kind, edge = ("unasked", self.family), alike(one.token)
            if not self.map.times(kind, edge):
                self.map.take(kind, edge)
                return one
        return None

    def _set_out(self, here: Place, aimed_at: set[Key]) -> bool:
        self._way = self.map.way(here, self.rank, self._failed, aimed_at, self.aim)
        self.aim = self._way[-1][1] if self._way else None
        self._rest = 0 if self._way else REST
        return bool(self._way)

    def _rests(self) -> bool:
        """Whether the last search is so recent, and was in vain, that another would find nothing either."""
        self._rest -= 1
        return self._rest > 0

    def _can(self, edge: str) -> bool:
        assert self.here is not None
        return edge in self.says or any(edge == other for _, other in self.here.edges)

    def _likewise(self, here: Place, edge: str, end: Key) -> tuple[Key, str]:
        """This edge, or of those at this place that mostly lead to the same end the one that was taken the least.

        So the same question is not always answered in the same way, which would keep its other answers' cards out of sight.
        """
        if edge in self.says:
            return here.kind, edge
        known = self.map.leads.get(here.key, {})
        same = [
            (kind, other)
            for kind, other in here.edges
            if here.step is not None and other in known and known[other].most_common(1)[0][0] == end
        ]
        return min(same, key=lambda one: self.map.times(*one), default=(here.kind, edge))

    def _go(self, kind: Key, edge: str) -> Act:
        times = self.map.times(kind, edge)
        for also in dict.fromkeys((kind, *(other for other, same in (self.here.edges if self.here else ()) if same == edge))):
            self.map.take(also, edge)
        if edge in self.says or edge == AGAIN:
            return self._say(edge)
        assert self.here is not None
        if edge != ANSWER:
            options = self.here.offered[edge]
            return self._take(edge, options[times % len(options)])
        self._edge, self._in_words = ANSWER, False
        assert self.here.step is not None
        assert self.here.draft is not None
        return Act(answer(self.here.step, self.here.draft))

    def _say(self, words: str) -> Act:
        self._edge, self._in_words = words, True
        return Act(self.says.get(words, words))

    def _take(self, edge: str, one: Offered) -> Act:
        self._edge, self._in_words = edge, False
        if one.token.startswith("do:"):
            self.world.verbs.add(one.token.split(":")[1])
        act = self.world.taking(one)
        if act.text.isdecimal() and self.acts % 2 and edge and self._is_alone(one):
            return Act(plain(one.label))  # whoever has no buttons may type the label as well, without marks
        return act

    def _is_alone(self, one: Offered) -> bool:
        assert self.here is not None
        labels = [plain(other.label) for options in self.here.offered.values() for other in options]
        return labels.count(plain(one.label)) == 1


async def explore(everybody: list[Explorer], world: World) -> None:
    """Let all walk side by side until nobody finds anything new, and once more after a night, which brings what falls due.

    Meanwhile somebody goes on reporting.
    """
    await _explore(everybody, world)
    await world.wait_until(NEXT_MORNING)
    for one in everybody:
        one.look_again()
    await _explore(everybody, world)


async def _explore(everybody: list[Explorer], world: World) -> None:
    while acts := _acts(everybody) or _acts(everybody, rested=True):
        heard = await world.do(acts)
        for one in everybody:
            if one.name in heard:
                one.hear(heard[one.name])


def _acts(everybody: list[Explorer], rested: bool = False) -> dict[str, Act]:
    acts: dict[str, Act] = {}
    idle: dict[str, Explorer] = {}
    for one in everybody:
        act = one.next({other.aim for other in everybody if other is not one and other.aim}, rested)
        if act is not None:
            acts[one.name] = act
        elif one.reports:
            idle.setdefault(one.rank, one)
    if not acts:
        return {}
    return acts | {one.name: act for one in idle.values() if (act := one.go_on()) is not None}
