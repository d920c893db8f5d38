"""What a person does in a chat on Zalo."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox import zalo_words
from bot.sandbox.acting import Acted, Acting, CannotAct
from bot.sandbox.files import Files
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.world import Chat, Json, Message, World, dumps, zalo_chat
from bot.sandbox.zalo_methods import MAX_TEXT


class ZaloActing(Acting):
    """There is nothing to tap, and nobody tells the bot that it was blocked: it notices by its next message."""

    longest = MAX_TEXT

    def __init__(self, world: World, updates: UpdateQueue, files: Files, root: Callable[[], str]) -> None:
        super().__init__(world, files)
        self._updates = updates
        self._root = root

    def tap(self, chat: Chat, message_id: int, data: str) -> Acted:
        raise CannotAct("no_buttons", "Zalo has no buttons: write the number or the word")

    def block(self, chat: Chat, blocked: bool) -> None:
        if chat.blocked != blocked:
            self._world.block(chat, blocked)

    def inject(self, raw: Json) -> int:
        match raw:
            case {"message": {"chat": {"id": str(address)}, "from": {"display_name": str(name)}, "text": str(text)}}:
                self._world.post(self._world.meet(zalo_chat(address, name)), "person", {"text": text})
        return self._updates.put(dumps(raw))

    def _tell(self, chat: Chat, message: Message) -> int:
        return self._updates.put(zalo_words.update(chat, message, self._root()))
