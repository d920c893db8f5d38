"""Files that people send on Zalo: the update holds an address at which the platform keeps them.

An address in an update is only as good as whoever wrote it, so it is fetched from the platform's storage or not at all; what
that storage redirects to must be of the same kind. Nothing of ours goes along: neither the token nor a cookie.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.errors import ChannelError, Rejected, Unreachable

_HOPS: Final = 3  # a file's address leads on to the machine that is nearest
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True)
class Keep:
    """Where files may be fetched: by https from these domains and those below them, and from the API's own server."""

    root: str
    hosts: Collection[str]

    def holds(self, url: URL) -> bool:
        if url.user is not None or url.password is not None or not url.host:
            return False
        if url.origin() == URL(self.root).origin():
            return True
        at_home = any(url.host == host or url.host.endswith(f".{host}") for host in self.hosts)
        return url.scheme == "https" and url.explicit_port in (None, 443) and at_home


async def fetch_file(
    session: aiohttp.ClientSession, address: str, keep: Keep, limit: int, timeout: aiohttp.ClientTimeout
) -> bytes:
    """The file's content. ``Rejected`` if it is gone, has more than ``limit`` bytes or lies elsewhere; else ``Unreachable``.

    The texts of errors do not hold the address: whoever has it has the file.
    """
    failure: ChannelError
    try:
        url = URL(address)
        for _ in range(1 + _HOPS):
            if not keep.holds(url):
                raise Rejected("a file is kept at a host that is not in zalo.file_hosts")
            async with session.get(url, timeout=timeout, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    url = url.join(URL(answer.headers.get("Location", "")))
                    continue
                _judge(answer.status)
                return await _at_most(answer.content, limit)
        raise Rejected("a file's address leads on and on")
    except ChannelError:
        raise
    except ValueError:
        failure = Rejected("a file's address is none")
    except TimeoutError:
        failure = Unreachable("a file did not come in time")
    except Exception as error:
        failure = Unreachable(type(error).__name__)
    # Raised out here, so that not even its context holds the address.
    raise failure


def _judge(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in (
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
    ):
        raise Rejected(f"a file is not to be had: HTTP {status}")
    raise Unreachable(f"a file is not to be had now: HTTP {status}")


async def _at_most(stream: aiohttp.StreamReader, limit: int) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise Rejected(f"larger than {limit} bytes")
    return bytes(content)
