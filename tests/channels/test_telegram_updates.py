from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Contact, InboundKind, Media
from bot.channels.telegram_updates import to_inbound

FETCHED = datetime(2021, 9, 9, 0, 30, tzinfo=UTC)
SENT = datetime(2021, 9, 9, 0, 0, tzinfo=UTC)
EDITED = datetime(2021, 9, 9, 0, 1, tzinfo=UTC)

LAN = {"id": 5001, "is_bot": False, "first_name": "Lò Thị", "last_name": "Lan", "language_code": "vi"}
PRIVATE = {"id": 5001, "type": "private", "first_name": "Lò Thị", "last_name": "Lan"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Tổ Covid bản Mé"}
BOT = {"id": 42, "is_bot": True, "first_name": "Từng Nhà", "username": "tungnha_bot"}


def message(**content):
    base = {"message_id": 17, "from": LAN, "chat": PRIVATE, "date": int(SENT.timestamp())}
    return {"update_id": 900, "message": {**base, **content}}


def tap(**content):
    carrier = {"message_id": 16, "from": BOT, "chat": PRIVATE, "date": int(SENT.timestamp()), "text": "Giới tính:"}
    query = {"id": "77001", "from": LAN, "message": carrier, "chat_instance": "-1", "data": "d1:3:male"}
    return {"update_id": 901, "callback_query": {**query, **content}}


def membership(old, new, chat=PRIVATE):
    return {
        "update_id": 902,
        "my_chat_member": {
            "chat": chat,
            "from": LAN,
            "date": int(SENT.timestamp()),
            "old_chat_member": {"user": BOT, **old},
            "new_chat_member": {"user": BOT, **new},
        },
    }


def read(update):
    return to_inbound(update, "42", FETCHED, BOT["username"])


def test_a_text_says_who_where_and_when():
    inbound = read(message(text="Bản em không phát sinh mới", reply_to_message={"message_id": 12}))

    assert (inbound.channel, inbound.bot, inbound.id, inbound.address) == ("telegram", "42", "900", "5001")
    assert inbound.kind is InboundKind.TEXT
    assert inbound.text == "Bản em không phát sinh mới"
    assert inbound.sent_at == SENT
    assert inbound.reply_to == "12"
    assert inbound.display_name == "Lò Thị Lan"
    assert inbound.message_id == ""
    assert not inbound.group


def test_a_tap_happened_when_it_was_fetched():
    inbound = read(tap())

    assert inbound.kind is InboundKind.TAP
    assert (inbound.token, inbound.message_id, inbound.ack) == ("d1:3:male", "16", "77001")
    assert inbound.sent_at == FETCHED
    assert inbound.text == ""


def test_a_tap_under_an_old_message_that_telegram_no_longer_shows():
    inbound = read(tap(message={"chat": PRIVATE, "message_id": 3, "date": 0}))

    assert (inbound.kind, inbound.address, inbound.message_id) == (InboundKind.TAP, "5001", "3")


def test_a_shared_contact():
    inbound = read(message(contact={"phone_number": "+84900000123", "first_name": "Cà Văn", "last_name": "Bình"}))

    assert inbound.kind is InboundKind.CONTACT
    assert inbound.contact == Contact(name="Cà Văn Bình", phone="+84900000123")


def test_a_shared_place():
    inbound = read(message(location={"latitude": 21.2, "longitude": 104}))

    assert inbound.kind is InboundKind.LOCATION
    assert inbound.location == (21.2, 104.0)


def test_a_photo_is_its_largest_size_and_its_caption_is_the_text():
    sizes = [{"file_id": "small", "width": 90, "height": 60}, {"file_id": "large", "file_size": 81000, "width": 1280}]

    inbound = read(message(photo=sizes, caption="Danh sách chốt", media_group_id="album-1"))

    assert inbound.kind is InboundKind.MEDIA
    assert inbound.media == Media("photo", "large", size=81000, group="album-1")
    assert inbound.text == "Danh sách chốt"


@pytest.mark.parametrize(
    ("field", "kind"),
    [("document", "document"), ("voice", "voice"), ("audio", "voice"), ("video", "video"), ("video_note", "video")],
)
def test_other_files_keep_their_name(field, kind):
    inbound = read(message(**{field: {"file_id": "F1", "file_name": "báo cáo.xlsx", "file_size": 9}}))

    assert inbound.media == Media(kind, "F1", name="báo cáo.xlsx", size=9)


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "S", "emoji": "👍"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"poll": {"id": "1", "question": "?"}},
        {"animation": {"file_id": "A"}, "document": {"file_id": "A"}},
        {"something_newer_than_this_program": {}},
    ],
)
def test_what_is_no_answer_is_other(content):
    assert read(message(**content)).kind is InboundKind.OTHER


def test_an_edited_message_says_which_one_and_when_it_was_edited():
    update = message(text="36 tuổi", edit_date=int(EDITED.timestamp()))
    update["edited_message"] = update.pop("message")

    inbound = read(update)

    assert (inbound.kind, inbound.message_id, inbound.text) == (InboundKind.EDITED, "17", "36 tuổi")
    assert inbound.sent_at == EDITED


def test_a_live_location_that_moves_is_no_news():
    update = message(location={"latitude": 21.2, "longitude": 104.1})
    update["edited_message"] = update.pop("message")

    assert read(update) is None


def test_blocking_and_unblocking():
    assert read(membership({"status": "member"}, {"status": "kicked"})).kind is InboundKind.BLOCKED
    assert read(membership({"status": "kicked"}, {"status": "member"})).kind is InboundKind.OPENED


