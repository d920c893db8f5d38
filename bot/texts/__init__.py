"""Every sentence that people read, in every language, and the one way to look one up.

A catalogue is the folder ``<language>/``, a file per theme: nested tables whose leaves are sentences, or
``{one = …, other = …}`` chosen by ``n``.
A language is added by adding its folder.
Placeholders are ``{name}``; ``{you}`` and ``{You}`` are how the reader is addressed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from bot.clock import local
from bot.conversation.words import Param, Say

HERE = Path(__file__).parent
DEFAULT = "vi"

Leaf = str | Mapping[str, str]


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and set(value) != {"one", "other"}:
            found.update(_flat(value, f"{prefix}{key}."))
        else:
            found[prefix + key] = value
    return found


@cache
def catalogue(language: str) -> Mapping[str, Leaf]:
    """All sentences of a language by dotted key."""
    found: dict[str, Leaf] = {}
    for path in sorted((HERE / language).glob("*.toml")):
        sentences = _flat(tomllib.loads(path.read_text(encoding="utf-8")))
        if twice := found.keys() & sentences.keys():
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        found.update(sentences)
    return found


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, Vietnamese first."""
    found = sorted(path.parent.name for path in HERE.glob("*/address.toml"))
    return (DEFAULT, *(language for language in found if language != DEFAULT))


@cache
def _plural(language: str) -> Any:
    return Locale.parse(language).plural_form


def show_date(day: date) -> str:
    """09/9/2021: a day under 10 and the months 1 and 2 carry a leading zero (Decree 30/2020)."""
    return f"{day.day:02}/{day.month:02}/{day.year}" if day.month <= 2 else f"{day.day:02}/{day.month}/{day.year}"


@dataclass(frozen=True)
class Voice:
    """How one person is spoken to: a language and a form of address."""

    language: str = DEFAULT
    address: str = "anh_chi"

    def has(self, key: str) -> bool:
        return any(part in catalogue(self.language) for part in key.split("|"))

    def word(self, key: str) -> str:
        """A sentence without parameters."""
        return self(Say(key))

    def __call__(self, say: Say) -> str:
        """The sentence in this person's language.

        ``a|b`` takes the first key that exists. A sentence that is missing in this language is said in Vietnamese: an
        answer in the wrong language is better than none. Raises KeyError if no language has it.
        """
        template = self._template(say)
        params = {key: self._shown(value) for key, value in say.params.items()}
        words = catalogue(self.language)
        you = str(words.get(f"address.{self.address}", words["address.anh_chi"]))
        return template.format_map({"you": you.lower(), "You": you, **params})

    def _template(self, say: Say) -> str:
        for language in dict.fromkeys((self.language, DEFAULT)):
            for key in say.key.split("|"):
                leaf = catalogue(language).get(key)
                if isinstance(leaf, str):
                    return leaf
                if leaf is not None:
                    return leaf[_plural(language)(say.params.get("n", 0))]
        raise KeyError(say.key)

    def _shown(self, value: Param) -> str:
        match value:
            case Say():
                return self(value)
            case str():
                return value
            case bool():
                return self.word("choice.bool.yes" if value else "choice.bool.no")
            case int():
                return f"{value:,}".replace(",", "." if self.language == "vi" else ",")
            case datetime():
                return f"{local(value):%H:%M} {show_date(local(value).date())}"
            case date():
                return show_date(value)
            case time():
                return f"{value:%H:%M}"
            case Sequence():
                return ", ".join(self._shown(item) for item in value)
