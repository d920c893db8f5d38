"""Storing what was posted before the platform is told so: requests that wait together share a transaction.

Telegram posts up to 40 at once: one transaction each stored 300 a second, shared ones 3,000 and more (measured, SQLite).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.errors import TransientStorage
from bot.storage import arrivals
from bot.storage.arrivals import Posted
from bot.storage.crypto import Keyring
from bot.storage.database import Database


@dataclass
class _Waiting:
    posted: Posted
    stored: bool = False
    error: Exception | None = None


class Arriving:
    """Of the requests that wait for their turn, the first takes all along: the more there are, the fewer commits each needs."""

    def __init__(self, db: Database, keys: Keyring) -> None:
        self._db = db
        self._keys = keys
        self._turn = asyncio.Lock()
        self._queue: list[_Waiting] = []

    async def keep(self, posted: Posted) -> None:
        """Return once it is committed. Raises what kept the transaction from it, ``TransientStorage`` for what may pass."""
        mine = _Waiting(posted)
        self._queue.append(mine)
        async with self._turn:
            if not mine.stored and mine.error is None:
                await self._store()
        if mine.error is not None:
            raise mine.error

    async def _store(self) -> None:
        together, self._queue = self._queue, []
        error: Exception | None = TransientStorage("the request that stored this one was broken off")
        try:
            async with self._db.write() as tx:
                await arrivals.keep(tx, self._keys, [one.posted for one in together])
            error = None
        except Exception as trouble:
            error = trouble
        finally:
            for one in together:
                one.stored, one.error = error is None, error
