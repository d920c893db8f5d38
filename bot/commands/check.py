"""``tungnha check``: what is wrong, one sentence each, before a user finds out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.mail import MailServer, probe, server_of
from bot.clock import Clock, vietnam_day
from bot.commands.opening import is_missing
from bot.commands.speaking import Speak, cause, sentence
from bot.config import Config, inspect
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES
from bot.domain.units import COMMUNE, Tree
from bot.errors import ChannelError, ConfigError, StorageError, TokenRefused, Unreachable, WrongKey
from bot.storage import roster, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.key_check import verify_key
from bot.storage.migrate import require_current

Ask = Callable[[str, str], Awaitable[None]]
"""Asks the platform at this address about this token. Raises TokenRefused or Unreachable."""


Knock = Callable[[MailServer], Awaitable[None]]
"""Logs in at a mail server. Raises ``ChannelError``."""


async def check(say: Speak, path: Path | None, ask: Ask, clock: Clock, knock: Knock = probe) -> int:
    """Say everything that is wrong; status 1 if anything is."""
    good = True
    async for problem in problems(path, ask, clock, knock):
        say(problem)
        good = False
    if good:
        say(Say("admin.check.good"))
    return 0 if good else 1


async def problems(path: Path | None, ask: Ask, clock: Clock, knock: Knock = probe) -> AsyncIterator[Say]:
    config, mistakes = inspect(path)
    for mistake in mistakes:
        yield sentence(mistake)
    if config is None:
        return
    async for problem in _platforms(config, ask):
        yield problem
    async for problem in _mail(config, knock):
        yield problem
    if not config.app.controller:
        yield Say("admin.check.no_controller")
    async for problem in _storage(config, clock):
        yield problem


async def _platforms(config: Config, ask: Ask) -> AsyncIterator[Say]:
    telegram, zalo = config.telegram, config.zalo
    if telegram.token is None and zalo.token is None:
        yield Say("admin.check.token_missing")
    asked = ((telegram.token, telegram.base_url, "token_refused"), (zalo.token, zalo.base_url, "zalo_refused"))
    for token, base_url, refused in asked:
        if token is None:
            continue
        try:
            await ask(base_url, token.get_secret_value())
        except TokenRefused:
            yield Say(f"admin.check.{refused}")
        except Unreachable:
            yield Say("admin.check.unreachable", url=base_url)


async def _mail(config: Config, knock: Knock) -> AsyncIterator[Say]:
    if not config.mail.host:
        return
    try:
        await knock(server_of(config.mail))
    except ConfigError as error:
        yield sentence(error)
    except ChannelError as error:
        where = f"{config.mail.host}:{config.mail.port}"
        yield Say(
            "admin.check.mail_refused" if isinstance(error, TokenRefused) else "admin.check.mail", at=where, why=str(error)
        )
    if not config.mail.recipients:
        yield Say("admin.check.mail_nobody")


async def _storage(config: Config, clock: Clock) -> AsyncIterator[Say]:
    keys = None
    try:
        keys = Keyring.load(config.privacy.key_file)
    except ConfigError as error:
        yield Say("admin.check.key_missing", hint=error.hint)
    except OSError as error:
        yield Say("admin.check.key_missing", hint=f"{config.privacy.key_file}: {error.strerror}")
    if is_missing(config.storage.url):
        yield Say("admin.check.not_migrated")
        return
    if (why := _closed(config.storage.url)) is not None:
        yield Say("admin.check.no_database", why=why)
        return
    db = Database(config.storage.url)
    try:
        async with db.write():
            pass  # PostgreSQL may refuse, or not be there
        await require_current(db)
        async for problem in _content(db, keys, clock, config):
            yield problem
    except StorageError as error:
        yield sentence(error)
    except (SQLAlchemyError, OSError) as error:
        yield Say("admin.check.no_database", why=cause(error))
    finally:
        await db.close()


def _closed(url: str) -> str | None:
    """Why an SQLite file cannot be written, by taking its lock and giving it back; None if it can."""
    where = sa.make_url(url)
    if where.get_backend_name() != "sqlite":
        return None
    try:
        with closing(sqlite3.connect(str(where.database), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return cause(error)
    return None


async def _content(db: Database, keys: Keyring | None, clock: Clock, config: Config) -> AsyncIterator[Say]:
    async with db.read() as tx:
        tree = Tree(await units.load(tx), vietnam_day(clock()))
        staffed = await roster.units_with(tx, COMMUNE_ROLES)
        if keys is not None:
            try:
                await verify_key(tx, keys)
            except WrongKey as error:
                yield sentence(error)
    if len(tree) == 0:
        yield Say("admin.check.no_units")
    for code in sorted({*config.mail.recipients, *config.mail.reply_to, *config.letter.units} - {unit.code for unit in tree}):
        yield Say("admin.check.no_such_unit", code=code)
    for unit in sorted(tree, key=lambda unit: unit.code):
        if unit.level == COMMUNE and unit.code not in staffed:
            yield Say("admin.check.no_officials", unit=unit.name, code=unit.code)


async def ask_platform(base_url: str, token: str, seconds: float = 5) -> None:
    """getMe, once, which Telegram and Zalo answer alike. Neither the token nor the answer leaves this function."""
    try:
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.post(f"{base_url}/bot{token}/getMe") as answer:
            status, text = answer.status, await answer.text()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise Unreachable("getMe") from None
    body = _object(text)
    if status == 200 and body.get("ok") is True:
        return
    code = body.get("error_code", status)  # Zalo says no with HTTP 200 at times
    if code in (401, 404):
        raise TokenRefused("getMe")
    raise Unreachable(f"getMe: {code}")


def _object(text: str) -> dict[str, object]:
    """Empty for whatever is not a JSON object."""
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
