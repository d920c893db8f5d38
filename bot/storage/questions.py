"""Quick questions as rows: what was asked, each round of it, and every version of every answer."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time

import sqlalchemy as sa

from bot.conversation.draft import Json
from bot.domain.questions import Answer, AnswerKind, Asked, Question, State, next_moment
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import question, question_answer, question_round
from bot.storage.sql import add, add_new, among, insert, put

_OPEN = question.c.state == State.OPEN.value


async def keep(tx: Tx, keys: Keyring, new: Question) -> None:
    """Store a question that is not asked yet; one with its id is left as it is."""
    row = {
        "id": new.id,
        "unit_code": new.unit,
        "by_user": new.by,
        "kind": new.kind.value,
        "body": keys.seal_json("question.body", new.id, {"text": new.text, "options": list(new.options)}),
        "units": _codes(new.units),
        "state": State.DRAFT.value,
        "first_day": new.first_day,
        "ask_wall": _wall(new.ask_wall),
        "due_wall": _wall(new.due_wall),
        "created_at": new.created_at,
    }
    await add_new(tx, question, [row])


async def set_units(tx: Tx, question_id: str, units: Collection[str]) -> None:
    """Of whom a draft is to be asked."""
    this = sa.and_(question.c.id == question_id, question.c.state == State.DRAFT.value)
    await tx.execute(sa.update(question).where(this).values(units=_codes(units)))


async def ask(tx: Tx, one: Question, first: Asked | None, now: datetime) -> bool:
    """Open a draft, with its first round if that begins now; False if somebody has done so before."""
    next_at = next_moment(replace(one, state=State.OPEN), [first] if first is not None else [], now)
    draft = sa.and_(question.c.id == one.id, question.c.state == State.DRAFT.value)
    opened = {"state": State.OPEN.value, "first_day": one.first_day, "next_at": next_at}
    if not (await tx.execute(sa.update(question).where(draft).values(opened))).rowcount:
        return False
    if first is not None:
        await put(tx, question_round, [_round(first)])
    return True


async def begin(tx: Tx, asked: Asked) -> bool:
    """Store a round; False if it was begun before."""
    return bool((await tx.execute(insert(tx, question_round).values(_round(asked)).on_conflict_do_nothing())).rowcount)


def _round(asked: Asked) -> dict[str, object]:
    return {"question_id": asked.question, "day": asked.day, "asked_at": asked.asked_at, "due_at": asked.due_at}


async def extend(tx: Tx, one: Question, asked: Asked, now: datetime) -> None:
    """Give a round another deadline, which is in ``asked``."""
    this = sa.and_(question_round.c.question_id == asked.question, question_round.c.day == asked.day)
    await tx.execute(sa.update(question_round).where(this).values(due_at=asked.due_at))
    await reschedule(tx, one, now)


async def end(tx: Tx, question_id: str, state: State, by: str, now: datetime) -> bool:
    """Close or withdraw an open question; False if somebody has ended it before."""
    this = sa.and_(question.c.id == question_id, _OPEN)
    values = {"state": state.value, "closed_by": by, "closed_at": now, "next_at": None}
    return bool((await tx.execute(sa.update(question).where(this).values(values))).rowcount)


async def reschedule(tx: Tx, one: Question, now: datetime) -> None:
    """Note when something of it falls due next, after this instant."""
    next_at = next_moment(one, (await rounds(tx, [one.id], now)).get(one.id, []), now)
    await tx.execute(sa.update(question).where(question.c.id == one.id, _OPEN).values(next_at=next_at))


async def get(tx: Tx, keys: Keyring, question_id: str) -> Question | None:
    row = (await tx.execute(sa.select(question).where(question.c.id == question_id))).one_or_none()
    return _question(keys, row) if row is not None else None


async def of_units(tx: Tx, keys: Keyring, units: Collection[str], ended_since: datetime | None = None) -> list[Question]:
    """The open ones that these units ask, the oldest first; and those closed or withdrawn since an instant, if one is given."""
    wanted = _OPEN if ended_since is None else sa.or_(_OPEN, question.c.closed_at >= ended_since)
    query = sa.select(question).where(among(tx, question.c.unit_code, units), wanted)
    return [_question(keys, row) for row in await tx.execute(query.order_by(question.c.created_at, question.c.id))]


async def counters(tx: Tx, keys: Keyring, units: Collection[str], day: date) -> list[Question]:
    """The daily ones of these units that were asked on a day, the oldest first."""
    query = (
        sa.select(question)
        .join(question_round, question_round.c.question_id == question.c.id)
        .where(
            among(tx, question.c.unit_code, units),
            question.c.due_wall.is_not(None),
            question.c.state != State.WITHDRAWN.value,
            question_round.c.day == day,
        )
    )
    return [_question(keys, row) for row in await tx.execute(query.order_by(question.c.created_at, question.c.id))]


async def falling_due(tx: Tx, keys: Keyring, until: datetime, units: Collection[str] | None = None) -> list[Question]:
    """The open ones of which something falls due by then: of these units, or of all."""
    query = sa.select(question).where(_OPEN, question.c.next_at <= until)
    if units is not None:
        query = query.where(among(tx, question.c.unit_code, units))
    return [_question(keys, row) for row in await tx.execute(query.order_by(question.c.created_at, question.c.id))]


async def rounds(tx: Tx, ids: Collection[str], since: datetime | None = None) -> dict[str, list[Asked]]:
    """By question its rounds, in order; with ``since``, those alone whose deadline was not before."""
    found: dict[str, list[Asked]] = {}
    query = sa.select(question_round).where(among(tx, question_round.c.question_id, ids))
    if since is not None:
        query = query.where(question_round.c.due_at >= since)
    for row in await tx.execute(query.order_by(question_round.c.day)):
        found.setdefault(row.question_id, []).append(Asked(row.question_id, row.day, row.asked_at, row.due_at))
    return found


async def answer(tx: Tx, keys: Keyring, new: Answer) -> Answer:
    """Store the next version of a unit's answer; its number is given here."""
    table = question_answer.c
    here = (table.question_id == new.question, table.day == new.day, table.unit_code == new.unit)
    newest = await tx.scalar(sa.select(sa.func.max(table.version)).where(*here))
    stored = replace(new, version=(newest or 0) + 1)
    body: dict[str, Json] = {"value": stored.value, "told": stored.told}
    row = {
        "question_id": stored.question,
        "day": stored.day,
        "unit_code": stored.unit,
        "version": stored.version,
        "body": keys.seal_json("question_answer.body", _row(stored.question, stored.day, stored.unit, stored.version), body),
        "by_user": stored.by,
        "means": stored.means,
        "at": stored.at,
    }
    await add(tx, question_answer, [row])
    return stored


