"""Files sent either way, whole, in the store."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass

from bot.sandbox.params import Upload
from bot.sandbox.store import Store
from bot.sandbox.world import Json

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """``kind`` is ``documents`` or ``photos``: the folder in Telegram's ``file_path``."""

    id: str
    kind: str
    name: str
    mime: str
    size: int

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.id}{_suffix(self.name)}"

    def document(self) -> Json:
        return {"file_name": self.name, "mime_type": self.mime, **self.reference()}

    def reference(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.id[:16], "file_size": self.size}


class Files:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, upload: Upload, kind: str) -> StoredFile:
        mime = upload.mime or "application/octet-stream"
        file = StoredFile(secrets.token_urlsafe(24), kind, upload.name or "file", mime, len(upload.content))
        values = (file.id, file.kind, file.name, file.mime, file.size, upload.content)
        self._store.write("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)", *values)
        await self._store.durable()
        return file

    async def find(self, file_id: str) -> StoredFile | None:
        rows = await self._store.read("SELECT id, kind, name, mime, size FROM file WHERE id = ?", file_id)
        return StoredFile(*rows[0]) if rows else None

    async def content(self, file_id: str) -> bytes:
        rows = await self._store.read("SELECT content FROM file WHERE id = ?", file_id)
        content: bytes = rows[0][0]
        return content


def _suffix(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f".{ending}" if dot and stem and ending.isascii() and ending.isalnum() else ""


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, or None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
