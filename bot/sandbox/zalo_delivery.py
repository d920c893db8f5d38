"""How updates reach a bot on Zalo: ``getUpdates`` or a webhook, never both.

A poll gets one update, once: who dies after that has lost it. Nobody knows whether the platform looks at the connection
before it gives an update away, so this one does not: a poll whose caller is gone goes on waiting and swallows one, until its
time is up or a newer poll takes its place. The newer poll is taken for the bot's word that it has worked off what it got.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping

import aiohttp

from bot.sandbox.methods import Method
from bot.sandbox.params import Params
from bot.sandbox.refusal import ApiError, bad_request
from bot.sandbox.store import Store
from bot.sandbox.updates import Update, UpdateQueue
from bot.sandbox.world import Json, dumps

USUAL_WAIT, MAX_WAIT = 30, 60  # seconds
SECRET = range(8, 257)  # characters
WEBHOOK_TIMEOUT = aiohttp.ClientTimeout(total=10)
TRIES = 11  # for one update; then it is dropped
FIRST_RETRY = 0.1  # seconds, doubled each time: 100 in all


class ZaloDelivery:
    """``real_time`` is in seconds since 1970, ``first_retry`` in seconds."""

    def __init__(
        self, store: Store, updates: UpdateQueue, real_time: Callable[[], float], first_retry: float = FIRST_RETRY
    ) -> None:
        self._store = store
        self._updates = updates
        self._real_time = real_time
        self._first_retry = first_retry
        self._poll: asyncio.Future[None] | None = None
        self._given: list[Update] = []  # to polls, and not yet worked off
        self._hook: Json = {}
        self._poster: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._closing = False
        updates.on_arrival = self._arrived
        self.methods: Mapping[str, Method] = {
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
        }

    async def load(self) -> None:
        self._start_hook(json.loads((await self._store.settings()).get("zalo_webhook", "{}")))

    def end_polls(self) -> None:
        """Answer the open poll at once, and from now on every one that finds no update."""
        self._closing = True
        self._end_poll()

    async def close(self) -> None:
        self.end_polls()
        await self._stop_hook()

    async def get_updates(self, params: Params) -> str:
        if self._hook:
            raise bad_request("getUpdates does not work while a webhook is set")
        self._end_poll()
        self._worked_off()
        update = self._updates.take() or await self._wait(params.number("timeout") or USUAL_WAIT)
        if update is None:
            raise ApiError(408, "Request timeout")
        self._given.append(update)
        return update.body

    async def set_webhook(self, params: Params) -> str:
        """The address is not tried at once, as the platform's own does."""
        url, secret = params.text("url"), params.text("secret_token")
        if not re.match(r"https?://[^/\s]", url):
            raise bad_request("url must be an address")
        if len(secret) not in SECRET:
            raise bad_request(f"secret_token must have {SECRET.start} to {SECRET.stop - 1} characters")
        return await self._keep_hook({"url": url, "secret": secret})

    async def delete_webhook(self, _: Params) -> str:
        return await self._keep_hook({})

    async def get_webhook_info(self, _: Params) -> str:
        return self._info()

    async def _keep_hook(self, hook: Json) -> str:
        self._end_poll()
        self._worked_off()
        await self._stop_hook()
        if hook:
            hook["updated_at"] = int(self._real_time() * 1000)
        self._store.set("zalo_webhook", dumps(hook))
        self._start_hook(hook)
        return self._info()

    def _info(self) -> str:
        return dumps({"url": self._hook.get("url", ""), "updated_at": self._hook.get("updated_at", 0)})

    async def _wait(self, seconds: float) -> Update | None:
        if self._closing:
            return None
        poll = self._poll = asyncio.get_running_loop().create_future()
        await asyncio.wait([poll], timeout=min(seconds, MAX_WAIT))
        if self._poll is not poll:  # a newer one has taken its place
            return None
        self._poll = None
        return self._updates.take()

    def _arrived(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self._news.set()

    def _end_poll(self) -> None:
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_result(None)

    def _worked_off(self) -> None:
        for update in self._given:
            self._updates.done(update)
        self._given = []

    def _start_hook(self, hook: Json) -> None:
        self._hook = hook
        if hook:
            self._poster = asyncio.create_task(self._post_updates())

    async def _stop_hook(self) -> None:
        self._hook = {}
        if self._poster is not None:
            self._poster.cancel()
            await asyncio.gather(self._poster, return_exceptions=True)
            self._poster = None

    async def _post_updates(self) -> None:
        """One update at a time, in order; the next after 2xx for this one, or when it was tried often enough."""
        tries = 0
        async with aiohttp.ClientSession(timeout=WEBHOOK_TIMEOUT) as session:
            while True:
                self._news.clear()
                batch = self._updates.batch(1)
                if not batch:
                    await self._news.wait()
                    continue
                await self._store.durable()
                tries += 1
                if await self._post(session, batch[0]) or tries == TRIES:
                    self._updates.confirm(batch[0].id + 1)
                    tries = 0
                else:
                    await asyncio.sleep(self._first_retry * 2 ** (tries - 1))

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> bool:
        # Wrapped, as documented; a poll brings it bare.
        body, headers = f'{{"ok":true,"result":{update.body}}}', {"Content-Type": "application/json"}
        headers["X-Bot-Api-Secret-Token"] = self._hook["secret"]
        try:
            async with session.post(self._hook["url"], data=body, headers=headers) as answer:
                return 200 <= answer.status < 300
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False