async def answers(tx: Tx, keys: Keyring, ids: Collection[str], day: date, until: datetime | None = None) -> list[Answer]:
    """Every version of the answers to the rounds of a day, as they were known at ``until``."""
    query = sa.select(question_answer).where(among(tx, question_answer.c.question_id, ids), question_answer.c.day == day)
    if until is not None:
        query = query.where(question_answer.c.at <= until)
    found = []
    for row in await tx.execute(query.order_by(question_answer.c.unit_code, question_answer.c.version)):
        place = _row(row.question_id, row.day, row.unit_code, row.version)
        body = keys.open_json("question_answer.body", place, row.body)
        found.append(
            Answer(
                row.question_id, row.day, row.unit_code, row.version,
                body["value"], row.by_user, row.means, row.at, body["told"],
            )
        )  # fmt: skip
    return found


async def forget(tx: Tx, question_id: str) -> None:
    """Forget a draft."""
    await tx.execute(sa.delete(question_round).where(question_round.c.question_id == question_id))
    await tx.execute(sa.delete(question).where(question.c.id == question_id, question.c.state == State.DRAFT.value))


async def clear(tx: Tx, before: datetime) -> None:
    """Forget what was drafted before this instant and never asked."""
    old = sa.select(question.c.id).where(question.c.state == State.DRAFT.value, question.c.created_at < before)
    await tx.execute(sa.delete(question_round).where(question_round.c.question_id.in_(old)))
    await tx.execute(sa.delete(question).where(question.c.state == State.DRAFT.value, question.c.created_at < before))


def _row(question_id: str, day: date, unit: str, version: int) -> str:
    return f"{question_id}.{day.isoformat()}.{unit}.{version}"


def _codes(units: Collection[str] | None) -> str | None:
    return None if units is None else json.dumps(sorted(units))


def _wall(wall: time | None) -> str | None:
    return None if wall is None else f"{wall:%H:%M}"


def _question(keys: Keyring, row: sa.Row[tuple[object, ...]]) -> Question:
    body = keys.open_json("question.body", row.id, row.body)
    return Question(
        id=row.id,
        unit=row.unit_code,
        by=row.by_user,
        kind=AnswerKind(row.kind),
        text=body["text"],
        options=tuple(body["options"]),
        units=tuple(json.loads(row.units)) if row.units is not None else None,
        state=State(row.state),
        first_day=row.first_day,
        created_at=row.created_at,
        ask_wall=time.fromisoformat(row.ask_wall) if row.ask_wall else None,
        due_wall=time.fromisoformat(row.due_wall) if row.due_wall else None,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        next_at=row.next_at,
    )
