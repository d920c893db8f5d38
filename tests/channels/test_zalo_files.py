"""What people send on Zalo is fetched from where the platform keeps it, and from nowhere else."""

from __future__ import annotations

import pytest
from aiohttp import web
from yarl import URL

from bot.channels.base import Media
from bot.channels.zalo import OFFICIAL_URL, ZaloChannel
from bot.channels.zalo_files import Keep
from bot.config import ZALO_FILE_HOSTS
from bot.errors import Rejected, Unreachable

TOKEN = "1459232241454765289:s3cr3t-s3cr3t-s3cr3t"
CONTENT = b"\xff\xd8 to khai cua ban"


class Storage:
    """The API and the storage behind it on one machine, as a server of our own has both."""

    def __init__(self):
        self.asked = []
        self.answers = {}

    async def handle(self, request):
        self.asked.append((request.path, dict(request.headers)))
        if request.path.endswith("/getMe"):
            return web.json_response({"ok": True, "result": {"id": "1459232241454765289", "account_name": "bot.mau"}})
        status, body, headers = self.answers.get(request.path, (200, CONTENT, {}))
        return web.Response(status=status, body=body, headers=headers)


@pytest.fixture
async def storage():
    found = Storage()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = "http://127.0.0.1:{1}".format(*runner.addresses[0])
    yield found
    await runner.cleanup()


@pytest.fixture
async def zalo(storage):
    channel = ZaloChannel(TOKEN, storage.url)
    await channel.connect()
    yield channel
    await channel.close()


def picture(address):
    return Media("photo", address)


async def test_a_picture_is_fetched_without_anything_of_ours(zalo, storage):
    assert await zalo.download(picture(f"{storage.url}/anh.jpg")) == CONTENT

    path, headers = storage.asked[-1]
    assert path == "/anh.jpg"
    assert TOKEN not in str(headers)
    assert "Cookie" not in headers


async def test_a_picture_that_is_too_large_is_refused(zalo, storage):
    assert await zalo.download(picture(f"{storage.url}/a"), limit=len(CONTENT)) == CONTENT

    with pytest.raises(Rejected):
        await zalo.download(picture(f"{storage.url}/a"), limit=len(CONTENT) - 1)


@pytest.mark.parametrize(
    ("status", "error"), [(404, Rejected), (403, Rejected), (410, Rejected), (429, Unreachable), (503, Unreachable)]
)
async def test_what_is_gone_is_given_up_and_what_is_not_to_be_had_now_is_not(zalo, storage, status, error):
    storage.answers["/a"] = (status, b"", {})

    with pytest.raises(error):
        await zalo.download(picture(f"{storage.url}/a"))


async def test_an_address_that_leads_on_within_the_storage_is_followed(zalo, storage):
    storage.answers["/a"] = (302, b"", {"Location": "/gan-day/a"})

    assert await zalo.download(picture(f"{storage.url}/a")) == CONTENT
    assert storage.asked[-1][0] == "/gan-day/a"


@pytest.mark.parametrize(
    "elsewhere", ["http://127.0.0.1:1/a", "https://example.org/a", "http://zdn.vn/a", "file:///etc/passwd", ""]
)
async def test_an_address_that_leads_elsewhere_is_not_followed(zalo, storage, elsewhere):
    storage.answers["/a"] = (302, b"", {"Location": elsewhere})

    with pytest.raises(Rejected):
        await zalo.download(picture(f"{storage.url}/a"))


async def test_an_address_that_leads_to_itself_ends(zalo, storage):
    storage.answers["/a"] = (302, b"", {"Location": "/a"})

    with pytest.raises(Rejected):
        await zalo.download(picture(f"{storage.url}/a"))
    assert [path for path, _ in storage.asked].count("/a") < 10


@pytest.mark.parametrize(
    "address", ["", "anh.jpg", "http://[", "https:///a", "ftp://photo-stal-1.zdn.vn/a", "http://127.0.0.1:1/a"]
)
async def test_an_address_that_is_none_or_another_machines_is_never_asked(zalo, storage, address):
    with pytest.raises(Rejected) as refused:
        await zalo.download(picture(address))

    assert [path for path, _ in storage.asked] == [f"/bot{TOKEN}/getMe"]
    assert not address or address not in str(refused.value)


async def test_nobody_there_is_no_reason_to_give_up(storage):
    channel = ZaloChannel(TOKEN, "http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        await channel.connect()

    with pytest.raises(Unreachable) as failed:
        await channel.download(picture("http://127.0.0.1:1/bi-mat"))
    await channel.close()
    assert "bi-mat" not in str(failed.value)


KEPT = [
    "https://photo-stal-1.zdn.vn/no/jpg/a.jpg",
    "https://f2-voice-aac-dl.zdn.vn/a.aac",
    "https://zdn.vn/a",
    "https://PHOTO-STAL-1.ZDN.VN:443/a",
]
ELSEWHERE = [
    "http://photo-stal-1.zdn.vn/a.jpg",
    "https://zdn.vn.example.org/a",
    "https://notzdn.vn/a",
    "https://photo-stal-1.zdn.vn:8443/a",
    "https://u:p@photo-stal-1.zdn.vn/a",
    "https://photo-stal-1.zdn.vn@example.org/a",
    "https://169.254.169.254/latest",
]


@pytest.mark.parametrize("address", KEPT)
def test_the_platforms_own_storage_is_known(address):
    assert Keep(OFFICIAL_URL, ZALO_FILE_HOSTS).holds(URL(address))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nothing_else_passes_for_it(address):
    assert not Keep(OFFICIAL_URL, ZALO_FILE_HOSTS).holds(URL(address))
