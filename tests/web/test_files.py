"""A link leads to its file for as long as both last, and after that to a sentence."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import StandingClock
from bot.errors import TransientStorage
from bot.messages import Attachment
from bot.storage import outbox
from bot.storage.crypto import Keyring
from bot.storage.schema import attachment
from bot.texts import Voice
from bot.web.files import FilePages
from bot.web.links import Links, NoSuchLink

LIST = Attachment("Danh sách Bản Mẫu 1.xlsx", b"PK\x03\x04 Lan", "application/vnd.ms-excel", id="W0RK1D")
PICTURE = Attachment("Tình hình.png", b"\x89PNG", "image/png", id="P1CTURE")
PAGE = Attachment("bẫy.html", b"<script>alert(1)</script>", "text/html", id="PAGE")
HOURS = timedelta(hours=12)
WORDS = {
    why: (Voice("vi").word(f"file_link.{why}"), Voice("en").word(f"file_link.{why}")) for why in ("unknown", "over", "gone")
}


@pytest.fixture
def links(keys, clock):
    return Links(keys, clock, "https://bot.example", HOURS)


@pytest.fixture
async def open_link(serve, http, stubborn, keys, links, clock):
    """GET (or HEAD) of a link, at the server that is in truth behind it."""
    async with stubborn.write() as tx:
        for file in (LIST, PICTURE, PAGE):
            await outbox.attach(tx, keys, file.id, file, clock())
    url = await serve(FilePages(stubborn, keys, links).routes())

    async def open_link(link, method="GET"):
        async with http.request(method, link.replace("https://bot.example", url), allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()

    return open_link


def shows(body, why):
    return all(sentence in body.decode() for sentence in WORDS[why])


async def test_a_link_can_be_opened_again_and_again_and_asked_for_its_head(open_link, links):
    link = links.to(LIST)

    for _ in range(2):
        status, headers, body = await open_link(link)
        assert (status, body) == (200, LIST.content)
    status, asked, body = await open_link(link, "HEAD")

    assert (status, body) == (200, b"")
    assert asked["Content-Length"] == headers["Content-Length"] == str(len(LIST.content))
    assert headers["Content-Type"] == LIST.mime
    assert headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Danh%20s%C3%A1ch%20B%E1%BA%A3n%20M%E1%BA%ABu%201.xlsx"
    )


async def test_nobody_is_to_keep_list_or_pass_on_what_is_behind_a_link(open_link, links):
    for link in (links.to(LIST), links.to(LIST)[:-9], "https://bot.example/f/nonsense"):
        _, headers, _ = await open_link(link)

        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "aiohttp" not in headers["Server"]


async def test_a_picture_is_shown_and_a_page_that_somebody_sent_is_only_saved(open_link, links):
    _, picture, body = await open_link(links.to(PICTURE))
    _, page, _ = await open_link(links.to(PAGE))

    assert (picture["Content-Type"], body) == ("image/png", PICTURE.content)
    assert picture["Content-Disposition"].startswith("inline;")
    assert page["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in page["Content-Security-Policy"]


async def test_an_address_says_nothing_of_its_file_but_the_kind(links):
    link = links.to(LIST)

    assert link.startswith("https://bot.example/f/")
    assert link.endswith("/file.xlsx")
    token = link.split("/")[-2]
    assert b"W0RK1D" not in base64.urlsafe_b64decode(token + "==")
    assert links.to(Attachment("Lò Văn A.về từ HCM", b"", id="x")).endswith("/file")
    assert link != links.to(LIST)


async def test_an_address_without_its_name_leads_there_too(open_link, links):
    status, _, body = await open_link(links.to(LIST).removesuffix("/file.xlsx"))

    assert (status, body) == (200, LIST.content)


async def test_a_link_that_expired_says_what_to_do_in_both_languages(open_link, links, clock):
    link = links.to(LIST)

    clock.move(clock() + HOURS - timedelta(seconds=1))
    assert (await open_link(link))[0] == 200
    clock.move(clock() + timedelta(seconds=1))
    status, headers, body = await open_link(link)

    assert status == 410
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert shows(body, "over")


async def test_a_link_to_a_file_that_was_deleted_says_so(open_link, links, db):
    link = links.to(LIST)
    async with db.write() as tx:
        await tx.execute(sa.delete(attachment).where(attachment.c.id == LIST.id))

    status, _, body = await open_link(link)

    assert status == 410
    assert shows(body, "gone")


async def test_a_link_that_was_changed_is_unknown(open_link, links):
    token = links.to(LIST).split("/")[-2]
    for changed in ("B" + token[1:], token[:-1], token[:20], token + "AAAA", "%00", "x" * 5000, "Danh sách"):
        status, _, body = await open_link(f"https://bot.example/f/{changed}")

        assert status == 404
        assert shows(body, "unknown")


async def test_while_the_database_is_away_the_page_says_to_come_back(open_link, links, stubborn):
    stubborn.reads_fail, stubborn.error = True, TransientStorage("locked")

    status, _, body = await open_link(links.to(LIST))

    assert status == 503
    assert Voice("vi").word("file_link.later") in body.decode()


def test_a_file_that_is_not_stored_has_no_link(links):
    assert links.to(Attachment("Danh sách.xlsx", b"PK")) is None


def test_another_installations_links_are_not_ours(links, clock):
    others = Links(Keyring.generate(), clock, "https://bot.example", HOURS)

    with pytest.raises(NoSuchLink):
        links.opened(others.to(LIST).split("/")[-2])


FIXED = Links(Keyring.generate(), StandingClock(datetime(2021, 9, 9, tzinfo=UTC)), "https://bot.example", HOURS)


@given(st.text(max_size=200) | st.binary(max_size=150).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_whatever_else_stands_there_is_no_link(token):
    with pytest.raises(NoSuchLink):
        FIXED.opened(token)
