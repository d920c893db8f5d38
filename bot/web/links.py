"""Addresses of files for channels that carry none: stateless, unguessable, and over after some hours.

The address is the attachment's id and the instant at which it ends, sealed; nobody else can make one, and nothing in it says
what the file is about. It can be opened as often as one likes until then: the platform fetches it, and each phone.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from bot.clock import Clock
from bot.errors import WrongKey
from bot.messages import Attachment
from bot.storage.crypto import Keyring

PREFIX = "/f"
_PLACE, _ROW = "public.link", "file"
_LONGEST = 1000  # characters


class NoSuchLink(Exception):
    """We never made it, or somebody changed it."""


class LinkIsOver(Exception):
    """We made it, and its time is over."""


class Links:
    """``public_url`` is the address under which the web server is reached from outside, without a slash at the end.

    ``clock`` is the domain's: in practice mode links end as its clock is moved.
    """

    def __init__(self, keys: Keyring, clock: Clock, public_url: str, valid_for: timedelta) -> None:
        self._keys = keys
        self._clock = clock
        self._public_url = public_url
        self._valid_for = valid_for

    def to(self, file: Attachment) -> str | None:
        """A new address; None for a file that is not stored. Of its name the ending is kept, which tells phones what it is."""
        if not file.id:
            return None
        until = int((self._clock() + self._valid_for).timestamp())
        sealed = self._keys.seal(_PLACE, _ROW, f"{until}:{file.id}")
        token = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
        ending = PurePosixPath(file.name).suffix
        name = f"file{ending}" if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", ending) else "file"
        return f"{self._public_url}{PREFIX}/{token}/{name}"

    def opened(self, token: str) -> str:
        """The id of the attachment. Raises ``NoSuchLink`` and ``LinkIsOver``."""
        if len(token) > _LONGEST:
            raise NoSuchLink
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            until, _, attachment = self._keys.open(_PLACE, _ROW, sealed).partition(":")
        except (binascii.Error, ValueError, WrongKey):
            raise NoSuchLink from None
        if self._clock() >= datetime.fromtimestamp(int(until), UTC):
            raise LinkIsOver
        return attachment
