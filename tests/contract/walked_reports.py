"""The same reports on every channel: every form filed, corrected, continued and taken back, each choice of its questions once.

What is done is said by what it means, a choice's key or a question's answer; how it is done is the channel's affair.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from bot.clock import vietnam_day
from bot.conversation.alike import ANEW, ANOTHER, WHO
from bot.conversation.draft import ALIKE, REPEAT, REVIEW, Answers
from bot.conversation.engine import BACK, CONFIRM, EDIT, FOUND, OFFER, SKIP
from bot.conversation.form import Form, Step, relevant_steps, steps
from bot.domain import access
from bot.domain.access import Role, RoleAt, may
from bot.domain.units import Tree
from bot.forms import forms
from bot.reports.figures import figures
from bot.storage import records
from bot.storage.ledger import Range
from bot.storage.schema import posting, record, report
from bot.storage.units import UnitTrees
from bot.texts import Voice
from tests.contract.walked_answers import answer
from tests.contract.walked_places import alike
from tests.contract.walked_world import DISTRICT, MORNING, UNITS, Act, Heard, World
from tests.forms.walking import TODAY

MOST_IN_VAIN = 4  # reports in a row with which nobody chose anything new
MOST_TURNS = 40  # reports of one form after which every choice of its questions must have been made


class Chorus:
    """Several people at once, in step: what each does next is done together, once all have said what it is."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reporters: list[Reporter] = []
        self.chosen: frozenset[tuple[str, str, str]] = frozenset()  # by anybody, before this step
        self._singing = set(world.reporters)
        self._doing: dict[str, tuple[Act, asyncio.Future[Heard]]] = {}

    async def sing(self, parts: Mapping[str, Awaitable[None]]) -> None:
        """Run what each of these people does to its end."""
        async with asyncio.TaskGroup() as tasks:
            for name, part in parts.items():
                tasks.create_task(self._part(name, part))

    async def do(self, name: str, act: Act) -> Heard:
        told = asyncio.get_running_loop().create_future()
        self._doing[name] = act, told
        await self._together()
        return await told

    async def _part(self, name: str, part: Awaitable[None]) -> None:
        await part
        self._singing.discard(name)
        await self._together()

    async def _together(self) -> None:
        if not self._doing or self._doing.keys() != self._singing:
            return
        doing = {name: self._doing[name] for name in sorted(self._doing)}
        self._doing = {}
        heard = await self.world.do({name: act for name, (act, _) in doing.items()})
        # All at once: who would learn of it in the midst of a step depends on how many pages somebody turned.
        self.chosen = frozenset[tuple[str, str, str]]().union(*(one.chosen for one in self.reporters))
        for name, (_, told) in doing.items():
            told.set_result(heard[name])


