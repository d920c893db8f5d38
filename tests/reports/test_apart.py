"""What a process of its own says about a file is believed no more than the file: bounded, and refused if it is no answer."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.errors import ApartError, Nonsense, TooMuch
from bot.reports import apart
from bot.reports.apart import asked_apart
from bot.reports.own_look import Looked
from bot.reports.own_table import Refused

ANSWER = TypeAdapter(dict[str, int])


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that does what it is told: write these words, use this memory, sleep so long, end so."""
    source = """
        import os, sys, time
        from bot.reports.apart import answers

        def said(question, content):
            held = bytearray(question.get("memory", 0))
            time.sleep(question.get("sleep", 0))
            if "exit" in question:
                sys.exit(question["exit"])
            words = question.get("words", '{"n": %d, "secrets": %d}' % (len(content), "TUNGNHA_SECRET" in os.environ))
            return words.encode() * question.get("times", 1)

        if __name__ == "__main__":
            answers(said)
    """
    (tmp_path / "doing_as_told.py").write_text(textwrap.dedent(source), encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setenv("TUNGNHA_SECRET", "x")
    return "doing_as_told"


async def test_the_whole_file_goes_there_and_no_secret(child: str) -> None:
    assert await asked_apart(child, {}, b"x" * 3_000_000, ANSWER) == {"n": 3_000_000, "secrets": 0}


@pytest.mark.parametrize("words", ["", "khong", "[1]", '{"n": "x"}', "\x80\x04N.", '{"n": 1}{"n": 1}'])
async def test_what_is_no_answer_is_refused(child: str, words: str) -> None:
    with pytest.raises(Nonsense):
        await asked_apart(child, {"words": words}, b"", ANSWER)


@pytest.mark.parametrize("does", [{"exit": 1}, {"memory": 2 * 1024**3}, {"sleep": 60}, {"times": 10_000}])
async def test_what_dies_or_takes_too_much_is_given_up(
    child: str, does: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_LONGEST_ANSWER", 20_000)

    with pytest.raises(TooMuch):
        await asked_apart(child, does, b"x" * 3_000_000, ANSWER, patience=2 if "sleep" in does else 60)


async def test_a_module_that_does_not_exist_is_given_up_too() -> None:
    with pytest.raises(ApartError):
        await asked_apart("no.such.module", {}, b"x" * 3_000_000, ANSWER)


def test_a_refusal_and_a_proposal_are_never_taken_for_each_other() -> None:
    either: TypeAdapter[Looked | Refused] = TypeAdapter(Looked | Refused)

    assert either.validate_json(json.dumps({"key": "broken"})) == Refused("broken")
