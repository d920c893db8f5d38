"""The queues of updates that a bot has not confirmed, and Telegram's rules of how long they are kept."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from bot.sandbox.store import Store
from bot.sandbox.world import Json, dumps

TAP_LIFETIME = 150.0  # seconds; also how long a callback query may be answered
LIFETIME = 24 * 3600.0
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_IDS = range(100_000_000, 900_000_000)
FUTURE = 10  # an offset further ahead of the queue than this is ignored, as Telegram does


@dataclass(frozen=True, slots=True)
class Update:
    id: int
    body: str
    expires: float


class UpdateQueue:
    """Updates in the order of their ids, on disk in ``table`` until they are forgotten; ``counter`` is the setting that keeps
    an id from being used twice."""

    def __init__(
        self,
        store: Store,
        real_time: Callable[[], float],
        table: Literal["pending", "zalo_pending"] = "pending",
        counter: str = "next_update_id",
    ) -> None:
        self.on_arrival: Callable[[], None] = lambda: None
        self._store = store
        self._real_time = real_time
        self._table = table
        self._counter = counter
        self._queue: deque[Update] = deque()
        self._ids: set[int] = set()
        self._watched: dict[int, asyncio.Future[None]] = {}
        self._next_id = FIRST_IDS.start + secrets.randbelow(len(FIRST_IDS))

    async def load(self) -> None:
        settings = await self._store.settings()
        for row in await self._store.read(f"SELECT update_id, body, expires FROM {self._table} ORDER BY update_id"):
            self._append(Update(*row))
        if self._counter in settings:
            used = int(settings[self._counter])
            self._next_id = max(self._next_id, used) if self._queue else used

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, body: str) -> int:
        """Queue an update as it is and return its id, which is not in it."""
        update_id = self._next_id
        self._add(update_id, body, LIFETIME)
        return update_id

    def take(self) -> Update | None:
        """Hand the oldest out: it never comes again. For ``confirmed`` it stays open until ``done``."""
        if not self.batch(1):
            return None
        update = self._queue.popleft()
        self._erase(update)
        return update

    def done(self, update: Update) -> None:
        """An update that was taken is worked off."""
        self._ids.discard(update.id)
        watch = self._watched.pop(update.id, None)
        if watch is not None and not watch.done():
            watch.set_result(None)

    def confirm(self, offset: int) -> None:
        """Forget every update below ``offset``. A negative one keeps that many of the newest."""
        if offset < 0:
            offset = self._queue[max(len(self._queue) + offset, 0)].id if self._queue else 0
        if offset > self._next_id + FUTURE:
            return
        while self._queue and self._queue[0].id < offset:
            self._forget(self._queue.popleft())

    def clear(self) -> None:
        while self._queue:
            self._forget(self._queue.popleft())

    def batch(self, limit: int) -> Sequence[Update]:
        """The oldest updates that are still alive."""
        now = self._real_time()
        if any(update.expires <= now for update in islice(self._queue, limit)):
            expired = [update for update in self._queue if update.expires <= now]
            self._queue = deque(update for update in self._queue if update.expires > now)
            for update in expired:
                self._forget(update)
        return list(islice(self._queue, limit))

    async def confirmed(self, update_id: int, timeout: float) -> bool:
        """Wait until the bot has confirmed this update."""
        if update_id not in self._ids:
            return True
        watch = self._watched.setdefault(update_id, asyncio.get_running_loop().create_future())
        await asyncio.wait([watch], timeout=timeout)
        return watch.done()

    async def all_confirmed(self, timeout: float) -> bool:
        return not self._ids or await self.confirmed(max(self._ids), timeout)

    def _add(self, update_id: int, body: str, lifetime: float) -> None:
        update = Update(update_id, body, self._real_time() + lifetime)
        self._append(update)
        self._store.write(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?, ?)", update.id, update.body, update.expires)
        self.on_arrival()

    def _append(self, update: Update) -> None:
        if not self._queue:
            self._next_id = update.id
        if update.id in self._ids or (self._queue and update.id < self._queue[-1].id):
            kept = [other for other in self._queue if other.id != update.id]
            self._queue = deque(sorted([*kept, update], key=lambda one: one.id))
        else:
            self._queue.append(update)
        self._ids.add(update.id)
        self._next_id = max(self._next_id, update.id + 1)

    def _forget(self, update: Update) -> None:
        self._erase(update)
        self.done(update)

    def _erase(self, update: Update) -> None:
        self._store.write(f"DELETE FROM {self._table} WHERE update_id = ?", update.id)
        if update.id == self._next_id - 1:
            self._store.set(self._counter, str(self._next_id))


class Updates(UpdateQueue):
    """Telegram's: only kinds that the bot asked for, each with its id in it."""

    def __init__(self, store: Store, real_time: Callable[[], float]) -> None:
        super().__init__(store, real_time)
        self._allowed: Sequence[str] = ()

    async def load(self) -> None:
        self._allowed = json.loads((await self._store.settings()).get("allowed_updates", "[]"))
        await super().load()

    @property
    def allowed(self) -> Sequence[str]:
        return self._allowed

    def allow(self, kinds: Sequence[str]) -> None:
        """Which kinds of update are kept from now on; an empty list is Telegram's default."""
        if list(kinds) != list(self._allowed):
            self._allowed = list(kinds)
            self._store.set("allowed_updates", json.dumps(self._allowed))

    def push(self, kind: str, payload: str) -> int | None:
        """Queue one update and return its id, or None when the bot did not ask for this kind."""
        if kind in NOT_BY_DEFAULT if not self._allowed else kind not in self._allowed:
            return None
        update_id = self._next_id
        lifetime = TAP_LIFETIME if kind == "callback_query" else LIFETIME
        self._add(update_id, f'{{"update_id":{update_id},"{kind}":{payload}}}', lifetime)
        return update_id

    def inject(self, raw: Json) -> int:
        """Queue an update as it is. Its own ``update_id`` is kept: after a quiet week Telegram's start anew at random."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int):
            update_id = self._next_id
        lifetime = TAP_LIFETIME if "callback_query" in raw else LIFETIME
        self._add(update_id, dumps({**raw, "update_id": update_id}), lifetime)
        return update_id