class Reporter:
    """The head of a village, who files everything there is to file of one form, and what follows from it."""

    def __init__(self, name: str, chorus: Chorus) -> None:
        self.name = name
        self.chorus = chorus
        chorus.reporters.append(self)
        self.chosen: set[tuple[str, str, str]] = set()  # form, question, choice
        self.turns: Counter[str] = Counter()

    def left(self, form: type[Form]) -> set[tuple[str, str, str]]:
        """The choices of a form's questions that nobody made yet, as far as this reporter knows."""
        choices = {(step.name, option) for step in steps(form) for option in step.options}
        choices |= {(step.name, OFFER + offer) for step in steps(form) for offer in step.ask.offer}
        choices |= {(step.name, FOUND) for step in steps(form) if step.ask.lookup}
        skipped = {(step.name, SKIP) for step in steps(form) if step.may_skip}
        return {(form.name, *choice) for choice in choices | skipped} - self.chosen - self.chorus.chosen

    def _leads_on(self, form: type[Form]) -> bool:
        """Whether choices are left of this, or of what nothing but this leads to."""
        only = [one for one in forms().values() if one.builds_on == (form.name,) and not one.alone]
        return any(self.left(one) for one in (form, *only))

    async def files_each_way(self, form: type[Form]) -> None:
        after = sorted(_after(form), key=lambda other: other.alone)  # what is offered nowhere else comes first
        in_vain = 0
        while self.left(form) or (in_vain < MOST_IN_VAIN and any(self.left(one) for one in after if not one.alone)):
            before = len(self.chosen)
            heard = await self._files(form)
            waiting = after if self.turns[form.name] == 1 else [other for other in after if self._leads_on(other)]
            if waiting:
                await self._goes_on_with(heard, waiting)
            in_vain = in_vain + 1 if len(self.chosen) == before else 0
            assert self.turns[form.name] < MOST_TURNS, f"nobody could choose {sorted(self.left(form))}"
        heard = await self._files(form)
        for group in form.shared:
            opened = await self._takes(heard, next(one.token for one in heard.offered if one.token.endswith(f":{group}")))
            heard = await self._sends(await self._answers(form, opened))
        await self._takes_back(await self._corrects(heard))

    async def _files(self, form: type[Form]) -> Heard:
        command = Voice().word(f"form.{form.name}.command")
        heard = await self._says(f"/{command}")
        assert heard.draft is not None, f"{self.name} cannot open {form.name}: {heard.texts}"
        prefilled = heard.draft.at == REVIEW
        heard = await self._answers(form, heard)
        if self.turns[form.name] == 1 or prefilled:
            heard = await self._changes_each_line(form, heard)
        return await self._sends(heard)

    async def _sends(self, heard: Heard) -> Heard:
        """Send the card; whoever is asked about is somebody else, and what is reported once more happened once more."""
        heard = await self._takes(heard, CONFIRM)
        while heard.draft is not None and heard.draft.at in (ALIKE, REPEAT):
            heard = await self._takes(heard, WHO + (ANOTHER if heard.draft.at == ALIKE else ANEW))
        return heard

    async def _answers(self, form: type[Form], heard: Heard) -> Heard:
        """Question by question up to the card; another choice at each turn. What was filled in beforehand is changed once."""
        turn = self.turns[form.name]
        self.turns[form.name] += 1
        assert heard.draft is not None
        known = heard.draft.answers.keys()
        heard = await self._up_to_the_card(form, heard, turn)
        assert heard.draft is not None
        for number, step in enumerate(relevant_steps(form, heard.draft.answers), start=1):
            if step.name in known and any(name == step.name for _, name, _ in self.left(form)):
                heard = await self._answer(form, await self._says(f"sửa {number}"), turn)
                return await self._up_to_the_card(form, heard, turn)
        return heard

    async def _up_to_the_card(self, form: type[Form], heard: Heard, turn: int) -> Heard:
        for _ in range(2 * len(steps(form)) + 1):
            assert heard.draft is not None
            if heard.draft.at == REVIEW:
                return heard
            heard = await self._answer(form, heard, turn)
        raise AssertionError(f"{form.name} never comes to the card: {heard}")

    async def _answer(self, form: type[Form], heard: Heard, turn: int) -> Heard:
        step = self._open(form, heard)
        choice = self._choice(form, step, heard, turn)
        if not choice:
            assert heard.draft is not None
            return await self._says(answer(step, heard.draft))
        self.chosen.add((form.name, step.name, _kind(choice)))
        return await self._takes(heard, choice)

    def _choice(self, form: type[Form], step: Step, heard: Heard, turn: int) -> str:
        """One that was not made yet; then those there are in turn; where something can be typed, nothing."""
        found = [one.token for one in heard.offered if alike(one.token) == FOUND]
        choices = [*found, *step.options]
        more = [*(OFFER + offer for offer in step.ask.offer), *([SKIP] if step.may_skip else [])]
        left = [one for one in (*choices, *more) if (form.name, step.name, _kind(one)) not in self.chosen]
        if left:
            return left[0]
        if choices:
            assert heard.draft is not None
            answers = heard.draft.answers
            opens = {one: self._asked_then(form, step, one, answers) for one in choices}
            most = max(opens.values())
            return max(opens, key=lambda one: opens[one]) if most else choices[turn % len(choices)]
        return SKIP if step.ask.lookup else ""

    def _asked_then(self, form: type[Form], step: Step, choice: str, answers: Answers) -> int:
        """How many questions of which a choice is left this choice leads to."""
        if choice not in step.options:
            return 0
        then = {**answers, step.name: step.read(choice, TODAY, answers)}
        asked = {one.name for one in relevant_steps(form, then)} - {one.name for one in relevant_steps(form, {})}
        return len(asked & {name for _, name, _ in self.left(form)} - answers.keys())

    async def _changes_each_line(self, form: type[Form], heard: Heard) -> Heard:
        """ "sửa 1", "sửa 2" … open each answer of the card: back leads to the card again, and so does an answer."""
        assert heard.draft is not None
        for number, step in enumerate(relevant_steps(form, heard.draft.answers), start=1):
            for turn in range(1, 4, 2) if step.may_skip else range(1):
                heard = await self._takes(await self._says(f"sửa {number}"), BACK)
                opened = await self._says(f"sửa {number}")
                assert self._open(form, opened).name == step.name
                if step.options:  # which would change what else is asked
                    heard = await self._takes(opened, BACK)
                else:
                    heard = await self._answer(form, opened, turn)
        return heard

    async def _goes_on_with(self, heard: Heard, after: list[type[Form]]) -> None:
        """What may follow about the same person, as far as their card offers it."""
        card = await self._takes(heard, self._token(heard, "do:person:"))
        for other in sorted(after, key=lambda one: not self._leads_on(one)):  # others may end what these need
            card = await self._page_with(card, f"do:about:{other.name}:")
            if found := [one.token for one in card.offered if one.token.startswith(f"do:about:{other.name}:")]:
                sent = await self._sends(await self._answers(other, await self._takes(card, found[0])))
                if not any(one.token.startswith("do:person:") for one in sent.offered):
                    return
                card = await self._takes(sent, self._token(sent, "do:person:"))

    async def _page_with(self, heard: Heard, beginning: str) -> Heard:
        """The first page of what is offered on which such a choice is, else the last. With buttons, all is on one page.

        No time goes by meanwhile: the same is done at the same instants everywhere.
        """
        while (turned := await self._turned(heard, "word.previous_page")) is not None:
            heard = turned
        while not any(one.token.startswith(beginning) for one in heard.offered):
            if (turned := await self._turned(heard, "word.next_page")) is None:
                break
            heard = turned
        return heard

    async def _turned(self, heard: Heard, key: str) -> Heard | None:
        word = Voice().word(key)
        if not any(one.typed == word for one in heard.offered):
            return None
        self._last = await self.chorus.world.glance(self.name, Act(word))
        return self._last

    async def _corrects(self, heard: Heard) -> Heard:
        opened = await self._takes(heard, self._token(heard, "do:correct:"))
        assert opened.draft is not None
        form = forms()[opened.draft.form]
        card = await self._answers(form, opened)
        if asked := relevant_steps(form, card.draft.answers):
            picking = await self._takes(card, EDIT)
            card = await self._answers(form, await self._takes(picking, f"{EDIT}.{asked[0].name}"))
        return await self._sends(card)

    async def _takes_back(self, heard: Heard) -> None:
        sure = await self._takes(heard, self._token(heard, "do:undo:"))
        await self._takes(sure, self._token(sure, "do:undo_sure:"))

    async def _takes(self, heard: Heard, choice: str) -> Heard:
        """Take the choice of this key or token out of what was heard just now."""
        assert heard is self._last, "only what was heard last can be taken everywhere"
        found = [one for one in heard.offered if one.token == choice or one.token.endswith(f":{choice}")]
        assert len(found) == 1, f"{self.name} is offered no {choice}: {heard}"
        return await self._does(self.chorus.world.taking(found[0]))

    async def _says(self, text: str) -> Heard:
        return await self._does(Act(text))

    async def _does(self, act: Act) -> Heard:
        self._last = await self.chorus.do(self.name, act)
        return self._last

    @staticmethod
    def _open(form: type[Form], heard: Heard) -> Step:
        assert heard.draft is not None
        return next(step for step in steps(form) if step.name == heard.draft.at)

    @staticmethod
    def _token(heard: Heard, beginning: str) -> str:
        return next(one.token for one in heard.offered if one.token.startswith(beginning))


