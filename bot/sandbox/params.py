"""The parameters of one Bot API call, wherever they stand: query, form, multipart or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.refusal import bad_request


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str
    content: bytes


class Params:
    def __init__(self, fields: Mapping[str, Any], files: Mapping[str, Upload]) -> None:
        self._fields = fields
        self._files = files

    def __contains__(self, name: str) -> bool:
        return name in self._fields or name in self._files

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        text = "" if value is None else str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(float(self._fields.get(name, default)))
        except (TypeError, ValueError, OverflowError):
            return default

    def flag(self, name: str) -> bool:
        return str(self._fields.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str, complaint: str) -> Any:
        """A nested value; in forms it is JSON text. None when it is not there."""
        value = self._fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(complaint) from None

    def upload(self, name: str) -> Upload | str:
        """The uploaded file, or the text given in its place: a file id."""
        value = self.text(name)
        file = self._files.get(value.removeprefix("attach://") if value.startswith("attach://") else name)
        return file or value


async def read_params(request: web.Request) -> Params:
    fields: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.method == "POST":
        match request.content_type:
            case "application/json":
                fields |= await _read_json(request)
            case "multipart/form-data":
                for name, part in (await request.post()).items():
                    if isinstance(part, web.FileField):
                        files[name] = Upload(part.filename, part.content_type, part.file.read())
                    else:
                        fields[name] = part
            case _:
                body = (await request.read()).decode("utf-8", "surrogateescape")
                fields |= dict(parse_qsl(body, keep_blank_values=True, errors="surrogateescape"))
    return Params(fields, files)


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body
