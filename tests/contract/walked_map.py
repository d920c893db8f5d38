"""What is known of the ways between places, and the way to what is left.

The same choice does not always lead to the same place: a card offers what is possible where that person stands now. So a step
costs as many tries as it took to lead there so far, and the way with the fewest tries is taken.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.conversation.engine import CONFIRM, EDIT
from tests.contract.walked_places import MENU, NEWCOMER, Key, Place, once

MOST_STEPS = 40  # on the way to one thing, before it is given up
MOST_OVER = 3
TOO_FAR = 60.0  # tries
LOST = 4  # tries that it counts for if somebody was led elsewhere here
Way = list[tuple[str, Key]]
"""Edges, each with the place that it should lead to."""
Step = tuple[Key, str, Key]
ANYWHERE = "anywhere"
RESUME = "do:resume"


@dataclass
class Map:
    """What all explorers know together. Everything is by key, but what was taken, which is by kind of place."""

    places: dict[Key, Place] = field(default_factory=dict)
    taken: dict[Key, Counter[str]] = field(default_factory=dict)  # by kind of place
    spent: Counter[tuple[Key, str]] = field(default_factory=Counter)  # steps on the way to this since somebody came there
    over: Counter[tuple[Key, str]] = field(default_factory=Counter)  # how often somebody else had been quicker
    gone_on: Counter[Key] = field(default_factory=Counter)  # by how a report was opened: answers that were given
    leads: dict[Key, dict[str, Counter[Key]]] = field(default_factory=dict)  # how often an edge led where

    def note(self, at: Key, edge: str, to: Key) -> None:
        self.leads.setdefault(at, {}).setdefault(edge, Counter())[to] += 1

    def times(self, kind: Key, edge: str) -> int:
        known = self.taken.get(kind)
        return known[once(edge)] if known else 0

    def take(self, kind: Key, edge: str) -> None:
        self.taken.setdefault(kind, Counter())[once(edge)] += 1
        if self.times(kind, edge) == 1:  # what else is left there can be come to as well
            for one in [one for one in self.spent if one[0] == kind]:
                del self.spent[one]

    def untake(self, kind: Key, edge: str) -> None:
        """It was taken, and was over already: what it leads to was not seen."""
        self.over[kind, once(edge)] += 1
        if kind in self.taken and self.over[kind, once(edge)] < MOST_OVER:
            self.taken[kind][once(edge)] -= 1

    def is_new(self, place: Place) -> bool:
        """Whether a report is open that was opened in a way in which none was sent yet: it is answered to its end."""
        if not place.asking or self.times(place.sent, CONFIRM):
            return False
        self.gone_on[place.sent] += 1
        return self.gone_on[place.sent] < MOST_STEPS

    def left_at(self, place: Place, hopeful: bool = False) -> list[tuple[Key, str]]:
        """What nobody took yet; ``hopeful``: nor was given up.

        What leads back, which stands last, before what leads on; but a draft is gone on with before it is dropped.
        """
        left = [one for one in reversed(place.wanted) if self.times(*one) < 1]
        if hopeful:
            left = [(kind, edge) for kind, edge in left if self.spent[kind, once(edge)] < MOST_STEPS]
        return sorted(left, key=lambda one: one[1] != "do:resume")

    def spend(self, aim: Key | None) -> None:
        """Somebody takes a step towards this place, for what is left there."""
        if aim is not None:
            self.spent.update({(kind, once(edge)) for kind, edge in self.left_at(self.places[aim], hopeful=True)})

    def found_the_way(self, target: Place) -> None:
        """They arrived: what is left there can be come to."""
        for kind, edge in self.left_at(target):
            self.spent.pop((kind, once(edge)), None)

    def left(self) -> dict[Key, set[str]]:
        """What was offered and never taken, by kind of place."""
        found: dict[Key, set[str]] = {}
        for place in self.places.values():
            for kind, edge in self.left_at(place):
                found.setdefault(kind, set()).add(once(edge))
        return found

    def way(self, here: Place, rank: str, failed: Counter[Step], aimed_at: set[Key], aim: Key | None = None) -> Way:
        """The way with the fewest tries to a place where something is left, and that nobody else is on the way to.

        Whoever lost the way to their ``aim`` looks for another one there first. ``failed``: how often a step led this very
        person elsewhere.
        """
        if aim is not None and self._is_left(aim) and (way := self._way(here, rank, failed, {aim}.__contains__)):
            return way
        return self._way(here, rank, failed, lambda key: key not in aimed_at and self._is_left(key))

    def _is_left(self, key: Key) -> bool:
        return key in self.places and bool(self.left_at(self.places[key], hopeful=True))

    def _way(self, here: Place, rank: str, failed: Counter[Step], wanted: Callable[[Key], bool]) -> Way:
        order = itertools.count()
        before: dict[Key, tuple[Key, str]] = {}
        settled: set[Key] = set()
        waiting: list[tuple[float, int, Key, Key, str]] = [(0.0, next(order), here.key, here.key, "")]
        while waiting:
            cost, _, key, former, edge = heapq.heappop(waiting)
            if key in settled:
                continue
            settled.add(key)
            before[key] = former, edge
            if edge and wanted(key):
                return self._back(here.key, key, before)
            place = here if key == here.key else self.places.get(key)
            for further, to, tries in self._onwards(key, place, rank):
                if to not in settled:
                    further_cost = cost + tries + LOST * failed[key, further, to]
                    if further_cost < TOO_FAR:
                        heapq.heappush(waiting, (further_cost, next(order), to, key, further))
        return []

    def _onwards(self, key: Key, place: Place | None, rank: str) -> Iterator[tuple[str, Key, float]]:
        """Edges, where they may lead, and after how many tries."""
        own = self.leads.get(key, {})
        if place is None:  # from where every command can be typed
            ways = list(own.items())
        else:
            like = self.leads.get(place.kind, {})
            ways = [
                (edge, ends)
                for edge in place.leading_on
                if (ends := own.get(edge) or like.get(edge) or self._asked(place, edge)) is not None
            ]
            if place.asking:
                yield MENU, anywhere(rank, True), 1.0
            else:
                yield "", anywhere(place.rank or rank, place.draft is not None), 0.0
        for edge, ends in ways:
            tries = ends.total() if len(ends) > 1 else 0
            for to, times in ends.items():
                if self.places[to].rank in ("", NEWCOMER, rank):
                    yield edge, to, tries / times if tries else 1.0
        if key == anywhere(rank, True):
            yield "", anywhere(rank, False), 1.0  # as far as it is not known

    def _asked(self, place: Place, edge: str) -> Counter[Key] | None:
        """Where "change this answer" leads though nobody chose that one yet: to its question."""
        if not edge.startswith(f"{EDIT}."):
            return None
        to = (place.key[0], edge.removeprefix(f"{EDIT}."), *place.key[2:])
        return Counter([to]) if to in self.places else None

    @staticmethod
    def _back(start: Key, end: Key, before: dict[Key, tuple[Key, str]]) -> Way:
        way: Way = []
        while end != start:
            former, edge = before[end]
            if edge:
                way.append((edge, end))
            end = former
        return way[::-1]


def anywhere(rank: str, pending: bool) -> Key:
    """From where commands and other words of one's own lead: from wherever one stands but a question.

    ``pending``: while a report is open.
    """
    return (ANYWHERE, rank, pending)
