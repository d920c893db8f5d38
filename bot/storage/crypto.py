"""Sealing what identifies a person.

AES-256-GCM through ``cryptography``. Every ciphertext begins with one byte that names its key, so keys can be changed while
old rows stay readable. The associated data is table.column.row, so a value cannot be moved to another row unnoticed. A
keyed index exists only for whole phone numbers and national ids: word indexes of names gave half of the names back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigError, WrongKey

NONCE = 12


class Keyring:
    """The keys of one database, by id; the highest id seals, every id opens."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(key) != 32 or not 0 <= number < 256 for number, key in keys.items()):
            raise ConfigError("privacy.key_file", "needs one or more keys of 32 bytes, numbered 0 to 255")
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._current = max(keys)
        # The index must stay the same when a newer key seals, so it is derived from the first key.
        self._index_key = HKDF(SHA256(), 32, None, b"tungnha index").derive(keys[min(keys)])

    @staticmethod
    def generate() -> Keyring:
        return Keyring({1: secrets.token_bytes(32)})

    @staticmethod
    def create(path: Path) -> None:
        """Write a new key file that only its owner can read. Raises FileExistsError rather than replace a key."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"1 {base64.b64encode(secrets.token_bytes(32)).decode()}\n")
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def load(path: Path) -> Keyring:
        """Read a key file: one "number base64" a line. Raises ConfigError with what to do about it."""
        try:
            lines = path.read_text(encoding="ascii").split("\n")
            keys = {
                int(number): base64.b64decode(key, validate=True) for number, key in (line.split() for line in lines if line)
            }
        except FileNotFoundError:
            raise ConfigError("privacy.key_file", f"{path} does not exist; make it with: tungnha key {path}") from None
        except (ValueError, UnicodeDecodeError):
            raise ConfigError("privacy.key_file", f"{path} is not a key file made by: tungnha key") from None
        return Keyring(keys)

    def seal(self, place: str, row: object, value: str | bytes) -> bytes:
        """Ciphertext of ``value`` for ``place`` ("table.column") in the row with this id."""
        nonce = os.urandom(NONCE)
        plain = value.encode() if isinstance(value, str) else value
        return bytes([self._current]) + nonce + self._ciphers[self._current].encrypt(nonce, plain, f"{place}.{row}".encode())

    def open_bytes(self, place: str, row: object, sealed: bytes) -> bytes:
        """What was sealed there. Raises WrongKey if the key is not the one, or the value was moved or changed."""
        try:
            cipher = self._ciphers[sealed[0]]
            return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], f"{place}.{row}".encode())
        except (KeyError, IndexError, ValueError, InvalidTag):  # ValueError: too short for a nonce
            raise WrongKey(f"{place} cannot be opened with this key") from None

    def open(self, place: str, row: object, sealed: bytes) -> str:
        return self.open_bytes(place, row, sealed).decode()

    def seal_json(self, place: str, row: object, value: Any) -> bytes:
        return self.seal(place, row, json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def open_json(self, place: str, row: object, sealed: bytes) -> Any:
        return json.loads(self.open_bytes(place, row, sealed))

    def index(self, kind: str, value: str) -> str:
        """A keyed hash by which an equal value is found again: for whole phones, national ids and invite codes only.

        Whoever has the key file computes the same; so it also makes the secrets that processes share without being told.
        """
        return hmac.new(self._index_key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
