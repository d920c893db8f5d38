"""A channel without buttons: what a typed number or word means to the choices that the chat was shown last."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from bot.conversation.numbers import MOST
from bot.conversation.prompt import number_typed
from bot.conversation.words import Say
from bot.handlers import menu, steps
from bot.handlers.call import Call
from bot.messages import InboundKind


def understand(call: Call, begun: datetime | None = None) -> None:
    """Make a text that names one of those choices a tap on it; ``call.misread`` says why a number is none of them.

    A number that was sent before the choices were shown meant others, whether or not it would be one of these. ``begun``
    is when the batch of this message began, if an earlier message of the same chat is in it: what that one was answered had
    not been seen either. Where free text is an answer, only a number that a list may have had is suspected.
    """
    message, last = call.message, call.last
    if last is None or message.group or message.kind is not InboundKind.TEXT or message.text.startswith("/"):
        return
    number = number_typed(message.text)
    unseen = message.sent_at < last.at or (begun is not None and last.at >= begun)
    if number is not None and unseen and (number <= MOST or not last.listed.typed):
        call.misread = Say("numbers.too_early")
    elif (token := last.listed.meant(message.text)) is not None:
        call.message = dataclasses.replace(message, kind=InboundKind.TAP, token=token)
    elif number is not None and not last.listed.typed:
        call.misread = Say("numbers.not_listed")


async def repeat(call: Call) -> None:
    """The open question, or what the chat was shown last, once more; the menu if there is neither."""
    before = () if call.misread is None else (call.misread,)
    listed = call.last.listed if call.last is not None else None
    open_draft = call.draft.id if call.draft is not None else ""
    if listed is not None and listed.text and not listed.draft:
        call.repeat(listed, before)
    elif not (listed is None or listed.draft == open_draft) or not steps.show_open(call, *before):
        await menu.show(call, *before)
