"""The house as design.md draws it: imports run downwards, pure folders stay pure, one module knows the time."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

# From the roof down. A module may import from its own floor and from every floor below.
HOUSE = (
    {"bot.__main__"},
    {"bot.commands"},
    {"bot.practice"},
    {"bot.demo"},  # plays its past through the use cases
    {"bot.app"},
    {"bot.service"},
    {"scheduler", "bot.web", "bot.handlers", "bot.channels", "bot.sandbox"},
    {"bot.reports", "bot.storage", "bot.forms"},
    {"bot.domain", "bot.texts", "bot.config"},
    {"bot.conversation", "bot.messages", "bot.clock", "bot.errors"},
)

PURE = ("bot.domain", "bot.conversation", "scheduler.due")
IMPURE = {"asyncio", "telegram", "aiohttp", "sqlalchemy", "aiosqlite"}

REAL_TIME = {
    "bot.clock": "the one place that asks what time it is",
    "bot.channels.sender": "pacing and back-off",
    "bot.handlers.long_work": "leases of long work",
    "bot.service": "the leader's lease, and how long to wait for quiet",
    "bot.sandbox.botapi": "stands for the platform: long polls last real seconds",
    "bot.sandbox.delivery": "stands for the platform: dates of messages while no application is there to ask",
    "bot.sandbox.practiceapi": "how long to wait for an answer",
    "bot.sandbox.server": "stands for the platform: its limits count real seconds",
    "scheduler.runner": "when the tick begins",
}

VIETNAMESE = {
    "bot.domain.vietnamese": "letters, for folding and sorting",
    "bot.domain.dates": "words that people type",
    "bot.conversation.prompt": "a letter, for comparing without diacritics",
    "bot.demo": "invented people and places",
    "bot.sandbox.server": "the product's name",
}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program by its dotted name; migrations are left out, they are frozen."""
    found = {}
    for top in ("bot", "scheduler"):
        for path in sorted((ROOT / top).rglob("*.py")):
            within = path.relative_to(ROOT)
            if "migrations" not in within.parts:
                found[".".join(within.with_suffix("").parts).removesuffix(".__init__")] = ast.parse(
                    path.read_text(encoding="utf-8")
                )
    return found


@cache
def imports(module: str) -> tuple[tuple[str, int], ...]:
    """What a module imports and on which line, wherever in it; ``from a import b`` is a.b where that is a module."""
    found = []
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [(name if name in modules() else str(node.module), node.lineno) for name in names]
    return tuple(found)


def inside(module: str, packages: Iterable[str]) -> bool:
    """Whether a module is one of these or lies in one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def floor(module: str) -> int | None:
    return next((number for number, rooms in enumerate(HOUSE) if inside(module, rooms)), None)


def ours(module: str) -> bool:
    return inside(module, ("bot", "scheduler")) and module != "bot"


def test_every_module_has_its_place_in_the_house() -> None:
    assert [module for module in modules() if ours(module) and floor(module) is None] == []


def test_imports_run_downwards() -> None:
    upwards = [
        f"{module}:{line} -> {imported}"
        for module in modules()
        for imported, line in imports(module)
        if ours(module) and ours(imported) and (floor(imported) or 0) < (floor(module) or 0)
    ]

    assert upwards == []


def reached(module: str) -> Iterator[tuple[str, str]]:
    """Every import of a module and of what it imports of ours, with the module that has it."""
    seen, waiting = {module}, [module]
    while waiting:
        here = waiting.pop()
        for imported, _ in imports(here):
            yield here, imported
            if imported in modules() and imported not in seen:
                seen.add(imported)
                waiting.append(imported)


def test_pure_modules_reach_nothing_that_waits_or_stores() -> None:
    impure = {
        f"{module}: {here} -> {imported}"
        for module in modules()
        if inside(module, PURE)
        for here, imported in reached(module)
        if imported.split(".")[0] in IMPURE
    }

    assert impure == set()


def asks_the_time(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "time"
    if not isinstance(node, ast.Attribute):
        return False
    owner = ast.unparse(node.value)
    return (owner.split(".")[-1] in {"datetime", "date"} and node.attr in {"now", "utcnow", "today"}) or (
        owner == "time" and node.attr in {"time", "time_ns", "monotonic", "monotonic_ns", "localtime", "gmtime"}
    )


def test_only_the_clock_and_what_lives_in_real_time_ask_for_the_time() -> None:
    asking = {module for module, tree in modules().items() if any(asks_the_time(node) for node in ast.walk(tree))}

    assert asking - set(REAL_TIME) == set()
    assert set(REAL_TIME) - asking == set(), "no longer needed on the list"


def test_only_the_composition_takes_the_system_clock() -> None:
    taking = {
        module
        for module, tree in modules().items()
        if any(isinstance(node, ast.alias) and node.name == "system_clock" for node in ast.walk(tree))
    }

    assert taking <= {"bot.__main__", "bot.app"}


def has_vietnamese_letters(text: str) -> bool:
    def marked(letter: str) -> bool:
        parts = unicodedata.normalize("NFD", letter)
        return len(parts) > 1 and "LATIN" in unicodedata.name(parts[0], "")

    return any(letter in "đĐ" or marked(letter) for letter in text)


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string but docstrings."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_no_vietnamese_sentence_stands_in_code() -> None:
    found = {
        module: [f"{module}:{node.lineno} {node.value!r}" for node in literals(tree) if has_vietnamese_letters(str(node.value))]
        for module, tree in modules().items()
    }

    assert [line for module, lines in found.items() if not inside(module, VIETNAMESE) for line in lines] == []
    needed = {module for module, lines in found.items() if lines}
    assert [name for name in VIETNAMESE if not any(inside(module, [name]) for module in needed)] == [], "no longer needed"
