"""What a quick question sends: to those who are asked, and to who asked. All of it is queued by the caller.

The keys of these messages name question, day, what they are and the unit, so that a reply to one of them is known as an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import OFFICIALS, RESPONDENTS, TEAM
from bot.domain.questions import Asked, Question, choices
from bot.domain.units import OrgUnit, Tree
from bot.messages import BUTTONS
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import moment, place
from bot.reports.questions import Round, label_of, named, sums, table_lines
from bot.storage import outbox
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.outbox import Post
from bot.storage.people import Who

MENU = Choice("do:menu", Say("button.menu"))
ASK, NUDGE, AGAIN, EXTENDED = "ask", "nudge", "again", "extended"
_MINUTE = timedelta(minutes=1)
_TO_ANSWER = (ASK, NUDGE, AGAIN, EXTENDED)


def key_of(asked: Asked, what: str, unit: str) -> str:
    return f"question:{asked.question}:{asked.day}:{what}:{unit}"


def cancel_key(asked: Asked, unit: str) -> str:
    """What the unsent messages to a unit about a round have in common; its answer takes them back."""
    return f"question:{asked.question}:{asked.day}:{unit}"


@dataclass(frozen=True)
class Meant:
    """Which question, of which day, of which unit a message asks."""

    question: str
    day: date
    unit: str


def meant_by(dedup_key: str | None) -> Meant | None:
    """What a message asks by its key; None if it asks nothing."""
    parts = (dedup_key or "").split(":")
    if len(parts) < 6 or parts[0] != "question" or parts[3] not in _TO_ANSWER:
        return None
    return Meant(parts[1], date.fromisoformat(parts[2]), parts[4])


# --- to those who are asked ---------------------------------------------------------------------------------------------------


async def respondents(tx: Tx, keys: Keyring, units: Sequence[OrgUnit]) -> dict[str, list[Who]]:
    """Who is asked at each of these units."""
    found = await holding(tx, keys, [one.code for one in units], TEAM | OFFICIALS)
    return {unit: [who for who in held if _responds(who, unit)] or held for unit, held in found.items()}


def _responds(who: Who, unit: str) -> bool:
    return bool(who.instead_of) or any(held.role in RESPONDENTS and held.unit == unit for held in who.roles)


def answer_rows(question: Question, day: date, unit: str) -> Rows:
    """The choices of a question as buttons, or the one that opens it where something is typed."""
    here = f"do:answer:{question.id}:{day}:{unit}"
    offered = [Choice(f"{here}:{key}", label_of(question, key)) for key in choices(question)]
    return in_rows(offered, 2) if offered else ((Choice(here, Say("question.button.answer")),),)


def ask_posts(
    question: Question, asked: Asked, tree: Tree, readers: dict[str, list[Who]], now: datetime, what: str = ASK, part: str = ""
) -> list[Post]:
    """The question for everybody who is asked at these units."""
    say = Say(
        f"question.push.{what}",
        text=question.text,
        asker=place(tree[question.unit]),
        due=moment(asked.due_at, now),
        n=-((now - asked.due_at) // _MINUTE),
    )
    return [
        post
        for unit in readers
        for who in readers[unit]
        for post in duty(
            who,
            f"{voice(who)(say)}\n{voice(who)(Say('question.push.for', unit=place(tree[unit])))}",
            f"{key_of(asked, what, unit)}:{who.id}{part and ':' + part}",
            buttons=_asking(who, question, asked, unit),
            drop_after=asked.due_at if what == NUDGE else None,
            cancel_key=cancel_key(asked, unit),
        )
    ]


def _asking(who: Who, question: Question, asked: Asked, unit: str) -> outbox.Buttons:
    if BUTTONS[who.channel]:
        return buttons(who, *answer_rows(question, asked.day, unit), (MENU,))
    opens = Choice(f"do:answer:{question.id}:{asked.day}:{unit}", Say("question.button.answer"))
    return buttons(who, (opens, MENU))


# --- to who asked -------------------------------------------------------------------------------------------------------------


async def askers(tx: Tx, keys: Keyring, question: Question) -> list[Who]:
    """Who asked, or who stands in for them; once they no longer work there, whoever is an official of the unit."""
    officials = (await holding(tx, keys, [question.unit], OFFICIALS)).get(question.unit, [])
    return [who for who in officials if question.by in (who.id, *who.instead_of)] or officials


async def live_posts(tx: Tx, one: Round, readers: Sequence[Who], now: datetime) -> list[Post]:
    """The table, for the first time or in place of what the same message showed; only where messages can be changed.

    An earlier change that is not sent yet is taken back: however many answers come at once, the newest table is enough.
    """
    posts = []
    for who in readers:
        if not BUTTONS[who.channel]:
            continue
        key = f"{key_of(one.asked, 'live', one.question.unit)}:{who.bot}:{who.address}"
        first = await outbox.queued_as(tx, key)
        if first is not None:
            await outbox.cancel(tx, [key], now)
        text = "\n".join(voice(who)(line) for line in table_lines(one, now))
        row = (Choice(f"do:question:{one.question.id}:{one.asked.day}", Say("question.button.open")), MENU)
        (*_, post) = duty(who, text, key if first is None else None, buttons=buttons(who, row))
        posts.append(post if first is None else replace(post, edits=first, cancel_key=key))
    return posts


def told_posts(one: Round, readers: Sequence[Who], now: datetime, what: str) -> list[Post]:
    """Once for each deadline: that all have answered, or who has not when the deadline has come. Nobody's words are in it."""
    found = one.standing
    say = Say(
        f"question.push.{what}",
        text=one.question.text,
        a=found.answered,
        b=len(found.units),
        missing=named(found.missing),
        due=moment(one.asked.due_at, now),
    )
    open_ = Choice(f"do:question:{one.question.id}:{one.asked.day}", Say("question.button.open"))
    return [
        post
        for who in readers
        for post in duty(
            who,
            "\n".join(voice(who)(line) for line in (say, *sums(one.question, found))),
            f"{key_of(one.asked, what, one.question.unit)}:{who.id}:{one.asked.due_at.isoformat()}",
            buttons=buttons(who, (open_, MENU)),
        )
    ]
