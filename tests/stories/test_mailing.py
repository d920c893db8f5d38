"""The commune's report leaves by mail before 10:00: to a real mail server that is up, down, or says no."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pytest
import trustme
from openpyxl import load_workbook

from bot.config import Config, Letter, Mail
from bot.reports.digest import digest_lines
from bot.reports.issued import MORNING, cumulative_from
from bot.reports.workbook import COUNTED
from bot.texts import Voice
from tests.channels.postbox import Postbox, serving

from .deeds import file_returnee
from .talk import Person, Talk, rows, talking
from .test_own_table import confirmed, template
from .test_package import as_issued, drawn

READERS = ("vanphong@huyen.example", "bcd@tinh.example")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def port() -> int:
    """Where nobody listens yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found: int = taken.getsockname()[1]
    return found


@pytest.fixture
async def talk(data: Path, port: int, authority: trustme.CA, tmp_path: Path) -> AsyncIterator[Talk]:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    mail = Mail(
        host="127.0.0.1",
        port=port,
        sender="tungnha@bot.example",
        ca_file=str(tmp_path / "ca.pem"),
        recipients={"04123": READERS},
        reply_to={"04123": "xa@chiengmung.example"},
    )
    async with talking(data, given=Config(mail=mail, letter=Letter(libreoffice="none"))) as talk:
        yield talk


@asynccontextmanager
async def server(port: int, certificate: ssl.SSLContext, **refuses: dict[str, str]) -> AsyncIterator[Postbox]:
    postbox = Postbox(**refuses)
    async with serving(postbox, port=port, tls_context=certificate, require_starttls=True):
        yield postbox


def said(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def files(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): bytes(part.get_content()) for part in message.iter_attachments()}


def cells(content: bytes) -> list[tuple[object, ...]]:
    return [row for sheet in load_workbook(BytesIO(content)).worksheets for row in sheet.iter_rows(values_only=True)]


async def test_approved_at_0928_chat_picture_paper_and_mail_carry_the_same_figures(
    talk: Talk, head: Person, officer: Person, port: int, certificate: ssl.SSLContext
) -> None:
    chair = talk.person("04123-commune_chair")
    await file_returnee(head)
    await talk.clock.to("09:28")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu", "In văn bản")
    async with server(port, certificate) as postbox:
        await talk.clock.to("09:45")
    ((_, to, message),) = postbox.taken
    printed = (await chair.files())[0][1]
    figures = await as_issued(talk)
    spoken = digest_lines(figures, None, since=cumulative_from(MORNING))
    lines = [Voice("vi")(line) for line in spoken if line.key.startswith("reports.digest.")]
    table = [line for line in lines if re.search(r": [\d/ ]+$", line)]

    assert figures.totals["returnees_new"] == 1
    assert "Về trong kỳ / lũy kế từ 27/4/2021: 1 / 1" in table
    digest = next(text for text in await officer.heard() if text.startswith("TỔNG HỢP"))
    assert [line for line in table if line not in digest] == []
    assert [line for line in table if line not in said(message)] == []
    assert await officer.photos() == [await drawn(talk)]
    sent = files(message)
    word = sent["Báo cáo nhanh – Xã Chiềng Mung – 09-9-2021.docx"]
    assert word == printed
    last = [cell.text for cell in docx.Document(BytesIO(word)).tables[2].rows[-1].cells][2:-1]
    assert [int(cell) for cell in last] == [figures.totals[key] for key in COUNTED]
    excel = rows(load_workbook(BytesIO(sent["Bảng tổng hợp – Xã Chiềng Mung – 09-9-2021.xlsx"])))
    assert list(excel[-1].values())[2 : 2 + len(COUNTED)] == [figures.totals[key] for key in COUNTED]
    assert rows(await officer.document()) == excel

    assert to == list(READERS)
    assert message["Reply-To"] == "xa@chiengmung.example"
    assert "Số liệu đã được lãnh đạo xác nhận." in said(message)
    assert "Mẫu" not in message["Subject"] + said(message).replace("(mẫu)", "")
    await officer.says("/xacnhan")
    assert "Thư đã gửi 09h45, máy chủ nhận: 250 2.0.0 OK: queued as 1" in await officer.last()


