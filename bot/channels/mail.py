"""Mail over SMTP, always encrypted: to several readers, with files, and with the server's reply as proof.

Nothing goes out over a connection that is not encrypted or whose certificate is not trusted, not even the attempt to log in.
Texts of errors carry the server's code and no address, since a server repeats addresses in its answers.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_LINES
from email.utils import format_datetime
from enum import StrEnum

import aiosmtplib
from aiosmtplib import SMTPRecipientsRefused, SMTPResponse, SMTPResponseException

from bot.clock import local
from bot.config import Mail as Settings
from bot.errors import ChannelError, ConfigError, Rejected, TokenRefused, Unreachable
from bot.messages import Mail

_PERMANENT = 500  # from here on a server's code means: never


class Security(StrEnum):
    STARTTLS = "starttls"  # usually port 587
    TLS = "tls"  # from the first byte, usually port 465


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and as whom. ``trusted`` replaces the system's certificate authorities."""

    host: str
    port: int
    security: Security
    sender: str  # an address
    sender_name: str = ""
    username: str = ""  # empty: no login
    password: str = field(default="", repr=False)
    timeout: float = 30.0  # seconds, for each step
    trusted: ssl.SSLContext | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Receipt:
    """A mail that the server took over. ``reply`` is what it said, which usually names the mail in its queue.

    ``refused`` are the addresses that it did not take, with what it said of each; to those in ``later`` the mail may be sent
    again.
    """

    reply: str
    refused: Mapping[str, str]
    later: tuple[str, ...]


def server_of(settings: Settings) -> MailServer:
    """The server of a configuration. Raises ConfigError if its certificate authorities cannot be read."""
    trusted = None
    if settings.ca_file:
        try:
            trusted = ssl.create_default_context(cafile=settings.ca_file)
        except OSError as error:
            raise ConfigError("mail.ca_file", f"cannot be used: {error.strerror or type(error).__name__}") from None
    return MailServer(
        host=settings.host,
        port=settings.port,
        security=Security(settings.security),
        sender=settings.sender,
        sender_name=settings.sender_name,
        username=settings.user,
        password=settings.password.get_secret_value(),
        trusted=trusted,
    )


async def probe(server: MailServer) -> None:
    """Connect, encrypt and log in, and hand nothing in. Raises as ``send``."""
    client = _client(server)
    try:
        await _open(client, server)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        raise _translated(error) from None
    await _leave(client)


async def send(server: MailServer, mail: Mail, dated: datetime) -> Receipt:
    """Hand a mail in; returns once the server has taken it over for at least one reader.

    Raises ``Unreachable`` where another try may succeed: no answer, a connection that broke, codes of 400 to 499 (also when it
    broke after the last byte: the mail may then arrive twice, under one Message-ID); ``TokenRefused`` if the login, the
    encryption or the certificate is at fault; ``Rejected`` if this mail will never be taken.
    """
    try:
        message = _message(server, mail, dated)
    except ValueError as error:  # an address that is none
        raise Rejected(f"mail: {type(error).__name__}") from None
    client = _client(server)
    try:
        await _open(client, server)
        refused, reply = await client.send_message(message, sender=server.sender, recipients=list(mail.to))
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        raise _translated(error) from None
    await _leave(client)
    return _receipt(refused, reply)


def _client(server: MailServer) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=server.timeout,
        use_tls=server.security is Security.TLS,
        start_tls=False,  # below, where a server without it is told from one that fails
        tls_context=server.trusted or ssl.create_default_context(),
        local_hostname=Address(addr_spec=server.sender).domain,
    )


async def _open(client: aiosmtplib.SMTP, server: MailServer) -> None:
    await client.connect()
    if server.security is Security.STARTTLS:
        await client.ehlo()
        if not client.supports_extension("starttls"):
            raise _NoEncryption
        await client.starttls()
    if server.username:
        await client.login(server.username, server.password)


class _NoEncryption(ValueError):
    pass


async def _leave(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()  # the mail is handed in: how the server says goodbye changes nothing


def _receipt(refused: Mapping[str, SMTPResponse], reply: str) -> Receipt:
    return Receipt(
        reply=f"250 {reply}",
        refused={address: f"{answer.code} {answer.message}" for address, answer in refused.items()},
        later=tuple(address for address, answer in refused.items() if answer.code < _PERMANENT),
    )


def _message(server: MailServer, mail: Mail, dated: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP_LINES)
    message["From"] = Address(" ".join(server.sender_name.split()), addr_spec=server.sender)
    message["To"] = [Address(addr_spec=address) for address in mail.to]
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(local(dated))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence notice answers
    message.set_content(mail.text)
    for file in mail.attachments:
        kind, _, subtype = file.mime.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message


def _translated(error: Exception) -> ChannelError:
    """Ours for theirs, without anything that their text might carry."""
    match error:
        case _NoEncryption():
            return TokenRefused("mail: the server offers no STARTTLS")
        case _ if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
            return TokenRefused("mail: the server's certificate is not trusted")
        case SMTPRecipientsRefused():
            codes = sorted({refusal.code for refusal in error.recipients})
            text = f"mail: every address refused, {', '.join(map(str, codes))}"
            return Unreachable(text) if codes[0] < _PERMANENT else Rejected(text)
        case aiosmtplib.SMTPAuthenticationError() if error.code >= _PERMANENT:
            return TokenRefused(f"mail: login refused, {error.code}")
        case SMTPResponseException() if error.code >= _PERMANENT and not isinstance(error, aiosmtplib.SMTPConnectError):
            return Rejected(f"mail: {error.code}")
        case SMTPResponseException():
            return Unreachable(f"mail: {error.code}")
        case aiosmtplib.SMTPNotSupported() | ValueError():
            return Rejected(f"mail: {type(error).__name__}")
        case _:
            return Unreachable(f"mail: {type(error).__name__}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
