"""Long work that somebody wants in their chat: asked for in the message's transaction, answered when it is done."""

from __future__ import annotations

from bot.conversation.draft import Json
from bot.handlers.call import Call
from bot.storage import people, work
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.work import Work


async def want(call: Call, kind: str, /, **args: Json) -> None:
    """Ask for work of this kind; what it makes goes to the chat that the message came from."""
    chat = {"channel": call.message.channel, "bot": call.message.bot, "address": call.message.address}
    asked = Work(call.desk.new_id(), kind, {**chat, **args}, call.user.id, call.at)
    await work.ask(call.tx, call.desk.keys, asked, call.at)
    call.wants_work = True


async def who_wants(tx: Tx, keys: Keyring, piece: Work) -> Who | None:
    """Who asked for it, as they are now in that chat; None if nobody did, or nobody is there any more."""
    chat = piece.args
    if "address" not in chat:
        return None
    address = str(chat["address"])
    return (await people.at_addresses(tx, keys, str(chat["channel"]), str(chat["bot"]), [address])).get(address)
