"""The morning of Mai Sơn, 9 September 2021: 22 communes, a letter that wants the figures before 10:00, and nobody counts twice.

The story is played as people play it; what leaves the house is then read as its readers read it: the words of the chat, the
picture, the Excel file, the Word file, the mail. All must say what the ledger counts.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
import trustme
from openpyxl import load_workbook

from bot.config import Config, Letter, Mail
from bot.demo.history import SILENT, make_history
from bot.demo.people import demo_people, demo_units
from bot.domain.deadlines import Timetable
from bot.domain.indicators import flows, stocks
from bot.domain.units import COMMUNE as COMMUNE_LEVEL
from bot.practice import BOTS
from bot.reports import issued
from bot.reports.board import board
from bot.reports.figures import Figures
from bot.reports.picture import picture
from bot.reports.workbook import COUNTED
from bot.storage import digests, ledger, people
from bot.storage.ledger import Range
from bot.storage.schema import account
from bot.texts import Voice
from tests.channels.postbox import Postbox, serving

from .deeds import DAY, RETURNEE, counted, file_returnee
from .talk import Person, Talk, rows, talking

DISTRICT, MUNG = "125", "04123"
VILLAGES = [f"{MUNG}-0{number}" for number in range(1, 7)]
COMMUNES = {unit.code: unit.name for unit in demo_units() if unit.level == COMMUNE_LEVEL}
LATE = {village.partition("-")[0] for village in SILENT}
READERS = ("vanphong@huyen.example", "bcd@tinh.example")
VI = Voice("vi", "dong_chi")
MORE = ("Vì Mẫu Bình", *RETURNEE[1:3], "0900 000 711", *RETURNEE[4:11], "Khu cách ly tập trung", "Hôm qua")
THIRD = ("Cầm Mẫu Hoa", "1990", "Nữ", "0900 000 712", *RETURNEE[4:])

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "Tổng số người đang ở ngoài tỉnh": ("away_total",),
    "Đã về / chưa về": ("away_returned", "away_not_returned"),
    "Đã liên lạc được / chưa liên lạc được": ("away_contacted", "away_not_contacted"),
    "Gặp khó khăn, cần hỗ trợ": ("away_need_support",),
    "Về trong kỳ / lũy kế từ 27/4/2021": ("returnees_new", "returnees_total"),
    "Đang cách ly tập trung / tại nhà": ("quarantine_institutional", "quarantine_home"),
    "F1 mới / đang theo dõi": ("f1_new", "f1_followed"),
    "F0 mới / đang điều trị": ("f0_new", "f0_under_treatment"),
}
"""What the digest says in which sentence."""

ON_PAPER: Mapping[str, tuple[str, ...]] = {
    "- Ca dương tính (F0)": ("f0_new", "f0_under_treatment", "f0_recovered", "f0_deceased"),
    "- Người tiếp xúc gần (F1)": ("f1_new", "f1_followed"),
    "- Đang cách ly": ("quarantine_institutional", "quarantine_home"),
    "- Tổng số người": ("away_total", "away_returned", "away_not_returned"),
    "- Đã liên lạc được": ("away_contacted", "away_not_contacted", "away_need_support"),
    "- Người về địa phương": ("returnees_new", "returnees_total"),
}
"""What the official report says in which sentence."""


# --- the stage ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
async def postbox(certificate: ssl.SSLContext) -> AsyncIterator[tuple[Postbox, int]]:
    """A mail server, and where it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    taken = Postbox()
    async with serving(taken, port=port, tls_context=certificate, require_starttls=True):
        yield taken, port


@pytest.fixture
async def talk(data: Path, postbox: tuple[Postbox, int], tmp_path: Path) -> AsyncIterator[Talk]:
    """All of Mai Sơn has reported but four villages of three communes, and Chiềng Mung, whose morning is played."""
    mail = Mail(
        host="127.0.0.1",
        port=postbox[1],
        sender="tungnha@bot.example",
        ca_file=str(tmp_path / "ca.pem"),
        recipients={MUNG: READERS, DISTRICT: READERS},
        reply_to={MUNG: "xa@chiengmung.example"},
    )
    async with talking(data, given=Config(mail=mail, letter=Letter(libreoffice="none"))) as talk:
        parts = talk.running.parts
        async with parts.db.write() as tx:
            await make_history(tx, parts.desk, await parts.trees.on(tx, DAY), BOTS, DAY)
            (tells,) = (one.address for one in demo_people() if one.id == "04162-01-head")
            await tx.execute(sa.update(account).where(account.c.address == tells).values(state=people.OPEN))
        yield talk


