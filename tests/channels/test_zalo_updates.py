from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import InboundKind, Media
from bot.channels.zalo_updates import to_inbound

SENT = datetime(2021, 9, 9, 0, 0, 0, 602_000, tzinfo=UTC)
LAN = {"id": "6ede9afa66b88fe6d6a9", "display_name": "Lò Thị Lan", "is_bot": False}
PRIVATE = {"id": "6ede9afa66b88fe6d6a9", "chat_type": "PRIVATE"}
GROUP = {"id": "b7c1f00d5a11c0ffee01", "chat_type": "GROUP"}
PICTURE = "https://photo-stal-1.zdn.example/a1b2.jpg"


def update(event, **content):
    base = {"message_id": "2d758cb5e222177a4e35", "date": 1631145600602, "from": LAN, "chat": PRIVATE}
    return {"event_name": f"message.{event}.received", "message": {**base, **content}}


def read(raw):
    return to_inbound(raw, "1459232241454765289")


def test_a_text_says_who_where_and_when():
    inbound = read(update("text", text="Bản em không phát sinh mới"))

    assert (inbound.channel, inbound.bot) == ("zalo", "1459232241454765289")
    assert inbound.id == "message.text.received:2d758cb5e222177a4e35"
    assert inbound.address == "6ede9afa66b88fe6d6a9"
    assert (inbound.kind, inbound.text) == (InboundKind.TEXT, "Bản em không phát sinh mới")
    assert inbound.sent_at == SENT
    assert inbound.display_name == "Lò Thị Lan"
    assert not inbound.group


def test_the_same_update_in_its_wrapping_is_the_same_message():
    bare = update("text", text="chào")

    assert read({"ok": True, "result": bare}) == read(bare)


def test_a_group_is_answered_in_the_group_and_named_as_one():
    inbound = read(update("text", text="tình hình", chat=GROUP))

    assert (inbound.group, inbound.address) == (True, "b7c1f00d5a11c0ffee01")
    assert (inbound.author, inbound.person) == (LAN["id"], LAN["id"])


def test_a_kind_of_chat_that_is_unknown_is_not_private():
    assert read(update("text", text="x", chat={**PRIVATE, "chat_type": "COMMUNITY"})).group


@pytest.mark.parametrize("field", ["photo", "photo_url"])
def test_a_picture_carries_its_address_and_its_caption(field):
    inbound = read(update("image", caption="Danh sách hôm nay", **{field: PICTURE}))

    assert (inbound.kind, inbound.text) == (InboundKind.MEDIA, "Danh sách hôm nay")
    assert inbound.media == Media("photo", PICTURE)


def test_a_voice_message_carries_its_address():
    inbound = read(update("voice", voice_url="https://voice.zdn.example/v.aac"))

    assert inbound.media == Media("voice", "https://voice.zdn.example/v.aac")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (update("sticker", sticker="d063f44dc80821567819", url="https://zalo-api.example/sticker?eid=1"), InboundKind.OTHER),
        (update("unsupported"), InboundKind.WITHHELD),
        (update("image"), InboundKind.WITHHELD),
        (update("voice", voice_url=""), InboundKind.WITHHELD),
        (update("link", link={"url": "https://example.org"}), InboundKind.OTHER),
        (update("hologram", text="mới"), InboundKind.OTHER),
    ],
    ids=["sticker", "unsupported", "a withheld picture", "a withheld voice message", "link", "newer than the program"],
)
def test_what_we_cannot_take_still_says_that_somebody_sent_something(raw, kind):
    inbound = read(raw)

    assert (inbound.kind, inbound.address, inbound.text, inbound.media) == (kind, LAN["id"], "", None)


def test_a_text_and_a_picture_with_the_same_message_id_are_two():
    assert read(update("text", text="x")).id != read(update("image", photo=PICTURE)).id


@pytest.mark.parametrize(
    "raw",
    [
        {"event_name": "message.unsupported.received"},
        {"event_name": "bot.added_to_group", "message": None},
        update("text", text="Em là máy", **{"from": {**LAN, "is_bot": True}}),
    ],
)
def test_events_without_a_message_and_other_bots_concern_nobody(raw):
    assert read(raw) is None


def test_what_no_database_takes_is_stripped_everywhere():
    inbound = read(update("text", text="Lò\x00 \ud800A\r\nB", **{"from": {**LAN, "display_name": " La\x00n\udfff "}}))

    assert (inbound.text, inbound.display_name) == ("Lò A\nB", "Lan")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [update("text", text="x")],
        {},
        {"ok": True, "result": []},
        {"event_name": 7},
        {"event_name": "x" * 200, "message": {}},
        {"event_name": "message.text.received", "message": "x"},
        update("text"),
        update("text", text=5),
        update("text", text="x", chat={"id": "1"}),
        update("text", text="x", chat={**PRIVATE, "id": ""}),
        update("text", text="x", chat={**PRIVATE, "id": "\x00"}),
        update("text", text="x", **{"from": None}),
        update("text", text="x", date="hôm qua"),
        update("text", text="x", date=True),
        update("text", text="x", date=10**400),
        update("text", text="x", message_id=None),
        update("sticker", message_id="7" * 129),
    ],
)
def test_what_cannot_be_understood_is_a_value_error_that_repeats_nothing(raw):
    with pytest.raises(ValueError) as raised:
        read(raw)

    assert "hôm qua" not in str(raised.value)
    assert "777" not in str(raised.value)


_KEYS = st.sampled_from(
    ["event_name", "message", "result", "message_id", "date", "text", "photo", "caption", "from", "chat", "id", "chat_type"]
) | st.text(max_size=3)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(categories=None), max_size=5)
    | st.sampled_from(["message.text.received", "message.image.received", "PRIVATE", "GROUP"])
)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=8), max_leaves=25
)


@given(_JSON)
def test_any_json_is_read_or_is_a_value_error(raw):
    try:
        inbound = read(raw)
    except ValueError:
        return
    assert inbound is None or inbound.id


@given(
    raw=st.sampled_from([update("text", text="x"), update("image", photo=PICTURE, caption="b"), update("sticker")]),
    choice=st.data(),
)
def test_a_real_update_with_any_one_part_replaced_is_read_or_is_a_value_error(raw, choice):
    def spoil(value):
        if not isinstance(value, dict) or not value or choice.draw(st.booleans()):
            return choice.draw(_JSON)
        key = choice.draw(st.sampled_from(sorted(value)))
        return {**value, key: spoil(value[key])}

    try:
        inbound = read({**raw, "message": spoil(raw["message"])})
    except ValueError:
        return
    assert inbound is None or (inbound.address and inbound.sent_at.tzinfo is UTC)
    texts = "" if inbound is None else inbound.id + inbound.address + inbound.text + inbound.display_name
    assert "\x00" not in texts
    texts.encode()
