"""What several stories do in passing, and how the ledger is looked at."""

from __future__ import annotations

import struct
import zlib
from datetime import date

from bot.domain.access import RoleAt
from bot.storage import ledger, people, records
from bot.storage.ledger import Range
from bot.storage.records import Record

from .talk import Person, Talk

DAY = date(2021, 9, 9)
RETURNEE = (
    *("Lò Văn Mẫu", "1985", "Nam", "0912 345 678", "Lò Thị Mẫu", "Bình Dương", "Hôm qua", "Xe khách"),
    *("1 mũi", "20/8", "Có", "Cách ly tại nhà", "Hôm qua"),
)


async def begin_returnee(who: Person) -> None:
    await who.says("/nguoive")


async def file_returnee(who: Person, *answers: str) -> str:
    """Report the returnee of these stories, or another; the file number."""
    await who.says("/nguoive")
    await who.answers(*(answers or RETURNEE), "Gửi báo cáo")
    return await file_number(who)


async def file_number(who: Person) -> str:
    confirmed = [text for text in await who.heard() if "Mã hồ sơ: " in text]  # a duty may have come since
    return confirmed[-1].split("Mã hồ sơ: ")[1][:10]


async def counted(talk: Talk, *units: str, day: date = DAY) -> dict[str, int]:
    """What the ledger counts for these villages on a day, zeros left out; without villages, for 04123-01."""
    async with talk.running.parts.db.read() as tx:
        found = await ledger.sums(tx, units or ("04123-01",), Range(day, day))
    total: dict[str, int] = {}
    for (_, indicator), n in found.items():
        total[indicator] = total.get(indicator, 0) + n
    return {indicator: n for indicator, n in total.items() if n}


async def versions(talk: Talk, record_id: str) -> list[Record]:
    async with talk.running.parts.db.read() as tx:
        return await records.versions(tx, talk.running.parts.keys, record_id)


async def put_in_charge(talk: Talk, who: str, role: RoleAt) -> None:
    """Give somebody one more role."""
    async with talk.running.parts.db.write() as tx:
        await people.grant(tx, who, role, None, talk.running.parts.clock())


def picture() -> bytes:
    """A PNG of one white dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00\xff")) + chunk(b"IEND", b"")