@dataclass(frozen=True)
class Cast:
    heads: Sequence[Person]
    officer: Person
    chair: Person
    secretary: Person
    district: Person
    far: Person  # the head of a village that has no signal


@pytest.fixture
def cast(talk: Talk) -> Cast:
    return Cast(
        [talk.person(f"{village}-head") for village in VILLAGES],
        talk.person(f"{MUNG}-commune_officer"),
        talk.person(f"{MUNG}-commune_chair"),
        talk.person(f"{MUNG}-commune_secretary"),
        talk.person(f"{DISTRICT}-district_officer-1"),
        talk.person("04162-01-head"),
    )


# --- reading, each carrier as its reader does -----------------------------------------------------------------------------

Said = dict[str, int]


def number(written: object) -> int:
    """Of "1.200 (+3)": 1200."""
    return int(str(written).partition(" ")[0].replace(".", ""))


def chat_says(text: str) -> Said:
    """The figures in the words of a digest, in chat or mail."""
    found: Said = {}
    for line in text.splitlines():
        label, _, figures = line.rpartition(": ")
        if label in SENTENCES:
            found |= dict(zip(SENTENCES[label], map(number, figures.split(" / ")), strict=True))
    assert found.keys() == {key for keys in SENTENCES.values() for key in keys}, text
    return found


def excel_says(content: bytes) -> Said:
    """The last line of the table, and the cumulative figure below it."""
    book = load_workbook(BytesIO(content))
    total = list(rows(book)[-1].values())[2 : 2 + len(COUNTED)]
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None]
    (below,) = (cell for cell in cells if cell.startswith("Về trong kỳ / lũy kế từ"))
    new, all_ = below.rpartition(": ")[2].split(" / ")
    found = dict(zip(COUNTED, map(number, total), strict=True))
    return {**found, "returnees_new": number(new), "returnees_total": number(all_)}


def word_says(content: bytes) -> tuple[Said, Said]:
    """The sentences of the official report, and the last line of its table."""
    paper = docx.Document(BytesIO(content))
    sentences: Said = {}
    for begins, keys in ON_PAPER.items():
        (line,) = (one.text for one in paper.paragraphs if one.text.startswith(begins))
        spoken = re.sub(r"\(F\d\)|F\d|\d+/\d+/\d+", "", line)
        sentences |= dict(zip(keys, map(number, re.findall(r"\d[\d.]*\d|\d", spoken)), strict=True))
    last = [cell.text for cell in paper.tables[2].rows[-1].cells][2 : 2 + len(COUNTED)]
    return sentences, dict(zip(COUNTED, map(number, last), strict=True))


