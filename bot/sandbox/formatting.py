"""Text as Telegram measures and marks it: offsets and lengths are UTF-16 code units.

``parse_mode`` may be HTML; Markdown is refused, since nothing here needs it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bot.sandbox.params import Params
from bot.sandbox.refusal import bad_request
from bot.sandbox.world import Json

MAX_TEXT = 4096
MAX_CAPTION = 1024

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler", "a": "text_link",
}  # fmt: skip
_COMMAND = re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,32}(?:@\w+)?")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def marked_text(params: Params, name: str = "text") -> tuple[str, list[Json]]:
    """The plain text and its entities."""
    text = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        return _html(text)
    if mode:
        raise bad_request("unsupported parse_mode")
    given = params.json("caption_entities" if name == "caption" else "entities", "can't parse entities JSON object")
    return (text.rstrip(), given) if given else (text.strip(), [])


def commands_in(text: str) -> list[Json]:
    """The ``bot_command`` entities that Telegram finds in what a person writes."""
    return [
        {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found.group())}
        for found in _COMMAND.finditer(text)
    ]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, int, Json]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}"')
        link = {"url": dict(attrs).get("href") or ""} if tag == "a" else {}
        self._open.append((tag, units(self.text), link))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad_request("can't parse entities: Unexpected end tag")
        _, start, link = self._open.pop()
        if length := units(self.text) - start:
            self.entities.append({"type": _TAGS[tag], "offset": start, "length": length, **link})

    def finish(self) -> None:
        self.close()
        if self._open:
            raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1][0]}\"")


def _html(source: str) -> tuple[str, list[Json]]:
    parser = _Html()
    parser.feed(source)
    parser.finish()
    return parser.text.rstrip(), sorted(parser.entities, key=lambda one: (one["offset"], -one["length"]))