def _kind(choice: str) -> str:
    """A choice as it is counted: of what was looked up, any."""
    return FOUND if alike(choice) == FOUND else choice


def filed_alone() -> list[type[Form]]:
    return [form for form in forms().values() if form.files and form.alone]


def reporters() -> dict[str, Role]:
    """Somebody for each report, in the lowest role in which one may file it and what builds on it."""
    return {f"files-{form.name}": _lowest({form.needs, *(other.needs for other in _after(form))}) for form in filed_alone()}


def _lowest(needed: set[str]) -> Role:
    village = next(unit for unit in UNITS if unit.level == "village")
    tree = Tree(UNITS, vietnam_day(MORNING))
    able = [
        role for role in Role if all(may([RoleAt(role, village.code)], access.Act(act), village.code, tree) for act in needed)
    ]
    assert able, f"nobody may do all of {needed}"
    return able[0]


def _after(form: type[Form]) -> list[type[Form]]:
    """What builds on a report of this form, and on that in turn, as the result of a sample does."""
    kinds, found = {form.name}, set[str]()
    while more := {one.name for one in forms().values() if kinds & {*one.builds_on}} - found:
        found |= more
        kinds |= more
    return [one for one in forms().values() if one.name in found]


async def everything_filed(world: World) -> None:
    """Every form, each by a reporter of its own."""
    chorus = Chorus(world)
    parts = [(Reporter(name, chorus), form) for name, form in zip(world.reporters, filed_alone(), strict=True)]
    await chorus.sing({reporter.name: reporter.files_each_way(form) for reporter, form in parts})
    filing = [form for form in forms().values() if form.files]
    left = {choice for form in filing for choice in parts[0][0].left(form)}
    assert not left, f"nobody chose {sorted(left)}: see docs/how-to/contribute.md"


async def left_behind(world: World) -> dict[str, Any]:
    """Everything that is kept or counted, as it can be compared between databases."""
    async with world.db.read() as tx:
        ids = sorted(set(await tx.scalars(sa.select(record.c.id))))
        kept = [asdict(one) for each in ids for one in await records.versions(tx, world.keys, each)]
        columns = (posting.c[name] for name in ("subject", "unit_code", "indicator", "day", "n"))
        postings = [tuple(row) for row in await tx.execute(sa.select(*columns).order_by(posting.c.seq))]
        came_in = await tx.execute(sa.select(report.c.unit_code, report.c.day, report.c.record_id, report.c.zero))
        reports = sorted(tuple(row) for row in came_in)
        today: date = vietnam_day(world.clock())
        days = Range(today, today + timedelta(days=1))  # in the evening, tomorrow's window is open
        tree = await UnitTrees().on(tx, today)
        seen = await figures(tx, tree, DISTRICT, days, world.clock(), timetable=world.timetable)
    for one in kept:
        one.pop("event")  # a running number of the database
    totals = {row.unit.code: dict(row.totals) for row in seen.rows} | {DISTRICT: dict(seen.totals)}
    return {"records": kept, "postings": postings, "reports": reports, "totals": totals}
