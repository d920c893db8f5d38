"""One person on several channels: a code from one account joins a second one; which of them gets the duties; taking one off.

A person has one account on a channel at most, so the channel's name is the account's name.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from bot.clock import vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.invites import new_invite_code
from bot.handlers.call import Call
from bot.reports.duties import buttons, duty, forward
from bot.reports.phrases import HOME
from bot.storage import accounts, choices, codes, drafts, people
from bot.storage.accounts import Account, for_duties
from bot.storage.outbox import Lane
from bot.storage.people import OPEN

VALID = timedelta(minutes=15)
"""How long a code can be used. There are 31^8, more than 850 thousand million codes. With a hundred of them open at once, a
hundred guesses a second, which is more than a platform hands on, would hit one in two years and a half; and a stranger's
chat is heard only ``codes.MOST_WRONG`` times an hour."""

ACCOUNTS = Choice("do:accounts", Say("button.accounts"))
CONNECT = Choice("do:link", Say("menu.link"))


async def link(call: Call) -> None:
    """/ketnoi: a code to type on another channel, usable once; the one before is void."""
    owned = await accounts.of_user(call.tx, call.user.id)
    free = _free(call, owned)
    if not free:
        await show(call, Say("link.nothing_to_join"))
        return
    code = new_invite_code(secrets.choice)
    await codes.make(call.tx, call.desk.keys, code, call.user.id, call.at, call.at + VALID)
    lines = [Say("link.made", channels=[_named(channel) for channel in free], code=code)]
    if "telegram" in free and call.desk.deep_link is not None:
        lines.append(Say("invite.link", link=call.desk.deep_link(code)))
    lines.append(Say("link.until", minutes=VALID // timedelta(minutes=1)))
    call.say(*lines, rows=((ACCOUNTS, HOME),))


async def join(call: Call, code: str) -> Say | None:
    """Somebody typed a code: if it is one of ours, what to answer; from then on ``call`` is the joined person's.

    A refusal changes nothing and says nothing about whose code it is.
    """
    found = await codes.find(call.tx, call.desk.keys, code)
    if found is None:
        return None
    channel = call.message.channel
    if found.used:
        return Say("link.used")
    if found.expires_at <= call.at:
        return Say("link.expired", minutes=VALID // timedelta(minutes=1))
    if call.who is not None and call.who.id == found.user_id:
        return Say("link.same_person")
    if call.who is not None and call.who.roles:
        return Say("link.taken", channel=_named(channel))
    owned = await accounts.of_user(call.tx, found.user_id)
    if any(one.channel == channel for one in owned):
        return Say("link.channel_taken", channel=_named(channel))
    await codes.use(call.tx, call.desk.keys, code, call.at)
    await _joined(call, found.user_id, owned)
    return Say("link.joined", channel=_named(channel), others=[_named(one.channel) for one in owned])


async def _joined(call: Call, user_id: str, owned: list[Account]) -> None:
    message = call.message
    if (first := for_duties(owned)) is not None and not any(one.duties for one in owned):
        await accounts.choose(call.tx, user_id, first.channel)
    await people.link(call.tx, message.channel, message.bot, message.address, user_id, call.at)
    known = await people.at_addresses(call.tx, call.desk.keys, message.channel, message.bot, [message.address])
    call.who = known[message.address]
    call.draft = (await drafts.of_users(call.tx, call.desk.keys, [user_id])).get(user_id)
    for one in owned:
        _tell(call, one, Say("link.told", channel=_named(message.channel)), ACCOUNTS)


async def show(call: Call, *before: Say) -> None:
    """The person's channels, since when, which gets the duties; buttons to change that."""
    owned = await accounts.of_user(call.tx, call.user.id)
    chosen, here = for_duties(owned), call.message.channel
    rows = [
        (Choice(f"do:duties:{one.channel}", Say("link.duties_here", channel=_named(one.channel))),)
        for one in owned
        if one != chosen and one.state == OPEN
    ]
    rows += [
        (Choice(f"do:unlink:{one.channel}", Say("link.unlink", channel=_named(one.channel))),)
        for one in owned
        if one.channel != here
    ]
    if _free(call, owned):
        rows.append((CONNECT,))
    call.say(*before, Say("link.title"), *(_line(one, chosen, here) for one in owned), rows=(*rows, (HOME,)))


def _line(one: Account, chosen: Account | None, here: str) -> Say:
    notes = [Say("link.note.here")] if one.channel == here else []
    if one == chosen:
        notes.append(Say("link.note.duties"))
    if one.state != OPEN:
        notes.append(Say("link.note.closed"))
    key = "link.account_noted" if notes else "link.account"
    return Say(key, channel=_named(one.channel), since=vietnam_day(one.since), notes=notes)


async def choose(call: Call, channel: str) -> None:
    """Send what comes unasked to the account on this channel from now on."""
    if await _account(call, channel) is None:
        await show(call)
        return
    await accounts.choose(call.tx, call.user.id, channel)
    await show(call, Say("link.chosen", channel=_named(channel)))


async def ask_unlink(call: Call, channel: str) -> None:
    """Take an account off? Not the one that is written from, so that the last one always stays."""
    if channel == call.message.channel:
        await show(call, Say("link.not_this_one"))
    elif await _account(call, channel) is None:
        await show(call)
    else:
        sure = Choice(f"do:unlink_sure:{channel}", Say("link.unlink", channel=_named(channel)), Say("word.unlink_sure"))
        rows = ((sure,), (Choice("do:accounts", Say("button.keep")),))
        call.say(Say("link.unlink_sure", channel=_named(channel)), rows=rows)


async def unlink(call: Call, channel: str) -> None:
    """Take an account off: whoever writes from it is a stranger from now on. What waits for it comes to the one that stays."""
    left = await _account(call, channel)
    if left is None or channel == call.message.channel:
        await show(call)
        return
    await forward(call.tx, call.desk.keys, left.channel, left.bot, left.address, call.at, call.desk.carries_files)
    await accounts.unlink(call.tx, left, call.at)
    await choices.forget(call.tx, left.channel, left.bot, left.address)
    await show(call, Say("link.unlinked", channel=_named(channel)))
    _tell(call, left, Say("link.told_unlinked"))


async def entry(call: Call) -> list[Choice]:
    """What the menu offers: to join another channel, or to see those that are joined; nothing where there is one only."""
    owned = await accounts.of_user(call.tx, call.user.id)
    if len(owned) > 1:
        return [ACCOUNTS]
    return [CONNECT] if _free(call, owned) else []


async def _account(call: Call, channel: str) -> Account | None:
    return next((one for one in await accounts.of_user(call.tx, call.user.id) if one.channel == channel), None)


def _free(call: Call, owned: list[Account]) -> list[str]:
    """The channels of this installation on which the person has no account."""
    return [channel for channel in call.desk.channels if all(one.channel != channel for one in owned)]


def _named(channel: str) -> Say:
    return Say(f"channel.{channel}")


def _tell(call: Call, to: Account, what: Say, *steer: Choice) -> None:
    """Say this in another chat of the person, unless it is closed. In words, so that a list which is open there stays."""
    if to.state == OPEN:
        who = replace(call.user, channel=to.channel, bot=to.bot, address=to.address)
        call.posts += duty(who, call.voice(what), None, buttons=buttons(who, steer) if steer else (), lane=Lane.REPLY)
