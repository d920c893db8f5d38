"""The practice API: play a person, look at the chat, move the clock."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

ASK = {"inline_keyboard": [[{"text": "Có", "callback_data": "d1:0:yes"}, {"text": "Không", "callback_data": "d1:0:no"}]]}


async def answer(client, update):
    """A question for every message; a tap replaces the question by what was chosen."""
    if tap := update.get("callback_query"):
        chat_id, message_id = tap["message"]["chat"]["id"], tap["message"]["message_id"]
        await client.call("editMessageText", chat_id=chat_id, message_id=message_id, text=f"Đã chọn {tap['data']}")
        await client.call("answerCallbackQuery", callback_query_id=tap["id"], text="Đã nhận")
    elif message := update.get("message"):
        await client.call("sendMessage", chat_id=message["chat"]["id"], text="Đã về chưa?", reply_markup=ASK)


async def test_persons_are_listed_with_their_role_and_unit(page):
    persons = await page.get("/api/persons")

    assert persons[0] == {
        "id": "lan",
        "name": "Người Hư Cấu Lan",
        "role": "Trưởng thôn",
        "unit": "Bản Mẫu 1",
        "channel": "telegram",
        "heard": 0,
        "blocked": False,
    }


async def test_writing_answers_after_the_bot_has_replied(page, bot_on, practice):
    bot_on(page, answer)

    status, said = await page.post("/api/persons/lan/messages", {"text": "/start"})

    assert (status, said) == (200, {"message_id": 1, "settled": True})
    assert practice.asked_to_settle == 1
    question, reply = await page.get("/api/persons/lan/chat")
    assert (question["from"], question["text"]) == ("person", "/start")
    assert (reply["from"], reply["text"]) == ("bot", "Đã về chưa?")
    assert reply["buttons"][0][0] == {"text": "Có", "data": "d1:0:yes"}
    assert (reply["edited"], reply["document"], reply["photo"]) == (False, None, None)


async def test_a_message_is_a_genuine_update(page, bot_on):
    bot = bot_on(page, answer)
    await page.post("/api/persons/lan/messages", {"text": "𝄞 /huy nhé"})

    await page.post("/api/persons/lan/messages", {"text": "Lò Văn A", "reply_to": 2})

    first, second = (update["message"] for update in bot.seen)
    assert first["entities"] == [{"type": "bot_command", "offset": 3, "length": 4}]
    assert first["from"] == {"id": 501, "is_bot": False, "first_name": "Người Hư Cấu Lan", "language_code": "vi"}
    assert first["chat"] == {"id": 501, "type": "private", "first_name": "Người Hư Cấu Lan"}
    assert first["date"] == 1631145600  # 07:00 on the practice clock
    assert second["reply_to_message"]["text"] == "Đã về chưa?"


async def test_a_tap_carries_its_message_and_an_edit_raises_seq(page, bot_on):
    bot = bot_on(page, answer)
    await page.post("/api/persons/lan/messages", {"text": "/start"})
    before = (await page.get("/api/persons/lan/chat"))[-1]["seq"]

    _, tapped = await page.post("/api/persons/lan/taps", {"message_id": 2, "data": "d1:0:yes"})

    assert tapped == {"message_id": 2, "settled": True, "answer": {"text": "Đã nhận", "alert": False}}
    assert bot.seen[-1]["callback_query"]["message"]["reply_markup"] == ASK
    (edit,) = await page.get(f"/api/persons/lan/chat?after={before}")
    assert (edit["message_id"], edit["text"], edit["buttons"], edit["edited"]) == (2, "Đã chọn d1:0:yes", [], True)


@pytest.mark.parametrize(
    "tap", [{"message_id": 2, "data": "d1:0:maybe"}, {"message_id": 1, "data": "x"}, {"message_id": 9, "data": "x"}]
)
async def test_a_tap_on_a_button_that_is_not_there_is_refused(page, bot_on, tap):
    bot_on(page, answer)
    await page.post("/api/persons/lan/messages", {"text": "/start"})

    status, refusal = await page.post("/api/persons/lan/taps", tap)

    assert (status, refusal["error"]) == (409, "button_gone")


async def test_a_contact_and_a_photo_are_genuine_too(page, bot_on, picture):
    bot = bot_on(page, answer)
    await page.post("/api/persons/lan/messages", {"contact": {"phone": "0912345678"}})
    form = aiohttp.FormData({"text": "Chốt số 1"}, default_to_multipart=True)
    form.add_field("file", picture, filename="chot.png", content_type="image/png")

    async with page.http.post(f"{page.url}/api/persons/lan/messages", data=form) as response:
        assert (await response.json())["settled"] is True

    contact, photo = (update["message"] for update in bot.seen)
    assert contact["contact"] == {"phone_number": "0912345678", "first_name": "Người Hư Cấu Lan", "user_id": 501}
    assert (photo["caption"], photo["photo"][0]["width"]) == ("Chốt số 1", 3)


async def test_a_text_too_long_for_one_message_goes_as_several(page, bot_on):
    bot = bot_on(page, answer)

    await page.post("/api/persons/lan/messages", {"text": "𝄞" * 3000})

    assert [len(update["message"]["text"]) for update in bot.seen] == [2048, 952]


async def test_reading_can_wait_for_the_next_change(page, bot_on):
    bot_on(page, answer)
    waiting = asyncio.create_task(page.get("/api/persons/lan/chat?after=0&wait=20"))
    news = asyncio.create_task(page.get("/api/news?after=0&wait=20"))

    await page.post("/api/persons/lan/messages", {"text": "/start"})

    assert (await waiting)[0]["text"] == "/start"
    assert (await news)["seq"] >= 1
    assert await page.get("/api/persons/minh/chat") == []


async def test_a_deleted_message_disappears_and_says_so_to_who_saw_it(page, bot_on):
    bot_on(page, answer)
    await page.post("/api/persons/lan/messages", {"text": "/start"})

    await page.call("deleteMessage", chat_id=501, message_id=2)

    assert [one["message_id"] for one in await page.get("/api/persons/lan/chat")] == [1]
    (gone,) = await page.get("/api/persons/lan/chat?after=2")
    assert (gone["message_id"], gone["deleted"], gone["text"]) == (2, True, "")


async def test_blocking_tells_the_bot_and_silences_the_person(page, bot_on):
    bot = bot_on(page, answer)
    await page.post("/api/persons/lan/block")

    status, refusal = await page.post("/api/persons/lan/messages", {"text": "x"})
    await page.post("/api/persons/lan/unblock")

    assert (status, refusal["error"]) == (409, "blocked")
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in bot.seen]
    assert statuses == ["kicked", "member"]


async def test_the_clock_moves_forward_and_tells_what_ran(page, practice):
    assert await page.get("/api/clock") == {"now": "2021-09-09T07:00:00+07:00"}

    status, moved = await page.post("/api/clock", {"now": "2021-09-09T01:30:00Z"})

    assert status == 200
    assert moved == {
        "now": "2021-09-09T08:30:00+07:00",
        "ran": [{"job": "nudge_first", "unit": "Xã Mẫu", "due_at": "2021-09-09T08:00:00+07:00"}],
        "undelivered": 0,
    }


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"now": "2021-09-09T06:59:59+07:00"}, 409, "clock_goes_back"),
        ({"now": "2021-09-09T08:00:00"}, 422, "instant_without_offset"),
        ({"now": "tám giờ"}, 422, "not_an_instant"),
        ({}, 422, "not_an_instant"),
        ([], 422, "not_json"),
    ],
)
async def test_a_clock_cannot_be_moved_just_anywhere(page, body, status, error):
    answered, refusal = await page.post("/api/clock", body)

    assert (answered, refusal["error"]) == (status, error)
    assert await page.get("/api/clock") == {"now": "2021-09-09T07:00:00+07:00"}


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/api/persons/nobody/messages", {"text": "x"}, 404, "no_such_person"),
        ("/api/persons/nobody/taps", {"message_id": 1, "data": "x"}, 404, "no_such_person"),
        ("/api/persons/lan/messages", {"text": "  "}, 422, "empty_message"),
        ("/api/persons/lan/messages", {"contact": {"name": "x"}}, 422, "contact_without_phone"),
        ("/api/persons/lan/messages", {"text": "x", "reply_to": 99}, 409, "message_gone"),
        ("/api/persons/lan/taps", {"data": "x"}, 422, "not_a_number"),
    ],
)
async def test_a_wrong_request_says_what_is_wrong(page, path, body, status, error):
    answered, refusal = await page.post(path, body)

    assert (answered, refusal["error"]) == (status, error)
    assert refusal["message"]


async def test_a_page_of_another_site_may_not_post(page):
    headers = {"Origin": "http://elsewhere.example"}

    async with page.http.post(f"{page.url}/api/persons/lan/messages", json={"text": "x"}, headers=headers) as response:
        assert response.status == 403
    assert await page.get("/api/persons/lan/chat") == []


async def test_without_an_application_any_number_is_a_person_and_there_is_no_clock(api, bot_on):
    bot_on(api, answer)

    _, said = await api.post("/api/persons/77/messages", {"text": "/start"})

    assert said["settled"] is True
    assert [one["text"] for one in await api.get("/api/persons/77/chat")] == ["/start", "Đã về chưa?"]
    assert [person["id"] for person in await api.get("/api/persons")] == ["77"]
    status, refusal = await api.post("/api/clock", {"now": "2021-09-09T08:00:00+07:00"})
    assert (status, refusal["error"]) == (501, "no_clock")
