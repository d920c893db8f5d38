"""What the web server of one process serves, joined from its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.channels.intake import Intake
from bot.clock import Clock
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.web.arriving import Arriving
from bot.web.files import FilePages
from bot.web.health import Health, Standing
from bot.web.links import Links
from bot.web.webhooks import Webhooks


def routes(
    db: Database,
    keys: Keyring,
    clock: Clock,
    intakes: Sequence[Intake],
    links: Links | None,
    standings: Callable[[], Sequence[Standing]],
) -> list[web.RouteDef]:
    """A webhook for each intake that has one, files if there are links, and the health of it all."""
    hooks = [(intake.channel, intake.hook) for intake in intakes if intake.hook is not None]
    webhooks = Webhooks(hooks, Arriving(db, keys), clock)
    files = FilePages(db, keys, links).routes() if links is not None else []
    return [*webhooks.routes(), *files, *Health(db, standings, webhooks.counters).routes()]
