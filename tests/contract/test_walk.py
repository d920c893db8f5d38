"""Every form, menu, command and button, on every channel and both databases: walked, not listed (N12).

What is new is walked because it is offered. If it is offered only once something has happened, ``World.settle`` must let it
happen; ``docs/how-to/contribute.md`` says how.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.conversation.draft import REVIEW
from bot.conversation.engine import CONFIRM
from bot.domain.access import Role
from bot.forms import forms
from bot.handlers.routes import COMMANDS, VERBS
from bot.messages import BUTTONS
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.contract.explorer import Explorer, explore
from tests.contract.test_told import TOLD
from tests.contract.walked_map import Map
from tests.contract.walked_places import Key, commands
from tests.contract.walked_reports import everything_filed, left_behind, reporters
from tests.contract.walked_world import CODE, DISTRICT, HEAD, OFFICER, SILENT, STRANGER, World, names_of

ONLY_BUTTONS = {"open"}
"""Buttons of what the schedule says: without buttons their words open the form from wherever one is."""

STRANGE = ("xin chào", "1", "ABCDEFGH", CODE)
PASTED = {
    "pasted complete": "Anh Lò Mẫu Sơn, nam, sn 1985, sđt 0900 000 101, về từ Bình Dương hôm qua bằng xe khách, "
    "đã tiêm 1 mũi, đã khai báo y tế, tự theo dõi sức khỏe tại nhà",
    "pasted incomplete": "Hôm nay có 2 người về từ Hà Nội: Cầm Mẫu Hoa 1990 nữ, Quàng Mẫu Tuấn 36 tuổi nam",
    "pasted of two villages": "Bản Mẫu 1: không phát sinh\nBản Mẫu 2: Lò Mẫu Sơn 1990 về từ Hà Nội 5/9\nmai họp nhé các bác",
}
"""What teams post elsewhere, of which people make reports by pasting it."""

TEAM = (Role.HEAD, Role.MEMBER, SILENT, STRANGER)
"""Who is offered the same, and so knows the same ways. All others are officials, each role with ways of its own."""

_TABLES = ("", "_ask", "_col", "_drop", "_edit", "_get", "_map", "_ok", "_row", "_rows", "_set", "_sheet", "_stop", "_unit")
ELSEWHERE: Mapping[str, str] = {
    **{f"table{what}": "tests/stories/test_own_table.py" for what in _TABLES},  # want an Excel file
    "item_ask": "tests/stories/test_board.py",  # wants figures that do not agree
    **dict.fromkeys(("former", "former_sure"), "tests/stories/test_keeping.py"),  # want a morning after a report
    "away_draft": "tests/stories/test_away.py",  # wants a report left half written
    "file_send": "tests/stories/test_list_files.py",
    **dict.fromkeys(
        ("answer_for", "ask_again", "ask_due", "ask_close", "ask_back", "ask_file"), "tests/stories/test_questions.py"
    ),  # want a question that nobody has ended meanwhile
    **dict.fromkeys({*TOLD, "transfer_return"}, "tests/contract/test_told.py"),  # on every channel and both databases
}
"""Verbs and reports to which no words and no choices lead from an ordinary day, and the test that takes them."""

MOST_MISSED = 8  # verbs that one walk may miss and the other not
MOST_GIVEN_UP = 12  # choices that were offered and over before somebody came back to them, in both walks

REPORTING = ("team",)


def explorers(world: World, known: Map) -> list[Explorer]:
    """One for each role, one who has not agreed, and a stranger who comes in by an invite. Each types every command."""
    every = {name: name for names in commands() for name in names}
    first = [names[0] for names in commands()]
    typed = {HEAD: [*PASTED, *every], OFFICER: [*PASTED, *first], STRANGER: [*first, *STRANGE, *first]}
    says = every | PASTED
    everybody: dict[str, str] = {name: role.value for role in Role for name in names_of(role)}
    everybody |= {SILENT: SILENT, STRANGER: STRANGER}
    found = []
    for name, role in everybody.items():
        rank, family = ("team", "team") if role in TEAM else (role, "officials")
        to_say = [*typed.get(name, first)] if name == role else ["/menu"]
        found.append(
            Explorer(name, rank, family, world, known, says, to_say, [*first] if name == role else [], rank in REPORTING)
        )
    return found


@dataclass(frozen=True)
class Walked:
    """What one walk did not come to: choices by kind of place, verbs, reports that nobody sent, commands that nobody typed."""

    left: frozenset[tuple[Key, str]]
    verbs: frozenset[str]
    unsent: frozenset[str]
    untyped: frozenset[str]


async def walk(world: World) -> Walked:
    known = Map()
    await world.settle()
    await explore(explorers(world, known), world)
    reviewed = [name for name, form in forms().items() if form.reviewed and not form.files]
    return Walked(
        frozenset((kind, edge) for kind, edges in known.left().items() for edge in edges),
        frozenset(VERBS) - world.verbs - (frozenset() if BUTTONS[world.channel] else ONLY_BUTTONS),
        frozenset(name for name in reviewed if not known.times((name, REVIEW), CONFIRM)),
        frozenset(one.key for one in COMMANDS if not world.typed & {f"/{name}" for name in one.names}),
    )


async def test_whatever_is_offered_can_be_taken_and_leads_on(
    sqlite_url: str, postgresql_url: str, open_db: Callable[[str], Database], keys: Keyring
) -> None:
    """With buttons, and by numbers and words; what was said and tapped on one database is said and tapped on the other.

    What a walk comes to hangs on who was filed and taken back on its way. So a choice may be missed on one of the channels, if
    not many are; what neither of them comes to is missing.
    """
    both = []
    for channel, url, other_url in zip(sorted(BUTTONS), *itertools.permutations((sqlite_url, postgresql_url)), strict=True):
        world, other = World(channel, open_db(url), keys), World(channel, open_db(other_url), keys)
        both.append(await walk(world))
        await other.settle()
        assert other.turns == world.turns[: len(other.turns)]
        await other.replay(world.turns[len(other.turns) :])
        for db in (world.db, other.db):
            await emptied(db)

    verbs = frozenset.intersection(*(one.verbs for one in both)) - ELSEWHERE.keys()
    assert not verbs, f"nobody was offered {sorted(verbs)}: let it happen in World.settle, or name its test in ELSEWHERE"
    unsent = frozenset.intersection(*(one.unsent for one in both)) - ELSEWHERE.keys()
    assert not unsent, f"nobody could send {sorted(unsent)}: see docs/how-to/add-a-form.md"
    untyped = frozenset.union(*(one.untyped for one in both))
    assert not untyped, f"nobody typed {sorted(untyped)}"
    for one in both:
        missed = one.verbs - ELSEWHERE.keys()
        assert len(missed) <= MOST_MISSED, f"one walk missed {sorted(missed)}: see docs/how-to/contribute.md"
    met = frozenset.intersection(*(one.left for one in both))
    left = [one for one in met if one[1].removeprefix("do:").partition(":")[0] not in ELSEWHERE]
    assert len(left) <= MOST_GIVEN_UP, f"nobody found the way back to {sorted(map(str, left))}: see docs/how-to/contribute.md"


def test_what_is_walked_elsewhere_is_there() -> None:
    assert ELSEWHERE.keys() <= VERBS.keys() | forms().keys()
    assert all(Path(test).is_file() for test in ELSEWHERE.values())


async def emptied(db: Database) -> None:
    async with db.write() as tx:
        for table in reversed(metadata.sorted_tables):
            await tx.execute(sa.delete(table))


async def test_the_same_reports_leave_the_same_records_postings_and_figures_everywhere(
    sqlite_url: str, postgresql_url: str, open_db: Callable[[str], Database], keys: Keyring
) -> None:
    found = []
    for channel, url, other_url in zip(sorted(BUTTONS), *itertools.permutations((sqlite_url, postgresql_url)), strict=True):
        world, other = (World(channel, open_db(each), keys, reporters=reporters()) for each in (url, other_url))
        await world.settle()
        await everything_filed(world)
        await other.settle()
        await other.replay(world.turns[len(other.turns) :])
        for each in (world, other):
            found.append(await left_behind(each))
            await emptied(each.db)

    kinds = {one["kind"] for one in found[0]["records"]}
    unfiled = {form.files_as or form.name for form in forms().values() if form.files} - kinds
    assert not unfiled, f"nobody filed {sorted(unfiled)}: see add-a-form.md"
    assert any(one["void"] for one in found[0]["records"])
    assert found[0]["totals"][DISTRICT]["returnees_new"] > 0
    for other in found[1:]:
        assert other == found[0]
