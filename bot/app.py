"""The composition root: the only place where adapters are built and joined."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from pydantic import SecretStr

from bot.channels.intake import Hook, Intake, Postable
from bot.channels.mail import send, server_of
from bot.channels.pacer import Pacer
from bot.channels.sender import Sender
from bot.channels.telegram import OFFICIAL_URL, TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.clock import Clock, system_clock
from bot.config import Config
from bot.errors import ChannelError, ConfigError
from bot.forms import forms
from bot.handlers.alarm import TokenAlarm
from bot.handlers.call import Desk
from bot.handlers.ingest import Ingest
from bot.handlers.live_boards import LiveBoards
from bot.handlers.long_work import Workshop
from bot.handlers.posting import Mailer
from bot.handlers.routes import platform_commands
from bot.messages import FILES
from bot.reports.pdf import printer
from bot.service import TICK, Drained, Leadership, Parts, Service
from bot.storage import version
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.key_check import remember_key, verify_key
from bot.storage.units import UnitTrees
from bot.web.health import Standing
from bot.web.links import Links
from bot.web.server import serving
from bot.web.site import routes
from scheduler.runner import Runner

log = logging.getLogger(__name__)

ID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to mistake


def new_id() -> str:
    """Ten letters and digits that can be read out over the phone; 50 bits."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(10))


def build(config: Config, db: Database, keys: Keyring, clock: Clock, rates: bool = False) -> tuple[Parts, ...]:
    """Join the parts of one process, for each channel that has a token.

    ``rates``: keep to the configured messages a second; practice mode knows no limit. Raises ConfigError without any token.
    """
    channels: list[tuple[Postable, Hook | None, float]] = []
    deep_link, links = None, links_of(config, keys, clock)
    if (token := config.telegram.token) is not None:
        telegram = TelegramChannel(token.get_secret_value(), config.telegram.base_url, clock)
        if config.telegram.base_url == OFFICIAL_URL:
            deep_link = telegram.deep_link  # t.me knows no bot of a server of our own
        channels.append((telegram, _hook(config, keys, telegram.name, token, config.telegram.mode), config.telegram.rate))
    if (token := config.zalo.token) is not None:
        links_to = links.to if links else None
        zalo = ZaloChannel(token.get_secret_value(), config.zalo.base_url, links_to, file_hosts=config.zalo.file_hosts)
        channels.append((zalo, _hook(config, keys, zalo.name, token, config.zalo.mode), config.zalo.rate))
    if not channels:
        raise ConfigError("telegram.token", "is missing; @BotFather gives one")
    carries_files = FILES if links is None else FILES | {ZaloChannel.name}
    trees = UnitTrees()
    desk = Desk(
        keys=keys,
        timetable=config.schedule.timetable,
        forms=forms(),
        new_id=new_id,
        trees=trees,
        controller=config.app.controller,
        legal_basis=config.privacy.legal_basis,
        override=config.rules.override,
        language=config.app.default_language,
        deep_link=deep_link,
        invite_days=config.app.invite_days,
        channels=tuple(channel.name for channel, _, _ in channels),
        carries_files=carries_files,
        mail=config.mail,
        letter=config.letter,
        as_pdf=printer(config.letter.libreoffice),
    )
    hand_in = partial(send, server_of(config.mail)) if config.mail.host else None
    work_news = asyncio.Event()
    senders: list[Sender] = []
    joined: list[Parts] = []

    def wake() -> None:
        for sender in senders:
            sender.wake()

    def touch(units: Collection[str]) -> None:
        for parts in joined:
            parts.boards.touch(units)

    def rouse() -> None:
        """What the schedule queued may include long work."""
        wake()
        work_news.set()
        for parts in joined:
            parts.mailer.news.set()

    downloads = {channel.name: channel.download for channel, *_ in channels}
    drained = Drained(channel.name for channel, *_ in channels)
    for channel, hook, rate in channels:
        leadership = Leadership(
            f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}", timedelta(seconds=config.storage.lease_seconds)
        )
        pacer = Pacer(rate if rates else None, asyncio.get_running_loop().time)
        # One alarm for what is fetched and one for what is sent, which fail and recover apart.
        fetching, sending = (TokenAlarm(db, keys, channel.name, clock, wake) for _ in range(2))
        senders.append(
            Sender(
                db,
                keys,
                channel,
                clock,
                pacer,
                leadership,
                watch=sending,
                moved=wake,
                carries_files=carries_files,
                quiet=config.schedule.timetable.quiet,
            )
        )
        joined.append(
            Parts(
                db=db,
                desk=desk,
                trees=trees,
                keys=keys,
                channel=channel,
                intake=Intake(channel, db, keys, hook),
                clock=clock,
                leadership=leadership,
                ingest=Ingest(db, desk, trees, clock, leadership),
                sender=senders[-1],
                wake=wake,
                touch=touch,
                work_news=work_news,
                watch=fetching,
                runner=Runner(
                    db,
                    keys,
                    trees,
                    clock,
                    config.schedule.timetable,
                    leadership,
                    rouse,
                    carries_files=carries_files,
                    mailed=config.mail.recipients,
                ),
                workshop=Workshop(db, desk, trees, clock, leadership, downloads),
                mailer=Mailer(db, desk, clock, leadership, hand_in),
                boards=LiveBoards(db, desk, clock, leadership),
                drained=drained,
            )
        )
    return tuple(joined)


