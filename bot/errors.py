"""Every exception that crosses a module boundary.

TungNhaError
├── ConfigError              a key of config.toml is wrong; names the key and what it should be
├── AccessDenied             the user may not do this at this unit
├── StorageError
│   ├── TransientStorage     lock, full disk, lost connection: nobody's fault, try again later
│   ├── NotMigrated          the schema is older than the program: run again after migrating
│   ├── SchemaTooNew         the schema is newer than the program: refuse to touch it
│   ├── WrongKey             the key file is not the one the database was written with
│   └── LostLease            another process leads now; this transaction must not commit
├── ChannelError
│   ├── Unreachable          nothing came back, or garbage, or 5xx: try again later
│   ├── Throttled            429: wait ``retry_after`` seconds
│   ├── TokenRefused         401 or 404 on the token itself, a mail server that refuses our login or offers no TLS that can be
│   │                        trusted: only the administrator can mend it
│   ├── Conflict             409: another poller holds this token
│   ├── ChatClosed           the person blocked the bot or the chat is gone
│   └── Rejected             this one request will never be accepted
├── ApartError               what was asked about a stranger's file in a process of its own has no answer
│   ├── TooMuch              it died, said too much, or took too much time or memory
│   └── Nonsense             it said what cannot be an answer
└── ImportRefused            a file of units or lists has bad rows; carries them all

Texts of exceptions are for the log and the administrator. They never carry a token, a body or a person's data:
platform libraries put the URL with the token in theirs, so the channel re-raises as one of these ``from None``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TungNhaError(Exception):
    """Root of all."""


class ConfigError(TungNhaError):
    def __init__(self, key: str, hint: str) -> None:
        super().__init__(f"{key}: {hint}")
        self.key = key
        self.hint = hint


class AccessDenied(TungNhaError):
    """The access module said no."""


class StorageError(TungNhaError):
    pass


class TransientStorage(StorageError):
    pass


class NotMigrated(StorageError):
    pass


class SchemaTooNew(StorageError):
    pass


class WrongKey(StorageError):
    pass


class LostLease(StorageError):
    pass


class ChannelError(TungNhaError):
    pass


class Unreachable(ChannelError):
    pass


class Throttled(ChannelError):
    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:g} s")
        self.retry_after = retry_after


class TokenRefused(ChannelError):
    pass


class Conflict(ChannelError):
    pass


class ChatClosed(ChannelError):
    pass


class Rejected(ChannelError):
    pass


class ApartError(TungNhaError):
    pass


class TooMuch(ApartError):
    pass


class Nonsense(ApartError):
    pass


@dataclass(frozen=True)
class BadRow:
    """One row that cannot be imported: 1-based line of the file, the column, a key of ``texts`` and its parameters."""

    line: int
    column: str
    problem: str
    params: dict[str, str]


class ImportRefused(TungNhaError):
    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__(f"{len(rows)} bad rows")
        self.rows = tuple(rows)
