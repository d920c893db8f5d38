"""Webhooks: any process accepts what a platform posts; the leader of the token handles it (``channels.intake``).

The secret is looked at before the body. 200 is said only after commit, and then always: what cannot be understood is set aside
by the leader, since the platform would send it again for ever. Without a commit it is 503, and the platform sends it again.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.channels.intake import Hook, Postable
from bot.clock import Clock
from bot.storage.arrivals import Posted
from bot.web.arriving import Arriving

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024  # bytes; the platforms' own updates have a few thousand
KEPT_OF_LARGER = 16 * 1024  # bytes, enough to see what it was


@dataclass
class Counters:
    """What became of the requests of this process."""

    accepted: int = 0
    refused: int = 0  # without the secret
    too_large: int = 0  # accepted, but cut off
    not_stored: int = 0  # for the platform to send again


class Webhooks:
    """``POST /<channel>`` for each channel that has a hook."""

    def __init__(self, hooks: Sequence[tuple[Postable, Hook]], arriving: Arriving, clock: Clock) -> None:
        self._hooks = hooks
        self._arriving = arriving
        self._clock = clock
        self.counters = Counters()

    def routes(self) -> list[web.RouteDef]:
        return [web.post(f"/{channel.name}", partial(self._accept, channel, hook)) for channel, hook in self._hooks]

    async def _accept(self, channel: Postable, hook: Hook, request: web.Request) -> web.Response:
        if not secret_matches(request.headers.get(channel.secret_header), hook.secret):
            self.counters.refused += 1
            return web.Response(status=403)
        if not channel.bot:  # the platform has not yet told us who we are
            self.counters.not_stored += 1
            return web.Response(status=503)
        try:
            body = await self._body(request, channel.name)
            await self._arriving.keep(Posted(channel.name, channel.bot, body, self._clock()))
        except Exception as error:  # whatever it is, half a body or no disk: what is not stored must come again
            self.counters.not_stored += 1
            log.warning("an update is not stored (%s), %s sends it again", type(error).__name__, channel.name)
            return web.Response(status=503)
        self.counters.accepted += 1
        hook.posted.set()
        return web.Response()

    async def _body(self, request: web.Request, channel: str) -> bytes:
        """The body, or the beginning of one that is too large. Raises what broke it off on its way."""
        body = bytearray()
        while len(body) <= LARGEST and (piece := await request.content.readany()):
            body += piece
        if len(body) <= LARGEST:
            return bytes(body)
        self.counters.too_large += 1
        log.warning("%s posted more than %d bytes; the beginning is set aside", channel, LARGEST)
        return bytes(body[:KEPT_OF_LARGER])


def secret_matches(header: str | None, secret: str) -> bool:
    """Whether the header holds our secret, in constant time. No secret of ours matches nothing."""
    given = (header or "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, secret.encode("utf-8", "surrogateescape")) and bool(secret)
