"""Files both ways, with Vietnamese names."""

from __future__ import annotations

import aiohttp
import pytest

TOKEN = "1000000001:invented-for-tests"
NAME = "Báo cáo xã Mẫu 09-9.xlsx"


def upload(field, content, name, **more):
    form = aiohttp.FormData(more, quote_fields=False, default_to_multipart=True)
    form.add_field(field, content, filename=name, content_type="application/octet-stream")
    return form


async def send(api, method, form):
    async with api.http.post(f"{api.url}/bot{TOKEN}/{method}", data=form) as response:
        return await response.json()


async def test_a_document_reaches_the_person_with_its_name(api):
    answer = await send(api, "sendDocument", upload("document", b"PK so lieu", NAME, chat_id="501", caption="Bảng kèm theo"))

    assert answer["result"]["document"]["file_name"] == NAME
    (entry,) = await api.get("/api/persons/501/chat")
    assert (entry["text"], entry["document"]["name"], entry["document"]["size"]) == ("Bảng kèm theo", NAME, 10)
    async with api.http.get(api.url + entry["document"]["url"]) as response:
        assert await response.read() == b"PK so lieu"
        assert response.headers["Content-Disposition"].startswith("attachment")


async def test_a_photo_has_its_size(api, picture):
    answer = await send(api, "sendPhoto", upload("photo", picture, "so-lieu.png", chat_id="501"))

    (photo,) = answer["result"]["photo"]
    assert (photo["width"], photo["height"]) == (3, 2)
    (entry,) = await api.get("/api/persons/501/chat")
    async with api.http.get(api.url + entry["photo"]) as response:
        assert await response.read() == picture


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"", "Bad Request: file must be non-empty"), (b"GIF", "Bad Request: IMAGE_PROCESS_FAILED")]
)
async def test_what_is_no_picture_is_refused_as_a_photo(api, content, refusal):
    answer = await send(api, "sendPhoto", upload("photo", content, "x.png", chat_id="501"))

    assert (answer["error_code"], answer["description"]) == (400, refusal)


async def test_a_known_file_is_sent_again_by_its_id(api):
    first = await send(api, "sendDocument", upload("document", b"so lieu", NAME, chat_id="501"))

    again = await api.call("sendDocument", chat_id=502, document=first["result"]["document"]["file_id"])

    assert again["document"] == first["result"]["document"]
    assert "wrong file identifier" in await api.refusal("sendDocument", chat_id=502, document="khong-co")


async def test_the_bot_downloads_what_a_person_attached(api):
    await api.call("getUpdates", allowed_updates=["callback_query"])
    async with api.http.post(f"{api.url}/api/persons/501/messages", data=upload("file", b"mot,hai", NAME, text="Danh sách")):
        pass
    (entry,) = await api.get("/api/persons/501/chat")
    file_id = entry["document"]["url"].split("/")[3]

    file = await api.call("getFile", file_id=file_id)

    assert (entry["text"], file["file_size"]) == ("Danh sách", 7)
    async with api.http.get(f"{api.url}/file/bot{TOKEN}/{file['file_path']}") as response:
        assert await response.read() == b"mot,hai"
    async with api.http.get(f"{api.url}/file/bot{TOKEN}/documents/khac.txt") as response:
        assert response.status == 404
    assert await api.refusal("getFile", file_id="khong-co") == "400 Bad Request: invalid file_id"
