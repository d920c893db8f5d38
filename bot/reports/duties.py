"""What is sent to a person unasked: fitted to the channel of one of their accounts, and moved to another if that one closes.

Nothing here is sent: it is written into the outbox in the transaction that decided it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import NOTICE_VERSION, Role
from bot.domain.deputies import instead
from bot.forms import forms
from bot.messages import BUTTONS, FILES, TEXT_LIMITS, Button, split
from bot.reports.spoken import token_for
from bot.storage import deputies, outbox, people
from bot.storage.accounts import by_person, for_duties
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.outbox import Buttons, Post, Whole
from bot.texts import Voice


def voice(who: people.Who) -> Voice:
    return Voice(who.language, who.address_form)


def buttons(who: people.Who, *rows: Sequence[Choice]) -> Buttons:
    """Rows of buttons in somebody's words; a choice's key is the button's whole payload."""
    said = voice(who)
    return tuple(tuple(Button(said(choice.label), choice.key) for choice in row) for row in rows)


async def holding(tx: Tx, keys: Keyring, units: Collection[str], roles: Collection[Role]) -> dict[str, list[people.Who]]:
    """Whom to tell, and at which of their accounts: who holds one of these roles at each of these units, each person once.

    Instead of somebody who is away it is their deputy (``Who.instead_of``), if that one can be reached. Nothing is queued for
    who closed all of their chats, until they write again, nor for who has not agreed to the notice in force.
    """
    found: dict[str, list[people.Who]] = {}
    for owned in by_person(await people.with_roles(tx, keys, units, roles)).values():
        who = for_duties(owned)
        if who is not None and who.notice_version == NOTICE_VERSION:
            for unit in sorted({held.unit for held in who.roles if held.role in roles and held.unit in units}):
                found.setdefault(unit, []).append(who)
    return await _with_deputies(tx, keys, found)


async def _with_deputies(tx: Tx, keys: Keyring, found: dict[str, list[people.Who]]) -> dict[str, list[people.Who]]:
    away: dict[str, dict[str, str]] = {}
    for one in await deputies.at_units(tx, found):
        away.setdefault(one.unit, {})[one.user] = one.deputy
    if not away:
        return found
    standing_in = by_person(await people.of_users(tx, keys, {user for of_unit in away.values() for user in of_unit.values()}))
    reached = {
        user: who
        for user, owned in standing_in.items()
        if (who := for_duties(owned)) is not None and who.notice_version == NOTICE_VERSION
    }
    for unit, of_unit in away.items():
        there = {who.id: who for who in found[unit]}
        able = {user: deputy for user, deputy in of_unit.items() if deputy in reached}
        found[unit] = [
            replace(there.get(user) or reached[user], instead_of=tuple(absent)) for user, absent in instead(there, able).items()
        ]
    return found


def duty(
    who: people.Who,
    text: str,
    dedup_key: str | None,
    *,
    buttons: Buttons = (),
    attachment: str | None = None,
    drop_after: datetime | None = None,
    cancel_key: str | None = None,
    lane: outbox.Lane = outbox.Lane.DUTY,
    carries_files: Collection[str] = FILES,
) -> list[Post]:
    """A message to one person; in pieces if it is longer than the channel takes, buttons and file with the last.

    On a channel without buttons it names the words that stand for them; a button for which no word stands, as one that opens
    this very person, is left out. On a channel that is not among ``carries_files`` the text says so instead of the file.
    """
    whole = Whole(text, buttons, attachment, dedup_key)
    if not BUTTONS[who.channel]:
        text, buttons = _in_words(who, text, buttons), ()
    if attachment is not None and who.channel not in carries_files:
        text, attachment = f"{text}\n\n{voice(who).word('numbers.no_files')}", None
    pieces = split(text, TEXT_LIMITS[who.channel])
    last = len(pieces) - 1
    fitted = pieces != [whole.text] or attachment != whole.attachment
    return [
        Post(
            channel=who.channel,
            bot=who.bot,
            address=who.address,
            text=piece,
            buttons=buttons if number == last else (),
            lane=lane,
            attachment=attachment if number == last else None,
            drop_after=drop_after,
            dedup_key=f"{dedup_key}:{number}" if number and dedup_key else dedup_key,
            cancel_key=cancel_key,
            whole=whole if fitted and number == last else None,
            part=number < last,
        )
        for number, piece in enumerate(pieces)
    ]


def _in_words(who: people.Who, text: str, buttons: Buttons) -> str:
    """In words: numbers would take the place of the list that an open question has just shown."""
    labels = [button.label for row in buttons for button in row]
    words = ", ".join(f'"{label.lower()}"' for label in labels if token_for(label, voice(who), forms()))
    return f"{text}\n\n{voice(who)(Say('numbers.type', words=words))}" if words else text


async def forward(
    tx: Tx,
    keys: Keyring,
    channel: str,
    bot: str,
    address: str,
    now: datetime,
    carries_files: Collection[str] = FILES,
) -> None:
    """This chat is closed, or no longer its person's: what waits for it unasked goes to another open account of theirs.

    Fitted anew, with its instants and its cancel key. Its dedup key stays taken, so what moved is not queued again. Answers
    are not moved: they belong to where they were asked for. Without another account everything that waits ends.
    """
    known = await people.at_addresses(tx, keys, channel, bot, [address])
    other = await _elsewhere(tx, keys, known[address]) if address in known else None
    if other is not None:
        waiting = await outbox.unasked(tx, keys, bot, address)
        await outbox.mark_moved(tx, waiting.keys(), now)
        moved = [piece for post in waiting.values() if not post.part for piece in _moved(post, other, carries_files)]
        await outbox.queue(tx, keys, moved, now)
    await outbox.drop_for(tx, bot, address, now)


async def _elsewhere(tx: Tx, keys: Keyring, who: people.Who) -> people.Who | None:
    if who.notice_version != NOTICE_VERSION:
        return None
    here = (who.channel, who.bot, who.address)
    owned = await people.of_users(tx, keys, [who.id])
    return for_duties([one for one in owned if (one.channel, one.bot, one.address) != here])


def _moved(post: Post, to: people.Who, carries_files: Collection[str]) -> list[Post]:
    whole = post.whole or Whole(post.text, post.buttons, post.attachment, post.dedup_key)
    key = f"{whole.dedup_key}@{to.channel}" if whole.dedup_key else None
    fitted = duty(
        to,
        whole.text,
        key,
        buttons=whole.buttons,
        attachment=whole.attachment,
        drop_after=post.drop_after,
        cancel_key=post.cancel_key,
        lane=post.lane,
        carries_files=carries_files,
    )
    return [replace(piece, not_before=post.not_before, record=post.record) for piece in fitted]
