"""Mail, sent to a real SMTP server with real certificates."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword

from bot.channels.mail import MailServer, Receipt, Security, send
from bot.errors import ChannelError, Rejected, TokenRefused, Unreachable
from bot.messages import Attachment, Mail
from tests.channels.postbox import Postbox, serving

DATED = datetime(2021, 9, 9, 2, 45, tzinfo=UTC)
SUBJECT = "Xã Chiềng Mung: báo cáo phòng, chống dịch COVID-19 ngày 09/9/2021 (tính đến 08h00)"
FILES = (
    Attachment("Báo cáo nhanh – Xã Chiềng Mung – 09-9-2021.docx", bytes(range(256)) * 40, "application/vnd.x-docx"),
    Attachment("Tình hình.png", b"\x89PNG\r\n.\r\n", "image/png"),
)
MAIL = Mail(
    "<digest-1@bot.example>",
    ("vanphong@huyen.example", "bcd@tinh.example"),
    SUBJECT,
    "Kính gửi các đồng chí,\n.\nTổng số: 5\n",
    FILES,
    "xa@chiengmung.example",
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    """The server's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def trusted(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"xa", b"mat-khau"), handled=False)


def at(port: int, trusted: ssl.SSLContext | None, security: Security = Security.STARTTLS, **more: Any) -> MailServer:
    return MailServer("127.0.0.1", port, security, "tungnha@bot.example", "Từng Nhà", timeout=10, trusted=trusted, **more)


@asynccontextmanager
async def starttls(
    postbox: Postbox, certificate: ssl.SSLContext, trusted: ssl.SSLContext, **options: Any
) -> AsyncIterator[MailServer]:
    async with serving(postbox, tls_context=certificate, require_starttls=True, **options) as port:
        yield at(port, trusted)


