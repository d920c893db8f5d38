"""A handful of values that belong to the database itself: how far the schedule got, whether the last stop was clean."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.schema import setting
from bot.storage.sql import put


async def get(tx: Tx, key: str) -> str | None:
    return await tx.scalar(sa.select(setting.c.value).where(setting.c.key == key))


async def set_(tx: Tx, key: str, value: str) -> None:
    await put(tx, setting, [{"key": key, "value": value}])