def mail_text(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def attached(message: EmailMessage, ending: str) -> bytes:
    (content,) = (bytes(part.get_content()) for part in message.iter_attachments() if str(part.get_filename()).endswith(ending))
    return content


async def newest(who: Person, begins: str) -> str:
    return [text for text in await who.heard() if text.startswith(begins)][-1]


async def as_issued(talk: Talk, unit: str, version: int = 1) -> Figures:
    parts = talk.running.parts
    async with parts.db.read() as tx:
        made = await digests.at_version(tx, unit, issued.MORNING, DAY, version)
        assert made is not None
        return Figures.from_json(made.figures, await parts.trees.on(tx, DAY))


async def ledger_says(talk: Talk, figures: Figures) -> Said:
    """Summed up anew, village by village, as it was known then; and each total from its list."""
    parts, days = talk.running.parts, Range(DAY, DAY)
    found: Said = {}
    async with parts.db.read() as tx:
        tree = await parts.trees.on(tx, DAY)
        units = [unit.code for unit in tree.subtree(figures.unit.code)]
        for key in flows() | stocks():
            found[key] = sum(line.n for line in await ledger.listed(tx, units, key, days, figures.seq))
    return found


def agree(said: Said, truth: Mapping[str, int]) -> bool:
    return bool(said) and said == {key: truth[key] for key in said}


# --- the story ------------------------------------------------------------------------------------------------------------


async def test_the_morning_of_mai_son(talk: Talk, cast: Cast, postbox: tuple[Postbox, int]) -> None:
    one, two, three, four, five, _ = cast.heads
    officer, chair, district = cast.officer, cast.chair, cast.district
    mailed = postbox[0].taken

    # 06:50. The first village reports two who came back; the second one, but its head declares two more.
    returned = await file_returnee(one)
    await file_returnee(one, *MORE)
    await one.says("/baocao")
    await one.taps("Gửi báo cáo")
    await file_returnee(two, *THIRD)
    await two.says("/baocao")
    await two.taps("Sửa", "Người về trong kỳ")
    listed = (await counted(talk, VILLAGES[1]))["returnees_new"]
    await two.answers(str(listed + 2), "Gửi báo cáo")
    await three.says("/menu")
    await three.taps("Không phát sinh mới", "Gửi báo cáo")
    # The last village has no smartphone: the commune rings up.
    await officer.says("/cachbao")
    await officer.taps("Tiểu khu 2 (mẫu): Tự nhập trên máy")
    await officer.answers("Qua điện thoại", "Lường Mẫu Tâm", "0900 000 321", "Lưu")

    # 07:00. Far away in Nà Ơt a head has no signal, says so, and is reminded no more.
    await talk.clock.to("07:00")
    await cast.far.taps("Báo lý do", "Mất sóng")
    # On Zalo two villages answer the reminder.
    await four.answers("Không phát sinh mới", "Gửi báo cáo")
    await five.answers("Không phát sinh mới", "Gửi báo cáo")

    # 07:40. One village by phone, and Chiềng Mung is complete.
    await talk.clock.to("07:40")
    await officer.says("/goi")
    await officer.taps("Tiểu khu 2 (mẫu)", "Không phát sinh")
    assert "trong kỳ này đã ghi 1 trường hợp mới" in await officer.last()  # last night: the card says so before it is sent
    await officer.taps("Gửi báo cáo")
    assert (await counted(talk, *VILLAGES))["reports_on_time"] == 6

    # 08:00. More declared than listed: the bot asks at once.
    await talk.clock.to("08:00")
    asked = await newest(two, "UBND Xã Chiềng Mung: đề nghị rà soát, giải trình")
    assert asked.endswith(f"Về trong kỳ báo {listed + 2}, theo danh sách {listed}.")

    # 09:15. The district sees what is missing; 09:28, the chair confirms.
    await talk.clock.to("09:15")
    forecast = await district.last()
    assert forecast.startswith("DỰ BÁO Huyện Mai Sơn ngày 09/9/2021")
    await talk.clock.to("09:28")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu", "In văn bản")
    printed = next(content for name, content in await chair.files() if name.endswith(".docx"))

    # 09:45. Chat, picture, Excel file, Word file, mail: for the commune …
    await talk.clock.to("09:45")
    commune = await as_issued(talk, MUNG)
    digest = await newest(officer, "TỔNG HỢP Xã Chiềng Mung")
    mail = next(message for _, _, message in mailed if "Xã Chiềng Mung" in message["Subject"])
    sentences, table = word_says(printed)
    truth = await ledger_says(talk, commune)
    assert (truth["returnees_new"], truth["reports_in"], truth["reports_on_time"]) == (commune.totals["returnees_new"], 6, 6)
    assert agree(dict(commune.totals), truth)
    assert agree(chat_says(digest), truth)
    assert agree(chat_says(mail_text(mail)), truth)
    assert agree(excel_says((await officer.files())[-1][1]), truth)
    assert agree(sentences, truth)
    assert agree(table, truth)
    assert attached(mail, ".docx") == printed
    assert agree(excel_says(attached(mail, ".xlsx")), truth)
    assert await officer.photos() == [picture(commune, VI, timetable=Timetable())]
    shown = {count.key: number(count.said) for count in board(commune, VI).totals}
    assert agree(shown, truth)
    assert "xác nhận lúc 09h28." in digest
    assert "6/6" in digest
    assert "Số liệu chưa khớp: 1 (chưa giải trình: 1)" in digest

    # … and for the district, whose 22 rows are the communes' own figures.
    whole = await as_issued(talk, DISTRICT)
    summary = await newest(district, "TỔNG HỢP Huyện Mai Sơn")
    above = next(message for _, _, message in mailed if "Huyện Mai Sơn" in message["Subject"])
    truth_above = await ledger_says(talk, whole)
    assert {row.unit.code for row in whole.rows} == set(COMMUNES)
    for row in whole.rows:
        own = await as_issued(talk, row.unit.code)
        assert {key: n for key, n in row.totals.items() if n} == {key: n for key, n in own.totals.items() if n}, row.unit.name
    assert agree(dict(whole.totals), truth_above)
    assert agree(chat_says(summary), truth_above)
    assert agree(chat_says(mail_text(above)), truth_above)
    assert agree(excel_says(attached(above, ".xlsx")), truth_above)
    paper = word_says(attached(above, ".docx"))
    assert agree(paper[0], truth_above)
    assert agree(paper[1], truth_above)
    assert len(rows(load_workbook(BytesIO(attached(above, ".xlsx"))))) == len(COMMUNES) + 1
    assert await district.photos() == [picture(whole, VI, timetable=Timetable())]

    # 09:50. The head explains; nobody is asked twice.
    await talk.clock.to("09:50")
    await two.says("/giaitrinh")
    await two.taps("Bản Chim Én (mẫu): Về trong kỳ", "Giải trình")
    await two.answers("Hai người mẫu về sau 8 giờ, đã ghi cho ngày mai", "Gửi giải trình")

    # 10:00. Exactly three communes are late, and why is said where it is known.
    await talk.clock.to("10:00")
    late = await newest(district, "CHƯA ĐỦ BÁO CÁO ngày 09/9/2021")
    named = {code for code, name in COMMUNES.items() if re.search(rf"^{name}:", late, flags=re.MULTILINE)}
    assert named == LATE
    assert len(LATE) == 3
    assert "(báo sau: Mất sóng)" in next(line for line in late.splitlines() if line.startswith(COMMUNES["04162"]))
    assert late.count("báo sau") == 1
    assert "Số liệu chưa khớp: 1 (chưa giải trình: 0)" in late

    # 10:40. One of the two had been reported by mistake: version 1 stays what it was.
    await talk.clock.to("10:40")
    await one.says("/tim " + returned)
    await one.taps("Xem, sửa ghi nhận", "Rút lại", "Rút lại báo cáo")
    await officer.says("/xacnhan")
    assert chat_says(await officer.last()) == chat_says(digest)

    # 11:00. Version 2 names what changed, and goes to all who had version 1.
    await talk.clock.to("11:00")
    sent = len(mailed)
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận bản 2")
    await talk.clock.to("11:01")
    second = await as_issued(talk, MUNG, 2)
    truth = await ledger_says(talk, second)
    before = commune.totals["returnees_new"]
    change = f"Về trong kỳ: {before} → {before - 1}"
    assert agree(dict(second.totals), truth)
    assert second.totals["returnees_new"] == before - 1
    for reader in (officer, chair, cast.secretary):
        told = [text for text in await reader.heard() if "bản 2" in text.lower() and change in text]
        assert told, await reader.last()
        assert agree(excel_says((await reader.files())[-1][1]), truth)
    ((_, to, again),) = mailed[sent:]
    assert to == list(READERS)
    assert "bản 2, thay bản trước" in again["Subject"]
    assert change in mail_text(again)
    assert agree(chat_says(mail_text(again)), truth)
    assert agree(excel_says(attached(again, ".xlsx")), truth)
    assert agree(word_says(attached(again, ".docx"))[0], truth)
    assert [text for text in await district.heard() if "bản 2" in text.lower() and "Xã Chiềng Mung" in text]
    assert (await as_issued(talk, MUNG, 1)).to_json() == commune.to_json()
