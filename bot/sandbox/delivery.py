"""How updates reach the bot: ``getUpdates`` or a webhook, never both."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence

import aiohttp

from bot.sandbox.methods import Method
from bot.sandbox.params import Params
from bot.sandbox.refusal import bad_request, conflict
from bot.sandbox.store import Store
from bot.sandbox.updates import Update, Updates
from bot.sandbox.world import Json, dumps

MAX_LIMIT = 100
MAX_WAIT = 50
WEBHOOK_TIMEOUT = aiohttp.ClientTimeout(total=10)
FIRST_RETRY, LAST_RETRY = 0.1, 60.0  # seconds

TERMINATED_BY_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
TERMINATED_BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Delivery:
    def __init__(self, store: Store, updates: Updates) -> None:
        self._store = store
        self._updates = updates
        self._poll: asyncio.Future[str] | None = None  # resolves to "" on news, else to why it ends
        self._hook: Json = {}
        self._poster: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._last_error: Json = {}
        self._closing = False
        updates.on_arrival = self._arrived
        self.methods: Mapping[str, Method] = {
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
        }

    async def load(self) -> None:
        settings = await self._store.settings()
        if settings.get("webhook_url"):
            self._start_hook({"url": settings["webhook_url"], "secret": settings.get("webhook_secret", "")})

    async def close(self) -> None:
        self._closing = True
        self._end_poll("")
        await self._stop_hook()

    async def get_updates(self, params: Params) -> str:
        if self._hook:
            raise conflict(WEBHOOK_ACTIVE)
        self._end_poll(TERMINATED_BY_POLL)
        self._allow(params)
        if offset := params.number("offset"):
            self._updates.confirm(offset)
        limit = params.number("limit", MAX_LIMIT)
        if not 1 <= limit <= MAX_LIMIT:
            limit = MAX_LIMIT
        batch = self._updates.batch(limit)
        wait = min(params.number("timeout"), MAX_WAIT)
        if not batch and wait > 0:
            await self._store.durable()
            batch = self._updates.batch(limit)
            if not batch and not self._closing:
                batch = await self._wait(wait, limit)
        return f"[{','.join([update.body for update in batch])}]"

    async def set_webhook(self, params: Params) -> str:
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return await self.delete_webhook(params)
        if not re.match(r"https?://[^/]", url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        self._end_poll(TERMINATED_BY_WEBHOOK)
        await self._stop_hook()
        self._allow(params)
        self._drop_pending(params)
        self._store.set("webhook_url", url)
        self._store.set("webhook_secret", secret)
        self._start_hook({"url": url, "secret": secret})
        return "true"

    async def delete_webhook(self, params: Params) -> str:
        await self._stop_hook()
        self._store.set("webhook_url", "")
        self._drop_pending(params)
        return "true"

    async def get_webhook_info(self, _: Params) -> str:
        info = {
            "url": self._hook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return dumps({**info, **self._last_error})

    def _allow(self, params: Params) -> None:
        kinds = params.json("allowed_updates", "can't parse allowed updates JSON array")
        if isinstance(kinds, list):
            self._updates.allow([str(kind) for kind in kinds])

    def _drop_pending(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self._updates.clear()

    async def _wait(self, seconds: float, limit: int) -> Sequence[Update]:
        self._end_poll(TERMINATED_BY_POLL)
        poll = self._poll = asyncio.get_running_loop().create_future()
        await asyncio.wait([poll], timeout=seconds)
        if self._poll is poll:
            self._poll = None
        if poll.done() and (reason := poll.result()):
            raise conflict(reason)
        return self._updates.batch(limit)

    def _arrived(self) -> None:
        self._end_poll("")
        self._news.set()

    def _end_poll(self, reason: str) -> None:
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_result(reason)

    def _start_hook(self, hook: Json) -> None:
        self._hook = hook
        self._last_error = {}
        self._poster = asyncio.create_task(self._post_updates())

    async def _stop_hook(self) -> None:
        self._hook = {}
        if self._poster is not None:
            self._poster.cancel()
            await asyncio.gather(self._poster, return_exceptions=True)
            self._poster = None

    async def _post_updates(self) -> None:
        """One update at a time, in order; the next only after 2xx for this one."""
        retry = FIRST_RETRY
        async with aiohttp.ClientSession(timeout=WEBHOOK_TIMEOUT) as session:
            while True:
                self._news.clear()
                batch = self._updates.batch(1)
                if not batch:
                    await self._news.wait()
                    continue
                await self._store.durable()
                if problem := await self._post(session, batch[0]):
                    self._last_error = {"last_error_date": int(time.time()), "last_error_message": problem}
                    await asyncio.sleep(retry)
                    retry = min(retry * 2, LAST_RETRY)
                else:
                    self._updates.confirm(batch[0].id + 1)
                    retry = FIRST_RETRY

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> str:
        """What went wrong, or an empty text."""
        headers = {"Content-Type": "application/json"}
        if self._hook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._hook["secret"]
        try:
            async with session.post(self._hook["url"], data=update.body, headers=headers) as answer:
                ok = 200 <= answer.status < 300
                return "" if ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except (aiohttp.ClientError, OSError):
            return "Connection refused"
