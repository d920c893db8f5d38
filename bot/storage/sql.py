"""The little SQL that differs between databases, in one place."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.database import Tx

Rows = Sequence[Mapping[str, Any]]


def insert(tx: Tx, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def among(tx: Tx, column: sa.ColumnElement[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    """``column`` is one of these, bound as one parameter: PostgreSQL refuses a statement with more than 32,767 of them."""
    if tx.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(sa.Text)))
    listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(listed.c.value))


async def add(tx: Tx, table: sa.Table, rows: Rows) -> None:
    if rows:
        await tx.execute(sa.insert(table), list(rows))


async def add_new(tx: Tx, table: sa.Table, rows: Rows) -> None:
    """Insert what is not there yet; a row whose key the world already has is left as it is."""
    if rows:
        await tx.execute(insert(tx, table).on_conflict_do_nothing(), list(rows))


async def put(tx: Tx, table: sa.Table, rows: Rows) -> None:
    """Insert, or replace the row with the same primary key."""
    if rows:
        statement = insert(tx, table)
        keys = [column.name for column in table.primary_key]
        changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))
