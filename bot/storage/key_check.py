"""Whether a key file is the one this database was written with, asked before anything is sealed or opened."""

from __future__ import annotations

import base64

from bot.errors import WrongKey
from bot.storage import settings
from bot.storage.crypto import Keyring
from bot.storage.database import Tx

_PROBE = "key_probe"
_PLACE = "setting.value"
_WORD = "tungnha"


async def verify_key(tx: Tx, keys: Keyring) -> None:
    """Raise WrongKey unless this key opens what was remembered. A database that remembers nothing takes any key."""
    probe = await settings.get(tx, _PROBE)
    if probe is not None and keys.open(_PLACE, _PROBE, base64.b64decode(probe)) != _WORD:
        raise WrongKey("the key opens something else")


async def remember_key(tx: Tx, keys: Keyring) -> None:
    """Remember the key of a database that does not know one yet, by a word sealed with it."""
    if await settings.get(tx, _PROBE) is None:
        await settings.set_(tx, _PROBE, base64.b64encode(keys.seal(_PLACE, _PROBE, _WORD)).decode())
