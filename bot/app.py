"""The composition root: the only place where adapters are built and joined."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable
from datetime import timedelta

from bot.channels.pacer import Pacer
from bot.channels.sender import Sender
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock, system_clock
from bot.config import Config
from bot.errors import ChannelError, ConfigError
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.ingest import Ingest
from bot.handlers.long_work import Workshop
from bot.handlers.router import platform_commands
from bot.service import TICK, Leadership, Parts, Service
from bot.storage import version
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.key_check import remember_key, verify_key
from bot.storage.units import UnitTrees
from scheduler.runner import Runner

log = logging.getLogger(__name__)

ID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to mistake


def new_id() -> str:
    """Ten letters and digits that can be read out over the phone; 50 bits."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(10))


def build(config: Config, db: Database, keys: Keyring, clock: Clock, rate: float | None = None) -> Parts:
    """Join the parts of one process. ``rate`` is messages a second; None means no limit."""
    token = config.telegram.token
    if token is None:
        raise ConfigError("telegram.token", "is missing; @BotFather gives one")
    channel = TelegramChannel(token.get_secret_value(), config.telegram.base_url, clock)
    trees = UnitTrees()
    desk = Desk(
        keys=keys,
        timetable=config.schedule.timetable,
        forms=forms(),
        new_id=new_id,
        trees=trees,
        controller=config.app.controller,
        legal_basis=config.privacy.legal_basis,
        retention_days=config.privacy.retention_days,
        language=config.app.default_language,
        deep_link=channel.deep_link,
        invite_days=config.app.invite_days,
    )
    leadership = Leadership(
        f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}", timedelta(seconds=config.storage.lease_seconds)
    )
    sender = Sender(db, keys, channel, clock, Pacer(rate, asyncio.get_running_loop().time), leadership)
    return Parts(
        db=db,
        desk=desk,
        trees=trees,
        keys=keys,
        channel=channel,
        clock=clock,
        leadership=leadership,
        ingest=Ingest(db, desk, trees, clock, leadership),
        sender=sender,
        runner=Runner(db, keys, trees, clock, config.schedule.timetable, leadership, sender.wake),
        workshop=Workshop(db, desk, trees, clock, leadership),
    )


async def prepare(db: Database, keys: Keyring) -> None:
    """Bring the database to this program's schema and make sure that it is this key's."""
    async with db.read() as tx:
        found = await version.stored(tx)
    if found != version.newest():
        from bot.storage.migrate import migrate  # a third of a second, which an ordinary start saves

        await migrate(db)
    async with db.write() as tx:
        await verify_key(tx, keys)
        await remember_key(tx, keys)


async def run(config: Config, clock: Clock = system_clock, every: float = TICK) -> None:
    """Run on a platform until SIGTERM or SIGINT. Raises ConfigError, WrongKey or SchemaTooNew before anything is touched.

    ``every`` is the number of seconds between two looks at the schedule.
    """
    keys = Keyring.load(config.privacy.key_file)
    db = Database(config.storage.url)
    try:
        await prepare(db, keys)
        parts = build(config, db, keys, clock, rate=config.telegram.rate)
        service = Service(parts, every=every)
        with stopping(service.stop):
            async with asyncio.TaskGroup() as tasks:
                publishing = tasks.create_task(_publish_commands(parts, service))
                await service.run()
                publishing.cancel()
        await parts.channel.close()
    finally:
        await db.close()


async def _publish_commands(parts: Parts, service: Service) -> None:
    """Put the command list on the platform, once this process leads."""
    await service.ready.wait()
    try:
        await parts.channel.set_commands(platform_commands())
    except ChannelError as error:
        log.warning("the command list was not published: %s", type(error).__name__)


class stopping:  # noqa: N801 - used as a context
    """Calls ``stop`` on SIGTERM and SIGINT while entered."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)