async def test_a_mail_arrives_as_it_was_written_with_its_files(certificate: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    postbox = Postbox()

    async with starttls(postbox, certificate, trusted) as server:
        receipt = await send(server, MAIL, DATED)

    ((sender, readers, message),) = postbox.taken
    assert (sender, readers) == ("tungnha@bot.example", list(MAIL.to))
    assert (message["Subject"], message["From"]) == (SUBJECT, "Từng Nhà <tungnha@bot.example>")
    assert (message["To"], message["Reply-To"]) == ("vanphong@huyen.example, bcd@tinh.example", MAIL.reply_to)
    assert (message["Message-ID"], message["Date"]) == ("<digest-1@bot.example>", "Thu, 09 Sep 2021 09:45:00 +0700")
    body = message.get_body()
    assert isinstance(body, EmailMessage)
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    files = [(part.get_filename(), part.get_content(), part.get_content_type()) for part in message.iter_attachments()]
    assert files == [(file.name, file.content, file.mime) for file in FILES]
    assert postbox.encrypted == [True]
    assert receipt == Receipt("250 2.0.0 OK: queued as 1", {}, ())


async def test_the_subject_travels_in_ascii(certificate: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    seen: list[bytes] = []

    class Raw(Postbox):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            seen.append(envelope.content)
            return "250 OK"

    async with starttls(Raw(), certificate, trusted) as server:
        await send(server, MAIL, DATED)

    head, _, _ = seen[0].partition(b"\r\n\r\n")
    assert head.isascii()
    assert b"=?utf-8?" in head


async def test_a_server_that_is_encrypted_from_the_first_byte_is_served_too(
    certificate: ssl.SSLContext, trusted: ssl.SSLContext
) -> None:
    postbox = Postbox()

    async with serving(postbox, implicit=certificate) as port:
        await send(at(port, trusted, Security.TLS), MAIL, DATED)

    assert postbox.encrypted == [True]


async def test_whoever_has_a_login_logs_in(certificate: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    postbox = Postbox()

    async with starttls(postbox, certificate, trusted, auth_required=True, authenticator=knows) as server:
        await send(replace(server, username="xa", password="mat-khau"), MAIL, DATED)
        with pytest.raises(TokenRefused):
            await send(replace(server, username="xa", password="sai"), MAIL, DATED)

    assert len(postbox.taken) == 1


async def test_a_mail_that_was_put_off_goes_out_under_the_same_id(certificate: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    postbox = Postbox(replies=["451 4.3.0 try again later"])

    async with starttls(postbox, certificate, trusted) as server:
        with pytest.raises(Unreachable, match="451"):
            await send(server, MAIL, DATED)
        receipt = await send(server, MAIL, DATED)

    assert [message["Message-ID"] for _, _, message in postbox.taken] == [MAIL.message_id]
    assert receipt.reply.startswith("250 ")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("550 5.7.1 refused as spam", Rejected), ("552 5.3.4 too big", Rejected), ("421 4.3.2 shutting down", Unreachable)],
)
async def test_what_the_server_answers_says_whether_to_try_again(
    certificate: ssl.SSLContext, trusted: ssl.SSLContext, reply: str, expected: type[ChannelError]
) -> None:
    async with starttls(Postbox(replies=[reply]), certificate, trusted) as server:
        with pytest.raises(expected) as raised:
            await send(server, MAIL, DATED)

    assert str(raised.value) == f"mail: {reply[:3]}"


async def test_one_reader_who_is_refused_does_not_keep_the_mail_from_the_others(
    certificate: ssl.SSLContext, trusted: ssl.SSLContext
) -> None:
    postbox = Postbox(refuses={"bcd@tinh.example": "550 5.1.1 unknown", "day@tinh.example": "452 4.2.2 mailbox full"})

    async with starttls(postbox, certificate, trusted) as server:
        receipt = await send(server, replace(MAIL, to=(*MAIL.to, "day@tinh.example")), DATED)

    assert [readers for _, readers, _ in postbox.taken] == [["vanphong@huyen.example"]]
    assert receipt.refused == {"bcd@tinh.example": "550 5.1.1 unknown", "day@tinh.example": "452 4.2.2 mailbox full"}
    assert receipt.later == ("day@tinh.example",)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [(["550 unknown", "550 unknown"], Rejected), (["550 unknown", "450 busy"], Unreachable)],
)
async def test_if_every_reader_is_refused_it_depends_on_the_mildest_answer(
    certificate: ssl.SSLContext, trusted: ssl.SSLContext, answers: Sequence[str], expected: type[ChannelError]
) -> None:
    postbox = Postbox(refuses=dict(zip(MAIL.to, answers, strict=True)))

    async with starttls(postbox, certificate, trusted) as server:
        with pytest.raises(expected) as raised:
            await send(server, MAIL, DATED)

    assert "@" not in str(raised.value)


async def test_nobody_listening_is_a_reason_to_try_again(trusted: ssl.SSLContext) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            await send(at(free.getsockname()[1], trusted), MAIL, DATED)


@pytest.mark.parametrize("greeting", [b"", b"220 hello\r\n", b"554 no service\r\n", b"\x00\xff nonsense\r\n"])
async def test_a_server_that_hangs_up_or_talks_nonsense_is_a_reason_to_try_again(
    trusted: ssl.SSLContext, greeting: bytes
) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        with pytest.raises(Unreachable):
            await send(at(server.sockets[0].getsockname()[1], trusted), MAIL, DATED)


async def test_a_server_that_says_nothing_is_given_up(trusted: ssl.SSLContext) -> None:
    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the other side gives up
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        with pytest.raises(Unreachable):
            await send(replace(at(server.sockets[0].getsockname()[1], trusted), timeout=0.1), MAIL, DATED)


async def test_without_starttls_nothing_is_sent_and_nobody_logs_in(trusted: ssl.SSLContext) -> None:
    tried: list[str] = []

    def heard(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        tried.append(mechanism)
        return AuthResult(success=True)

    postbox = Postbox()
    async with serving(postbox, authenticator=heard, auth_require_tls=False) as port:
        with pytest.raises(TokenRefused, match="STARTTLS"):
            await send(at(port, trusted, username="xa", password="mat-khau"), MAIL, DATED)

    assert (postbox.taken, tried) == ([], [])


@pytest.mark.parametrize("security", Security)
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: ssl.SSLContext, security: Security) -> None:
    postbox = Postbox()
    how = {"implicit": certificate} if security is Security.TLS else {"tls_context": certificate}
    async with serving(postbox, **how) as port:
        with pytest.raises(TokenRefused, match="certificate"):
            await send(at(port, None, security), MAIL, DATED)

    assert postbox.taken == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": ("khong phai dia chi",)},
        {"to": ("a@b.example\r\nBcc: c@d.example",)},
        {"to": ()},
        {"reply_to": "xa"},
        {"message_id": "<a@b>\r\nBcc: c@d.example"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_what_is_no_address_is_never_sent(
    certificate: ssl.SSLContext, trusted: ssl.SSLContext, wrong: dict[str, Any]
) -> None:
    postbox = Postbox()

    async with starttls(postbox, certificate, trusted) as server:
        with pytest.raises(Rejected):
            await send(server, replace(MAIL, **wrong), DATED)

    assert postbox.taken == []


async def test_a_subject_with_line_breaks_stays_a_subject(certificate: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    postbox = Postbox()

    async with starttls(postbox, certificate, trusted) as server:
        await send(server, replace(MAIL, subject="Xã A\r\nBcc: c@d.example"), DATED)

    ((_, readers, message),) = postbox.taken
    assert (message["Subject"], message["Bcc"], readers) == ("Xã A Bcc: c@d.example", None, list(MAIL.to))


def test_a_password_is_not_shown() -> None:
    assert "mat-khau" not in repr(at(587, None, password="mat-khau"))