def test_being_added_to_a_group_and_removed():
    added = read(membership({"status": "left"}, {"status": "restricted", "is_member": True}, GROUP))

    assert (added.kind, added.group, added.address) == (InboundKind.OPENED, True, "-100123")
    assert read(membership({"status": "administrator"}, {"status": "left"}, GROUP)).kind is InboundKind.BLOCKED


def test_a_promotion_changes_nothing():
    assert read(membership({"status": "member"}, {"status": "administrator"}, GROUP)) is None


def test_a_group_is_marked_and_a_command_loses_the_bots_name():
    inbound = read(message(text="/tinhhinh@tungnha_bot hôm nay", chat=GROUP))

    assert inbound.group
    assert inbound.text == "/tinhhinh hôm nay"
    assert (inbound.address, inbound.author, inbound.person) == ("-100123", "5001", "5001")


def test_a_command_for_another_bot_concerns_nobody_in_a_group_and_is_ours_in_private():
    assert read(message(text="/tinhhinh@bot_khac", chat=GROUP)) is None
    assert read(message(text="/tinhhinh@TungNha_Bot", chat=GROUP)).text == "/tinhhinh"
    assert read(message(text="/tinhhinh@bot_khac")).text == "/tinhhinh"


def test_in_private_the_chat_is_the_person():
    inbound = read(message(text="/menu"))

    assert (inbound.author, inbound.person) == ("", "5001")


def test_an_anonymous_administrator_of_a_group_is_nobody():
    masked = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}

    assert read(message(text="/tinhhinh", chat=GROUP, **{"from": masked})).author == ""


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "channel_post": {"chat": {"id": -1, "type": "channel"}}},
        {"update_id": 1, "message_reaction": {}},
        {"update_id": 1},
        message(text="x", chat={"id": -1, "type": "channel"}),
        message(new_chat_members=[LAN], chat=GROUP),
        message(pinned_message={"message_id": 1}),
        {"update_id": 1, "callback_query": {"id": "1", "from": LAN, "inline_message_id": "x", "data": "y"}},
    ],
)
def test_what_concerns_nobody_is_nothing(update):
    assert read(update) is None


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        {},
        {"update_id": "900"},
        {"update_id": True},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": {"text": "no chat"}},
        message(text=5),
        message(text="x", date="yesterday"),
        message(text="x", date=10**15),
        message(text="x", date=10**400),
        message(text="x", chat={"id": 5001}),
        message(photo=[]),
        message(document={"file_name": "no id"}),
        message(location={"latitude": float("nan"), "longitude": 1}),
        message(location={"latitude": 1, "longitude": 10**400}),
        message(contact={"first_name": "no phone"}),
        tap(data=1),
        tap(id=None),
    ],
)
def test_a_broken_update_is_a_value_error(update):
    with pytest.raises(ValueError):
        read(update)


def test_nul_and_lone_surrogates_are_gone_from_every_string():
    dirty = "Lò\x00 \ud800Văn\udfff A"
    person = {**LAN, "first_name": dirty, "last_name": ""}

    inbounds = [
        read(message(text=dirty, **{"from": person})),
        read(message(contact={"phone_number": dirty, "first_name": dirty})),
        read(message(document={"file_id": dirty, "file_name": dirty}, media_group_id=dirty)),
        read(tap(data=dirty, id=dirty)),
    ]

    assert inbounds[0].text == inbounds[0].display_name == "Lò Văn A"
    for inbound in inbounds:
        assert "\\x00" not in repr(inbound)
        assert "\\ud800" not in repr(inbound)
        assert "\\udfff" not in repr(inbound)


_KEYS = st.sampled_from(
    [
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat",
        "id",
        "type",
        "from",
        "date",
        "edit_date",
        "text",
        "caption",
        "data",
        "message_id",
        "photo",
        "document",
        "voice",
        "file_id",
        "file_name",
        "file_size",
        "contact",
        "phone_number",
        "location",
        "latitude",
        "longitude",
        "reply_to_message",
        "old_chat_member",
        "new_chat_member",
        "status",
        "is_member",
        "first_name",
        "last_name",
        "media_group_id",
    ]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(alphabet=st.characters(categories=None), max_size=5)
    | st.sampled_from(["private", "group", "channel", "kicked", "member"])
)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=8), max_leaves=25
)


@given(_JSON)
def test_any_json_is_read_or_is_a_value_error(update):
    try:
        inbound = read(update)
    except ValueError:
        return
    assert inbound is None or inbound.id


@given(
    update=st.sampled_from(
        [
            message(text="x", reply_to_message={"message_id": 1}),
            message(photo=[{"file_id": "a"}], caption="b"),
            message(contact={"phone_number": "0900 000 123", "first_name": "x"}),
            message(location={"latitude": 1.0, "longitude": 2.0}),
            tap(),
            membership({"status": "member"}, {"status": "kicked"}),
        ]
    ),
    choice=st.data(),
)
def test_a_real_update_with_any_one_part_replaced_is_read_or_is_a_value_error(update, choice):
    def spoil(value):
        if not isinstance(value, dict) or not value or choice.draw(st.booleans()):
            return choice.draw(_JSON)
        key = choice.draw(st.sampled_from(sorted(value)))
        return {**value, key: spoil(value[key])}

    kind = next(key for key in update if key != "update_id")
    try:
        inbound = read({**update, kind: spoil(update[kind])})
    except ValueError:
        return
    assert inbound is None or inbound.id
