"""The methods of the Zalo Bot API that concern messages.

The words of errors are invented, and so is that a person who blocked the bot is 400 and an unknown chat 404: the platform
publishes the codes only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.sandbox import zalo_words
from bot.sandbox.formatting import units
from bot.sandbox.limits import Bucket, Rate
from bot.sandbox.methods import Method
from bot.sandbox.params import Params
from bot.sandbox.people import People
from bot.sandbox.refusal import ApiError, bad_request, not_found
from bot.sandbox.world import Chat, World, dumps

MAX_TEXT = 2000  # UTF-16 units, of captions too
RATE = Rate(10, 10)  # messages of one bot; the platform names no figure
ACTIONS = frozenset({"typing", "upload_photo"})


class ZaloMessages:
    """``monotonic`` measures the rate; without it there is no limit."""

    def __init__(self, token: str, world: World, people: People, monotonic: Callable[[], float] | None) -> None:
        self._bot_id = token.split(":")[0]
        self._world = world
        self._people = people
        self._monotonic = monotonic
        self._bucket = Bucket(RATE)
        self.methods: Mapping[str, Method] = {
            "getme": self.get_me,
            "sendmessage": self.send_message,
            "sendphoto": self.send_photo,
            "sendchataction": self.send_chat_action,
        }

    async def get_me(self, _: Params) -> str:
        me = {"id": self._bot_id, "account_name": "bot.tungnha", "account_type": "BASIC", "can_join_groups": False}
        return dumps(me)

    async def send_message(self, params: Params) -> str:
        chat = await self._open_chat(params)
        text = params.text("text")
        if not text.strip() or units(text) > MAX_TEXT:
            raise bad_request(f"text must have 1 to {MAX_TEXT} characters")
        return self._deliver(chat, text)

    async def send_photo(self, params: Params) -> str:
        """The picture is not fetched: the chat shows its address below the caption."""
        chat, photo, caption = await self._open_chat(params), params.text("photo"), params.text("caption")
        if not re.match(r"https?://[^/\s]", photo):
            raise bad_request("photo must be an address")
        if units(caption) > MAX_TEXT:
            raise bad_request(f"caption must have at most {MAX_TEXT} characters")
        return self._deliver(chat, f"{caption}\n{photo}" if caption else photo)

    async def send_chat_action(self, params: Params) -> str:
        await self._open_chat(params)
        if params.text("action") not in ACTIONS:
            raise bad_request("no such action")
        return "true"

    async def _open_chat(self, params: Params) -> Chat:
        if not (address := params.text("chat_id")):
            raise bad_request("chat_id is missing")
        chat = await self._people.zalo_chat(address)
        if chat is None:
            raise not_found("chat not found")
        if chat.blocked:
            raise bad_request("the user has blocked the bot")
        return chat

    def _deliver(self, chat: Chat, text: str) -> str:
        if self._monotonic is not None:
            now = self._monotonic()
            if self._bucket.shortage(now) > 0:
                raise ApiError(429, "Quota exceeded")  # and not for how long
            self._bucket.spend(now)
        return zalo_words.sent(chat, self._world.post(chat, "bot", {"text": text}))
