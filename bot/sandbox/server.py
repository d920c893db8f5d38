"""The sandbox as one server: Bot API, practice API and page, over one store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web

from bot.sandbox import pages
from bot.sandbox.acting import TelegramActing
from bot.sandbox.botapi import BotApi
from bot.sandbox.commands import Commands
from bot.sandbox.delivery import Delivery
from bot.sandbox.files import MAX_UPLOAD, Files
from bot.sandbox.limits import Limits
from bot.sandbox.methods import Messages
from bot.sandbox.people import People
from bot.sandbox.practice import Practice
from bot.sandbox.practiceapi import PracticeApi, Side
from bot.sandbox.store import Store
from bot.sandbox.taps import Taps
from bot.sandbox.updates import Updates
from bot.sandbox.world import TELEGRAM, ZALO, Json, World
from bot.sandbox.zalo import Zalo

LARGEST_BODY = MAX_UPLOAD + 1024 * 1024
LAST_ANSWERS = 1.0  # seconds that open requests have to end when the server stops


class SandboxServer:
    """``data`` is a folder of its own. ``latency`` is in seconds, per Bot API call. ``real_time`` (seconds since 1970)
    decides when taps and updates expire; tests put their own in its place. With a ``zalo_token`` it is Zalo too: at
    ``{url}/zalo`` for a bot, and for the persons whose channel that is. ``more`` is served at the same address."""

    def __init__(
        self,
        data: Path,
        token: str,
        practice: Practice | None,
        limits: bool = False,
        latency: float = 0.0,
        zalo_token: str | None = None,
        more: Sequence[web.RouteDef] = (),
    ) -> None:
        self.real_time: Callable[[], float] = time.time
        self._practice = practice
        self._store = Store(data / "sandbox.db")
        self._world = World(self._store, _bot_of(token), self._unix_now)
        self._updates = Updates(self._store, lambda: self.real_time())
        self._commands = Commands(self._store)
        self._delivery = Delivery(self._store, self._updates)
        people, files, taps = People(self._world, practice), Files(self._store), Taps(lambda: self.real_time())
        monotonic = time.monotonic if limits else None
        messages = Messages(self._world, people, files, taps, Limits(monotonic) if monotonic else None)
        methods = {**messages.methods, **self._delivery.methods, **self._commands.methods}
        bot_api = BotApi(token, methods, files, self._store, latency)
        acting = TelegramActing(self._world, self._updates, files, taps)
        self._sides = sides = {TELEGRAM: Side(acting, self._updates, bot_api)}
        self._zalo: Zalo | None = None
        if zalo_token is not None:
            self._zalo = zalo = Zalo(
                zalo_token,
                world=self._world,
                people=people,
                files=files,
                store=self._store,
                real_time=lambda: self.real_time(),
                root=lambda: self.url,
                monotonic=monotonic,
                latency=latency,
            )
            sides[ZALO] = Side(zalo.acting, zalo.updates, zalo.api)
        practice_api = PracticeApi(
            world=self._world,
            sides=sides,
            people=people,
            files=files,
            commands=self._commands,
            taps=taps,
            store=self._store,
            practice=practice,
        )
        apis = [side.bot_api for side in sides.values()]
        self._routes = [route for api in apis for route in api.routes()] + [*practice_api.routes(), *pages.routes(), *more]
        self._runner: web.AppRunner | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """``http://host:port``, known once started."""
        return self._url

    async def start(self, host: str, port: int) -> None:
        """Listen. Port 0 takes a free one."""
        await self._store.open()
        for part in (self._world, self._updates, self._commands, self._delivery):
            await part.load()
        if self._zalo is not None:
            await self._zalo.load()
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(self._routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self._url = "http://{}:{}".format(*self._runner.addresses[0][:2])

    async def drained(self, timeout: float) -> bool:
        """Wait until the bot has worked off all that people did so far, on every platform."""
        return all(await asyncio.gather(*(side.updates.all_confirmed(timeout) for side in self._sides.values())))

    def end_polls(self) -> None:
        """The bot is about to leave: on Zalo, where a poll must not be given up, it gets its last answer at once."""
        if self._zalo is not None:
            self._zalo.delivery.end_polls()

    async def stop(self) -> None:
        """End long polls, finish open requests, and leave everything on disk."""
        if self._runner is None:
            return
        await self._delivery.close()
        if self._zalo is not None:
            await self._zalo.delivery.close()
        self._world.wake_everyone()
        await self._runner.cleanup()
        await self._store.close()
        self._runner = None

    def _unix_now(self) -> int:
        return int(self.real_time() if self._practice is None else self._practice.now().timestamp())


def _bot_of(token: str) -> Json:
    """Telegram's ``User`` for the bot; the number before the colon of a token is its id."""
    return {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Từng Nhà", "username": "tungnha_sandbox_bot"}
