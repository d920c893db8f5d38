"""Groups: counts and names of places are said there; whatever has a person's name in it is answered in private.

Free text is ignored, and so is a command that is not ours: the bot must not chatter. There are no buttons, since whoever is in
the group could tap them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.words import Say
from bot.domain.access import NOTICE_VERSION
from bot.handlers import queries
from bot.handlers.call import Call
from bot.messages import InboundKind
from bot.storage import people


async def _help(_call: Call) -> Sequence[Say]:
    return [Say("group.help")]


ANSWERS: Mapping[str, Callable[[Call], Awaitable[Sequence[Say] | None]]] = {
    "situation": queries.situation_in_group,
    "missing": queries.missing_in_group,
    "help": _help,
}
"""The commands that are safe in a group, by key; None is for what this person must be asked first."""


async def handle(call: Call, command: str | None, privately: Callable[[Call], Awaitable[None]]) -> None:
    """Answer what happened in a group. ``command`` is the key of what was asked for; ``privately`` answers it in private."""
    message = call.message
    if message.kind in (InboundKind.OPENED, InboundKind.BLOCKED):
        await _note(call, message.kind is InboundKind.OPENED)
    elif message.kind is InboundKind.TEXT and command is not None:
        await _answer(call, command, privately)


async def _note(call: Call, is_in: bool) -> None:
    """The bot was added, or removed: nothing is sent to a group that does not want it."""
    message = call.message
    await people.link(call.tx, message.channel, message.bot, message.address, None, call.at)
    if is_in:
        call.say(Say("group.hello"))
    else:
        await people.set_state(call.tx, message.channel, message.bot, message.address, people.BLOCKED, call.at)


async def _answer(call: Call, command: str, privately: Callable[[Call], Awaitable[None]]) -> None:
    message = call.message
    await people.set_state(call.tx, message.channel, message.bot, message.address, people.OPEN, call.at)
    if not _known_here(call):
        call.say(Say("group.write_first"))
        return
    if command in ANSWERS and (lines := await ANSWERS[command](call)) is not None:
        call.say(*lines)
        return
    call.say(Say("group.privately"))
    call.message = replace(message, address=message.person, group=False, author="", reply_to="")
    await privately(call)


def _known_here(call: Call) -> bool:
    """Whether the asker has a role, has agreed to the notice, and can be written to in private."""
    who = call.who
    return who is not None and bool(who.roles) and who.notice_version == NOTICE_VERSION and who.state == people.OPEN
