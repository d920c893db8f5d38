"""``GET /health``: whether this process can do its work, for a load balancer or a watchman. Nothing personal, no token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StorageError
from bot.storage.database import Database
from bot.web.webhooks import Counters

PATIENCE = 3.0  # seconds for the database


@dataclass(frozen=True)
class Standing:
    """One channel in this process. Seconds are None if there was none since the start."""

    channel: str
    mode: str  # polling, webhook
    state: str  # connecting, stands_by, starts, leads; ended
    since_message: float | None
    since_sent: float | None
    set_aside: int  # updates that could not be understood


class Health:
    """200 if the database answers and the work of every channel goes on, else 503; the reasons are in the answer."""

    def __init__(self, db: Database, standings: Callable[[], Sequence[Standing]], counters: Counters) -> None:
        self._db = db
        self._standings = standings
        self._counters = counters

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/health", self.health)]

    async def health(self, _: web.Request) -> web.Response:
        standings = self._standings()
        database = await self._database_answers()
        good = database and all(standing.state != "ended" for standing in standings)
        answer = {
            "ok": good,
            "database": database,
            "channels": [_rounded(asdict(standing)) for standing in standings],
            "webhooks": asdict(self._counters),
        }
        return web.json_response(answer, status=200 if good else 503)

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE), self._db.read() as tx:
                await tx.execute(sa.text("SELECT 1"))
        except (TimeoutError, StorageError, SQLAlchemyError, OSError):
            return False
        return True


def _rounded(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in facts.items()}
