"""What is sent unasked, on channels with and without buttons."""

from __future__ import annotations

from bot.messages import Button
from bot.reports.duties import duty
from bot.storage.people import Who

BUTTONS = ((Button("Xem hồ sơ", "do:person:W1"), Button("Về đầu", "do:menu")),)


def told(channel: str) -> tuple[str, int]:
    who = Who("U1", "Lò Mẫu", None, "anh", "vi", (), channel, "1", "101")
    (post,) = duty(who, "Xã đã quyết định.", None, buttons=BUTTONS)
    return post.text, sum(len(row) for row in post.buttons)


def test_buttons_stay_buttons() -> None:
    assert told("telegram") == ("Xã đã quyết định.", 2)


def test_no_words_are_offered_that_mean_nothing_when_typed() -> None:
    """Which file "xem hồ sơ" would open, nobody could say."""
    assert told("zalo") == ('Xã đã quyết định.\n\nGõ "về đầu".', 0)
