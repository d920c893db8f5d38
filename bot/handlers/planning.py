"""Isolation plans: kept in step with what stands recorded about a person, and asked of the commune where no rule decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import local
from bot.conversation.draft import Json
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, NOTICE_VERSION, Role
from bot.domain.due import negatives_of, sampled_on
from bot.domain.isolation_rules import rules_here
from bot.domain.plan_words import plan_lines
from bot.domain.plans import PLAN, Planned, current, from_json, planned_for, to_json
from bot.domain.standing import cancelled
from bot.domain.units import COMMUNE, Tree
from bot.handlers.call import Desk
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, place
from bot.storage import outbox, people, persons, records
from bot.storage.accounts import for_duties
from bot.storage.database import Tx
from bot.storage.records import Filing, Record


@dataclass(frozen=True)
class Replanned:
    """The plan that counts for a person, before and after an event, with the record of its role."""

    before: Planned | None
    after: Planned | None
    role: Record | None

    def lines(self) -> list[Say]:
        """What whoever filed the event is told; nothing where it changes nothing."""
        if self.after is None or self.after == self.before:
            return []
        if self.after.plan is None:
            return [Say("plan.asked_commune")] if self.after.waiting else []
        was = self.before.plan if self.before is not None else None
        lines = plan_lines(self.after.plan)
        until = self.after.plan.isolate_until
        if was is not None and was.isolate_until is not None and until is not None and was.isolate_until != until:
            return [Say("plan.moved", before=was.isolate_until, after=until), *lines]
        return lines


async def replan(tx: Tx, desk: Desk, tree: Tree, person_id: str, by: str | None, at: datetime) -> Replanned:
    """Bring the stored plans of a person in step with their file; tell whoever is to decide, or to know that it is decided."""
    file = (await persons.files(tx, desk.keys, [person_id]))[person_id]
    stored = {one.follows: one for one in file if one.kind == PLAN}
    roles = {one.id: one for one in file}
    wanted = planned_for(file, cancelled(file, desk.forms), rules_here(desk.override))
    for role_id, planned in wanted.items():
        old = stored.pop(role_id, None)
        was = from_json(old.body) if old is not None else None
        if was != planned:
            await records.file(tx, desk.keys, _filing(desk, roles[role_id], planned, by, at), at)
            await _tell(tx, desk, tree, roles[role_id], was, planned, by, at)
    for idle in stored.values():
        await records.file(tx, desk.keys, _void(idle, by), at)
    newest = next(reversed(wanted), None)
    before = current(file)
    after = wanted[newest] if newest is not None else None
    return Replanned(before[1] if before else None, after, roles[newest] if newest is not None else None)


def plan_id(role_id: str) -> str:
    """The id of the record that holds the plan of a role."""
    return f"{role_id}.{PLAN}"


def facts(file: Sequence[Record], role_id: str, at: datetime) -> Mapping[str, Json]:
    """What a form about this role may know of its plan (see ``Draft.facts``)."""
    found = next((one for one in file if one.kind == PLAN and one.follows == role_id), None)
    if found is None:
        return {}
    days = {"sampled": sampled_on(file), "negatives": negatives_of(file)}
    return {
        "planned": dict(found.body),
        "today": local(at).date().isoformat(),
        **{name: sorted(day.isoformat() for day in those) for name, those in days.items()},
    }


def _filing(desk: Desk, role: Record, planned: Planned, by: str | None, at: datetime) -> Filing:
    return Filing(
        id=plan_id(role.id),
        kind=PLAN,
        form_version=1,
        unit=role.unit,
        day=desk.timetable.window_at(at).day,
        body=to_json(planned),
        author=by,
        person={},
        counted=(),
        person_id=role.person_id,
        follows=role.id,
        legal_basis=desk.legal_basis or None,
    )


def _void(idle: Record, by: str | None) -> Filing:
    return Filing(
        id=idle.id,
        kind=PLAN,
        form_version=idle.form_version,
        unit=idle.unit,
        day=idle.day,
        body=idle.body,
        author=by,
        person={},
        counted=(),
        void=True,
    )


async def _tell(
    tx: Tx, desk: Desk, tree: Tree, role: Record, was: Planned | None, now: Planned, by: str | None, at: datetime
) -> None:
    if now.waiting and (was is None or not was.waiting or was.rule != now.rule):
        await _ask_commune(tx, desk, tree, role, at)
    if now.order is not None and now.plan != (was.plan if was is not None else None) and role.author not in (None, by):
        await _tell_reporter(tx, desk, tree, role, str(role.author), at)


async def _ask_commune(tx: Tx, desk: Desk, tree: Tree, role: Record, at: datetime) -> None:
    """At most one message an hour to each: the others of that hour are behind the same button."""
    commune = tree.above(role.unit, COMMUNE)
    if commune is None:
        return
    officers = await holding(tx, desk.keys, [commune.code], {Role.COMMUNE_OFFICER}) or await holding(
        tx, desk.keys, [commune.code], COMMUNE_ROLES
    )
    say = Say("plan.push_decide", place=place(tree[role.unit]), code=role.id)
    choices = (Choice(f"do:decisions:{commune.code}", Say("menu.decisions")), HOME)
    posts = [
        post
        for who in officers.get(commune.code, ())
        for post in duty(
            who, voice(who)(say), f"decide:{commune.code}:{local(at):%Y-%m-%dT%H}:{who.id}", buttons=buttons(who, choices)
        )
    ]
    await outbox.queue(tx, desk.keys, posts, at)


async def _tell_reporter(tx: Tx, desk: Desk, tree: Tree, role: Record, author: str, at: datetime) -> None:
    who = for_duties(await people.of_users(tx, desk.keys, [author]))
    if who is None or who.notice_version != NOTICE_VERSION:
        return
    unit = tree.get(role.unit)
    say = Say("plan.push_decided", place=place(unit) if unit else role.unit, code=role.id)
    choices = (Choice(f"do:person:{role.person_id}", Say("button.card")), HOME)
    key = f"decided:{role.id}:{at.isoformat()}:{who.id}"
    await outbox.queue(tx, desk.keys, duty(who, voice(who)(say), key, buttons=buttons(who, choices)), at)
