"""Every sentence exists, in every language, with the same things to fill in."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.texts import catalogue, languages

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("bot", "scheduler") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
)
VI, EN = catalogue("vi"), catalogue("en")
ADDRESSES = {"you", "You"}
ASKED_BY = {"Say", "word", "said", "has"}  # Say("…"), voice.word("…"), and reports' reader.said("…") below its own prefix
PREFIXES = {"said": "reports.list.cell."}
OPENS_THE_REST = r"[a-z0-9_.]+"


def keys_in(path: Path) -> Iterator[tuple[int, str]]:
    """The keys that a file asks for, as patterns: what is filled in at run time may be any name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in ASKED_BY:
            continue
        for argument in alternatives(node.args[0]):
            if (pattern := pattern_of(argument)) is not None and pattern != OPENS_THE_REST:
                prefix = re.escape(PREFIXES.get(called, ""))
                yield node.lineno, "|".join(prefix + part for part in pattern.split("|"))


def alternatives(node: ast.expr) -> Iterator[ast.expr]:
    """Both branches of "a" if x else "b"."""
    if isinstance(node, ast.IfExp):
        yield from alternatives(node.body)
        yield from alternatives(node.orelse)
    else:
        yield node


def pattern_of(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str() as key):
            return "|".join(re.escape(part) for part in key.split("|"))
        case ast.JoinedStr(values=parts):
            return "".join(pattern_of(part) or OPENS_THE_REST for part in parts)
        case _:
            return None


def test_the_scan_finds_what_it_should() -> None:
    found = {pattern for path in SOURCES for _, pattern in keys_in(path)}

    assert r"menu\.title" in found
    assert rf"form\.{OPENS_THE_REST}\.title" in found
    assert len(found) > 100


@pytest.mark.parametrize("language", languages())
def test_every_key_that_code_asks_for_exists(language: str) -> None:
    known = "\n".join(catalogue(language))
    asked = [(path.name, line, pattern) for path in SOURCES for line, pattern in keys_in(path)]

    assert [found for found in asked if not re.search(rf"^(?:{found[2]})$", known, re.MULTILINE)] == []


def test_keys_that_stand_in_tables_of_the_code_exist() -> None:
    """("button.zero_report", "do:open:…") and the like: constants that look like a key of ours, or the beginning of one."""
    looks = re.compile(rf"(?:{'|'.join(sorted({key.split('.')[0] for key in VI}))})(?:\.[a-z0-9_]+)+")
    constants = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and looks.fullmatch(node.value)
    }

    assert len(constants) > 50
    assert {one for one in constants - NOT_KEYS if not any(key.startswith(one) for key in VI)} == set()


NOT_KEYS = {
    *("draft.body", "record.body", "person.body", "event.reason", "transfer.answer", "own_table.body", "own_table.content"),
    *("opening.source", "practice.key", "practice.db"),
    "question.body",
    *("mail.host", "mail.sender", "mail.ca_file"),
}
"""Columns, whose names are bound into what is sealed, files, and keys of the configuration."""


def test_every_language_has_the_same_sentences() -> None:
    assert VI.keys() == EN.keys()


@pytest.mark.parametrize("language", languages())
def test_there_is_no_empty_sentence(language: str) -> None:
    empty = {key for key, leaf in catalogue(language).items() if not all(form.strip() for form in forms_of(leaf))}

    assert empty <= {"reports.nothing"}


def test_a_sentence_has_the_same_things_to_fill_in_in_every_language() -> None:
    filled_in = {
        key: {frozenset(placeholders(form) - ADDRESSES - {"labels"}) for leaf in (VI[key], EN[key]) for form in forms_of(leaf)}
        for key in VI.keys() & EN.keys()
    }  # what villages are called there (bản, tiểu khu) may be "villages" in English

    assert {key: found for key, found in filled_in.items() if len(found) > 1} == {}


def test_only_english_distinguishes_one_from_many_and_then_by_n() -> None:
    assert [key for key, leaf in VI.items() if not isinstance(leaf, str)] == []
    for key, leaf in EN.items():
        if not isinstance(leaf, str):
            assert set(leaf) == {"one", "other"}, key
            assert "n" in placeholders(leaf["other"]), key


# Words that no English sentence has and few Vietnamese ones are without.
FUNCTION_WORDS = re.compile(
    r"\b(của|và|là|không|được|chưa|đã|cho|người|ngày|báo cáo|các|một|với|trong|để|thì)\b", re.IGNORECASE
)
NAMES_AND_INPUT = {"language.ask", "menu.language", "command.language.menu", "practice.ready"}


def test_no_english_sentence_is_vietnamese() -> None:
    mixed = {key for key, leaf in EN.items() if any(FUNCTION_WORDS.search(form) for form in forms_of(leaf))}

    assert mixed <= NAMES_AND_INPUT


def test_no_english_sentence_addresses_its_reader_in_a_vietnamese_way() -> None:
    assert {leaf for key, leaf in EN.items() if key.startswith("address.")} == {"You"}


def test_vietnamese_is_written_in_composed_letters() -> None:
    for language in languages():
        for key, leaf in catalogue(language).items():
            for form in forms_of(leaf):
                assert unicodedata.is_normalized("NFC", form), key


def forms_of(leaf: object) -> list[str]:
    return [leaf] if isinstance(leaf, str) else list(leaf.values())  # type: ignore[attr-defined]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