def links_of(config: Config, keys: Keyring, clock: Clock) -> Links | None:
    """What makes and opens the links of files; None without a public address."""
    if not config.web.public_url:
        return None
    return Links(keys, clock, config.web.public_url, timedelta(hours=config.web.link_hours))


def _hook(config: Config, keys: Keyring, name: str, token: SecretStr, mode: str) -> Hook | None:
    """With a secret that every process with this key file computes alike, and that changes with the token."""
    if mode != "webhook":
        return None
    return Hook(f"{config.web.public_url}/{name}", keys.index("webhook", f"{name}:{token.get_secret_value()}"))


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
        joined = build(config, db, keys, clock, rates=True)
        services = [Service(parts, every=every) for parts in joined]
        with stopping(*(service.stop for service in services)):
            async with web_server(config, joined, services), asyncio.TaskGroup() as tasks:
                publishing = [
                    tasks.create_task(_publish_commands(parts, service))
                    for parts, service in zip(joined, services, strict=True)
                ]
                await asyncio.gather(*(service.run() for service in services))
                for task in publishing:
                    task.cancel()
        for parts in joined:
            await parts.channel.close()
    finally:
        await db.close()


@asynccontextmanager
async def web_server(config: Config, joined: Sequence[Parts], services: Sequence[Service]) -> AsyncIterator[None]:
    """Serve what this configuration needs a web server for, if anything, while entered. Raises ConfigError.

    It begins before the platform is told where to post, and ends after the services, since a message that is accepted while
    they stop is handled by the next leader.
    """
    if not config.web.public_url:
        yield
        return
    parts = joined[0]
    links = links_of(config, parts.keys, parts.clock)

    def standings() -> list[Standing]:
        return [_standing(parts, service) for parts, service in zip(joined, services, strict=True)]

    served = routes(parts.db, parts.keys, parts.clock, [parts.intake for parts in joined], links, standings)
    async with serving(served, config.web.listen, config.web.port) as url:
        log.info("the web server listens at %s", url)
        yield


def _standing(parts: Parts, service: Service) -> Standing:
    if not service.alive:
        state = "ended"
    elif not parts.channel.bot:
        state = "connecting"
    elif parts.leadership.held is None:
        state = "stands_by"
    else:
        state = "leads" if service.ready.is_set() else "starts"
    return Standing(
        channel=parts.channel.name,
        mode="polling" if parts.intake.hook is None else "webhook",
        state=state,
        since_message=service.since_message,
        since_sent=parts.sender.since_sent,
        set_aside=parts.intake.set_aside,
    )


async def _publish_commands(parts: Parts, service: Service) -> None:
    """Put the command list on a platform that shows one, once this process leads."""
    await service.ready.wait()
    if not isinstance(parts.channel, TelegramChannel):
        return
    try:
        await parts.channel.set_commands(platform_commands())
    except ChannelError as error:
        log.warning("the command list was not published: %s", type(error).__name__)


class stopping:  # noqa: N801 - used as a context
    """Calls every one of ``stops`` on SIGTERM and SIGINT while entered."""

    def __init__(self, *stops: Callable[[], None]) -> None:
        self._stops = stops

    def _stop(self) -> None:
        for stop in self._stops:
            stop()

    def __enter__(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)
