"""Zalo beside Telegram on the same server: the same chats and files, an API and a queue of updates of its own.

What is known of the real one stands in ``bot.channels.zalo``. Where nothing is known, this one does what asks the most of a
bot, and says so where it does it.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.files import Files
from bot.sandbox.people import People
from bot.sandbox.store import Store
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.world import World
from bot.sandbox.zalo_acting import ZaloActing
from bot.sandbox.zalo_api import ZaloApi
from bot.sandbox.zalo_delivery import ZaloDelivery
from bot.sandbox.zalo_methods import ZaloMessages


class Zalo:
    """``root`` is the server's own address, at which a bot fetches the pictures that people sent. ``monotonic`` measures the
    rate; without it there is no limit."""

    def __init__(
        self,
        token: str,
        *,
        world: World,
        people: People,
        files: Files,
        store: Store,
        real_time: Callable[[], float],
        root: Callable[[], str],
        monotonic: Callable[[], float] | None,
        latency: float,
    ) -> None:
        self.updates = UpdateQueue(store, real_time, "zalo_pending", "zalo_next_update_id")
        self.delivery = ZaloDelivery(store, self.updates, real_time)
        self.acting = ZaloActing(world, self.updates, files, root)
        messages = ZaloMessages(token, world, people, monotonic)
        self.api = ZaloApi(token, {**messages.methods, **self.delivery.methods}, files, store, latency)

    async def load(self) -> None:
        await self.updates.load()
        await self.delivery.load()