async def test_the_districts_own_table_goes_filled_with_the_mail(
    talk: Talk, head: Person, officer: Person, port: int, certificate: ssl.SSLContext
) -> None:
    await file_returnee(head)
    await confirmed(officer, template())
    async with server(port, certificate) as postbox:
        await talk.clock.to("09:45")

    ((_, _, message),) = postbox.taken
    own = next(content for name, content in files(message).items() if not name.startswith(("Báo cáo", "Bảng tổng hợp")))
    chat = next(content for name, content in await officer.files() if not name.startswith("Bảng tổng hợp"))
    assert cells(own) == cells(chat)
    assert cells(own) != cells(template())


async def test_with_the_mail_server_down_until_1005_chat_is_on_time_and_mail_follows(
    talk: Talk, officer: Person, port: int, certificate: ssl.SSLContext
) -> None:
    district = talk.person("125-district_officer-1")

    await talk.clock.to("09:45")
    assert any(text.startswith("TỔNG HỢP Xã Chiềng Mung") for text in await officer.heard())
    await officer.says("/xacnhan")
    assert "Thư chưa gửi được (mail: " in await officer.last()
    assert "thử lại lúc 09h46" in await officer.last()
    await talk.clock.to("10:00")
    assert "Thư báo cáo chưa gửi được, đang thử lại: Xã Chiềng Mung." in await district.last()
    async with server(port, certificate) as postbox:
        await talk.clock.to("10:05")
        await talk.clock.to("10:30")

    assert len(postbox.taken) == 1
    assert "Thư báo cáo Xã Chiềng Mung ngày 09/9/2021 (bản 1) đã gửi được lúc 10h05." in await officer.heard()


async def test_version_2_is_mailed_too_and_names_what_it_replaces(
    talk: Talk, head: Person, port: int, certificate: ssl.SSLContext
) -> None:
    chair = talk.person("04123-commune_chair")
    async with server(port, certificate) as postbox:
        await talk.clock.to("09:45")
        await head.says("/menu")
        await head.taps("Không phát sinh mới", "Gửi báo cáo")
        await talk.clock.to("11:00")
        await chair.says("/xacnhan")
        await chair.taps("Xác nhận bản 2")

    first, second = (message for _, _, message in postbox.taken)
    assert "Số liệu chưa được xác nhận." in said(first)
    assert "bản 2, thay bản trước" in second["Subject"]
    assert "Đây là bản 2, thay bản 1 đã gửi. Thay đổi:" in said(second)
    assert "Gửi thêm báo cáo: Bản Cây Đa (mẫu)." in said(second)
    assert first["Message-ID"] != second["Message-ID"]


async def test_what_the_server_refuses_for_good_is_told_and_not_tried_again(
    talk: Talk, officer: Person, port: int, certificate: ssl.SSLContext
) -> None:
    gone = dict.fromkeys(READERS, "550 5.1.1 no such user")
    async with server(port, certificate, refuses=gone):
        await talk.clock.to("09:45")
    async with server(port, certificate) as postbox:
        await talk.clock.to("12:00")

    told = next(text for text in await officer.heard() if text.startswith("Thư báo cáo Xã Chiềng Mung"))
    assert "không gửi được: mail: every address refused, 550" in told
    assert postbox.taken == []
    await officer.says("/xacnhan")
    assert "Thư không gửi được: mail: every address refused, 550" in await officer.last()


async def test_who_is_refused_for_now_gets_it_later_under_the_same_message_id_and_the_others_once(
    talk: Talk, officer: Person, port: int, certificate: ssl.SSLContext
) -> None:
    async with server(port, certificate, refuses={READERS[1]: "451 try again later"}) as postbox:
        await talk.clock.to("09:45")
        await officer.says("/xacnhan")
        assert "còn 1 địa chỉ đang thử lại" in await officer.last()
        postbox.refuses.clear()
        await talk.clock.to("09:50")

    assert [to for _, to, _ in postbox.taken] == [[READERS[0]], [READERS[1]]]
    assert len({message["Message-ID"] for _, _, message in postbox.taken}) == 1
