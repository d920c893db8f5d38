"""A board of many villages fits one message on every channel, and every item is on exactly one of its pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.board import Claim, Item, Kind
from bot.domain.units import OrgUnit
from bot.handlers.board_facts import Seen
from bot.handlers.board_view import View, view
from bot.messages import BUTTONS, LONGEST_TOKEN, TEXT_LIMITS
from bot.reports.phrases import Contact, place
from bot.storage.people import Who
from bot.texts import Voice, languages

NOW = datetime(2021, 9, 9, 2, 0, tzinfo=UTC)
COMMUNE = OrgUnit("04123", "Xã Chiềng Mung Mẫu Tên Dài", "commune", None)


def seen(villages: int, claimed: bool = True) -> Seen:
    """So many silent villages with long names, each with whom to ring and who sees to it."""
    units = [
        OrgUnit(f"04123-{n:02}", f"Bản Mẫu Có Tên Khá Dài Số {n}", "village", "04123", "bản") for n in range(1, villages + 1)
    ]
    items = tuple(Item(Kind.REPORT, one.code, (one.code,)) for one in units)
    who = Who("U1", "Nguyễn Thị Mẫu Phương Anh", None, "chi", "vi", (), "telegram", "1", "1")
    note = Say("board.noted", note=Say("reports.missing.late", reason=Say("lateness.in_the_field")))
    said = [Say("board.line.report", unit=place(unit), note=note) for unit in units]
    return Seen(
        unit=COMMUNE,
        day=date(2021, 9, 9),
        items=items,
        lines={item.ref: line for item, line in zip(items, said, strict=True)},
        claims={item.ref: Claim(item.ref, "U1", NOW) for item in items} if claimed else {},
        stale=(),
        who={"U1": who},
        contacts={unit.code: [Contact("Nguyễn Thị Mẫu Phương Anh", "+84900000123")] for unit in units},
        places={unit.code: unit for unit in units},
    )


def choices(shown: View) -> list[Choice]:
    return [choice for row in shown.rows for choice in row]


@pytest.mark.parametrize("channel", sorted(BUTTONS))
@pytest.mark.parametrize("language", languages())
def test_a_page_fits_one_message(channel: str, language: str) -> None:
    voice = Voice(language)

    shown = view(seen(25), 0, channel, NOW)

    text = "\n".join(voice(line) for line in (shown.title, *shown.lines))
    if not BUTTONS[channel]:
        text += "\n" + "\n".join(f"9. {voice(choice.label)}" for choice in choices(shown))
    assert len(text.encode("utf-16-le")) // 2 <= TEXT_LIMITS[channel]
    assert all(len(choice.key.encode()) <= LONGEST_TOKEN for choice in choices(shown))


@given(st.integers(0, 60), st.sampled_from(sorted(BUTTONS)))
def test_every_item_is_on_exactly_one_page(n: int, channel: str) -> None:
    board = seen(n, claimed=False)

    found: list[str] = []
    page, last = 0, False
    while not last:
        keys = [choice.key for choice in choices(view(board, page, channel, NOW))]
        found += [key.removeprefix("do:item:") for key in keys if key.startswith("do:item:")]
        page += 1
        last = f"do:board:04123:{page}" not in keys

    assert found == [one.ref for one in board.items]


def test_what_did_not_change_is_not_edited_and_what_did_is() -> None:
    voice = Voice("vi")
    before = view(seen(3), 0, "telegram", NOW).fingerprint(voice)

    assert view(seen(3), 0, "telegram", NOW.replace(minute=5)).fingerprint(voice) == before
    assert view(seen(3, claimed=False), 0, "telegram", NOW).fingerprint(voice) != before
    assert view(seen(4), 0, "telegram", NOW).fingerprint(voice) != before
