"""What cannot wait for the digest: a case is told to whom it concerns the moment it is filed, and somebody takes it (R29).

The alert names a commune, a village, an hour and a code: it shows on locked screens. What is queued for the next level goes
out when its time has come, unless somebody took it before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.form import Form
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import OVERSEERS, Act, may
from bot.domain.alerts import CLIMBS_AFTER, Roles, alert_key, audience
from bot.domain.person import CaseClassification
from bot.domain.units import COMMUNE, Tree
from bot.handlers.answering import DONE, TAKEN, tell_reporter
from bot.handlers.call import Call, Desk
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, clock, instant, place
from bot.storage import outbox, people, persons, records, roster
from bot.storage.database import Tx
from bot.storage.outbox import Lane, Post
from bot.storage.people import Who
from bot.storage.records import Record


async def tell(tx: Tx, desk: Desk, tree: Tree, who: Who, form: type[Form], record: Record, at: datetime) -> None:
    """Queue the alert of what was just filed, if it is one; a correction alerts if it makes of a suspicion a case.

    Whoever filed it is not told. What says that the record it follows was never so takes that one's alert back.
    """
    history = await records.versions(tx, desk.keys, record.id) if record.version > 1 else [record]
    former = history[-2] if len(history) > 1 and not history[-2].void else None
    level, was = form.urgent(record.body), form.urgent(former.body) if former else ""
    if was not in ("", level):
        await outbox.cancel(tx, [alert_key(record.id)], at)
    if was == CaseClassification.CONFIRMED != level:
        lowered = Say("alert.lowered", level=Say(f"alert.level.{level}"), **_words(tree, record, at))
        await _spread_over(tx, desk, tree, who, history[:-1], form, lowered, at)
    elif level not in ("", was):
        await _raise(tx, desk, tree, who, record, level, record.event, at)
    await _settle(tx, desk, tree, who, form, record, former is not None and form.cancels(former.body), at)


async def _raise(tx: Tx, desk: Desk, tree: Tree, who: Who, record: Record, level: str, event: int, at: datetime) -> None:
    """Queue an alert: now for some, for others in a quarter of an hour. One event alerts once."""
    now, later = await _concerned(tx, desk, tree, record, level)
    alert = _alert(tree, record, level, at)
    climbed = Say("alert.climbed", n=CLIMBS_AFTER.seconds // 60, alert=alert)
    posts = [post for one in now if one.id != who.id for post in _post(one, alert, record, event)]
    told = {one.id for one in now} | {who.id}
    posts += [
        replace(post, not_before=at + CLIMBS_AFTER, cancel_key=alert_key(record.id))
        for one in later
        if one.id not in told
        for post in _post(one, climbed, record, event)
    ]
    await outbox.queue(tx, desk.keys, posts, at)


async def _settle(
    tx: Tx, desk: Desk, tree: Tree, who: Who, form: type[Form], record: Record, denied: bool, at: datetime
) -> None:
    """What became of the alert of the record that this one follows: a result is there, or there never was a case.

    ``denied``: until now this record said the latter. If it no longer does, the case is one again and alerts anew.
    """
    denies = not record.void and form.cancels(record.body)
    if record.follows is None or not (denies or denied or form.ends or form.urgent(record.body)):
        return
    history = await records.versions(tx, desk.keys, record.follows)
    if form.ends and record.version == 1 and history and not history[-1].void:
        await tell_reporter(tx, desk, tree, history[-1], DONE, who, at)
    base_form = desk.forms.get(history[-1].kind) if history else None
    if base_form is None or history[-1].void or not (level := base_form.urgent(history[-1].body)):
        return
    base = history[-1]
    if denied and not denies:
        await _raise(tx, desk, tree, who, base, level, record.event, at)
        return
    await outbox.cancel(tx, [alert_key(base.id)], at)
    if denies and not denied:
        await _spread_over(tx, desk, tree, who, history, base_form, Say("alert.no_case", **_words(tree, base, at)), at)


async def _concerned(tx: Tx, desk: Desk, tree: Tree, record: Record, level: str) -> tuple[list[Who], list[Who]]:
    """Who is told at once, and who later; each person once in each."""
    manned = await roster.units_with(tx, OVERSEERS)
    wanted = audience(tree, record.unit, level == CaseClassification.CONFIRMED, manned)
    now, later = await _there(tx, desk, wanted.at_once), await _there(tx, desk, wanted.later)
    instead = [who for unit in wanted.at_once if not now.get(unit) for who in later.pop(unit, [])]
    return _each(now.values(), instead), _each(later.values())


async def _there(tx: Tx, desk: Desk, wanted: Roles) -> dict[str, list[Who]]:
    return {
        unit: (await holding(tx, desk.keys, [unit], roles)).get(unit, []) for unit, roles in wanted.items() if unit and roles
    }


def _each(groups: Collection[Sequence[Who]], more: Sequence[Who] = ()) -> list[Who]:
    return list({who.id: who for group in (*groups, more) for who in group}.values())


def _alert(tree: Tree, record: Record, level: str, at: datetime) -> Say:
    commune = tree.above(record.unit, COMMUNE) or tree[record.unit]
    key = f"alert.{level}|alert.suspicion"
    return Say(
        key,
        commune=place(commune),
        level=Say(f"alert.level.{level}|alert.level.suspect"),
        **_words(tree, record, at),
    )


def _words(tree: Tree, record: Record, at: datetime) -> dict[str, Param]:
    return {"code": record.id, "unit": place(tree[record.unit]), "at": instant(at)}


def _post(who: Who, say: Say, record: Record, event: int) -> list[Post]:
    rows = ([Choice(f"do:taken:{record.id}", Say("alert.take"))], [HOME])
    key = f"{alert_key(record.id)}:{event}:{who.id}"
    posts = duty(who, voice(who)(say), key, buttons=buttons(who, *rows), lane=Lane.URGENT)
    return [replace(post, record=(record.id, record.version)) for post in posts]


async def taken(call: Call, record_id: str = "") -> None:
    """Somebody takes an alert: the others hear who and when, and it climbs no further. Without an id, the newest told here.

    Whoever comes later is shown who it was.
    """
    told = record_id or await outbox.last_urgent(call.tx, call.message.bot, call.message.address) or ""
    history = await records.versions(call.tx, call.desk.keys, told)
    record = history[-1] if history else None
    form = call.desk.forms.get(record.kind) if record else None
    if record is None or form is None or not may(call.user.roles, Act.TAKE_ALERT, record.unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    card = Choice(f"do:person:{record.person_id}", Say("button.card"))
    since = urgent_since(history, form)
    if record.void or since is None or await settled(call.tx, call.desk, record):
        call.say(Say("alert.over", code=record.id), rows=((HOME,),), fresh=True)
        return
    await outbox.cancel(call.tx, [alert_key(record.id)], call.at)
    before = await records.taken(call.tx, record.id, since.event)
    if before is None:
        await _take(call, record, form, history)
        call.say(Say("alert.taken", code=record.id, at=clock(call.at)), rows=((card, HOME),), fresh=True)
        return
    by = await people.of_users(call.tx, call.desk.keys, [before[0]])
    call.say(_taken_by(call.tree, by[0] if by else None, record, before[1]), rows=((card, HOME),), fresh=True)


async def settled(tx: Tx, desk: Desk, record: Record) -> bool:
    """Whether something that stands settles it, or says that there was no such case."""
    after = [(desk.forms.get(one.kind), one) for one in await persons.follow(tx, desk.keys, record.id)]
    return any(form is not None and one.follows == record.id and (form.ends or form.cancels(one.body)) for form, one in after)


def urgent_since(history: Sequence[Record], form: type[Form]) -> Record | None:
    """The version from which on a record has been as urgent as it is now."""
    level = form.urgent(history[-1].body)
    first = None
    for version in reversed(history):
        if version.void or form.urgent(version.body) != level:
            break
        first = version
    return first if level else None


async def _take(call: Call, record: Record, form: type[Form], history: Sequence[Record]) -> None:
    """Note it, and tell the others who were told, and whoever reported what is no case."""
    say = _taken_by(call.tree, call.user, record, call.at)
    await _spread_over(call.tx, call.desk, call.tree, call.user, history, form, say, call.at)
    await persons.add_event(call.tx, call.desk.keys, records.TAKEN, record.id, record.unit, call.user.id, None, call.at)
    if form.urgent(record.body) not in tuple(CaseClassification):
        await tell_reporter(call.tx, call.desk, call.tree, record, TAKEN, call.user, call.at)


async def _spread_over(
    tx: Tx, desk: Desk, tree: Tree, by: Who, history: Sequence[Record], form: type[Form], say: Say, at: datetime
) -> None:
    """Tell whoever heard of the alert of a record with this history: at once, and later if nobody took it in time."""
    record, since = history[-1], urgent_since(history, form)
    assert since is not None
    now, later = await _concerned(tx, desk, tree, record, form.urgent(record.body))
    took = await records.taken(tx, record.id, since.event)
    climbs = since.recorded_at + CLIMBS_AFTER
    climbed = at >= climbs and (took is None or took[1] >= climbs)
    key = f"{say.key}:{record.id}:{at.isoformat()}"
    posts = [
        post
        for one in _each([now, later if climbed else ()])
        if one.id != by.id
        for post in duty(one, voice(one)(say), f"{key}:{one.id}", buttons=buttons(one, [HOME]), lane=Lane.URGENT)
    ]
    await outbox.queue(tx, desk.keys, posts, at)


def _taken_by(tree: Tree, who: Who | None, record: Record, at: datetime) -> Say:
    held = next((held for held in who.roles if tree.within(record.unit, held.unit)), None) if who else None
    if who is None or held is None:
        return Say("alert.taken_by_someone", code=record.id, at=instant(at))
    role = Say("role.at", role=Say(f"role.{held.role}"), unit=place(tree[held.unit]))
    return Say("alert.taken_by", code=record.id, name=who.name, role=role, at=instant(at))


async def withdrawn(tx: Tx, desk: Desk, tree: Tree, who: Who, record: Record, at: datetime) -> None:
    """A record was taken back: its alert climbs no more, and whoever was told is told that.

    If it said that another one was no case, that one is a case again.
    """
    form = desk.forms.get(record.kind)
    if form is None or record.unit not in tree:
        return
    if form.urgent(record.body):
        await outbox.cancel(tx, [alert_key(record.id)], at)
        history = (await records.versions(tx, desk.keys, record.id))[:-1]
        await _spread_over(tx, desk, tree, who, history, form, Say("alert.withdrawn", **_words(tree, record, at)), at)
    if form.cancels(record.body):
        await _settle(tx, desk, tree, who, form, record, True, at)
