"""What nobody comes to by walking, since it wants two villages in turn, a paper, or figures that differ: told, everywhere.

The same stories with buttons and by numbers, on both databases. ``test_walk.ELSEWHERE`` names this file for what they take.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.conversation.prompt import plain
from bot.messages import BUTTONS
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from tests.contract.walked_world import Act, Heard, Offered, World

MORNING_AFTER = datetime.fromisoformat("2021-09-10T09:00:00+07:00")
ON_PAPER = {"scan", "scan_drop", "paper"}
"""They follow a printed file, which Zalo brings as a link to a public address, and none is here."""

TOLD = {
    *("transfer", "transfer_to", "transfer_yes", "transfer_no", "transfer_back"),
    *("release", "result", "close", "explain", "explain_it"),
} | ON_PAPER
"""Verbs that these stories take on every channel."""

NEXT_PAGE = "Trang sau"
PERSON = "Anh Lò Mẫu {name}, nam, sn 1985, sđt 0900 000 {phone}, về từ Bình Dương hôm qua bằng xe khách, đã tiêm 1 mũi, "
STAYS = "đã khai báo y tế, cách ly tại nhà từ hôm qua"


@dataclass
class Teller:
    """One person who does what a story says."""

    name: str
    world: World
    verbs: set[str]
    heard: Heard = field(default_factory=lambda: Heard((), (), None))

    @property
    def text(self) -> str:
        return "\n".join(self.heard.texts)

    async def says(self, *texts: str) -> None:
        for text in texts:
            self.heard = (await self.world.do({self.name: Act(text)}))[self.name]

    async def takes(self, *labels: str) -> None:
        """Tap, or type, what is offered under a label that begins so."""
        for label in labels:
            while not self.sees(label) and self.sees(NEXT_PAGE):
                await self._take(self._offered(NEXT_PAGE))
            await self._take(self._offered(label))

    async def _take(self, one: Offered) -> None:
        if one.token.startswith("do:"):
            self.verbs.add(one.token.split(":")[1])
        self.heard = (await self.world.do({self.name: self.world.taking(one)}))[self.name]

    async def answers(self, *given: str) -> None:
        """Take what is offered under this label, else type it."""
        for one in given:
            if any(self._is(one, offered) for offered in self.heard.offered):
                await self.takes(one)
            else:
                await self.says(one)

    def sees(self, label: str) -> bool:
        return any(self._is(label, one) for one in self.heard.offered)

    def _offered(self, label: str) -> Offered:
        found = [one for one in self.heard.offered if self._is(label, one)]
        assert found, f"{self.name} ({self.world.channel}) is not offered {label!r}: {self.heard}"
        return found[0]

    @staticmethod
    def _is(label: str, one: Offered) -> bool:
        return plain(one.label).startswith(plain(label))


@pytest.fixture(params=sorted(BUTTONS))
async def world(request: pytest.FixtureRequest, db: Database, keys: Keyring) -> World:
    world = World(request.param, db, keys)
    await world.settle()
    return world


async def test_what_wants_more_than_a_walk_goes_with_buttons_and_by_numbers(world: World) -> None:
    verbs: set[str] = set()
    head, receiver, chair = (Teller(name, world, verbs) for name in ("head", "head-2", "commune_chair"))

    await _handed_over(head, receiver)
    await _sampled(head, chair)
    await _differs(head)
    await world.wait_until(MORNING_AFTER)
    await _finished(head)
    await _explained(head)
    if world.channel == "telegram":
        await _signed_on_paper(chair)
    await world.wait_until(MORNING_AFTER + timedelta(days=1))
    await _watched(head)

    told = TOLD if world.channel == "telegram" else TOLD - ON_PAPER
    assert verbs >= told, f"{sorted(told - verbs)} not taken on {world.channel}"


async def _reports(head: Teller, name: str, phone: int) -> None:
    await head.says(PERSON.format(name=name, phone=phone) + STAYS)
    await head.takes("Gửi", "Xem hồ sơ")
    assert f"Lò Mẫu {name}" in head.text


async def _proposes(head: Teller) -> None:
    await head.takes("Chuyển nơi khác")
    await head.answers("Thôn Mẫu 2", "Chuyển chỗ ở", "Tìm nơi nhận", "Thôn Mẫu 2, Xã Mẫu Nhỏ")
    assert "Đã gửi đề nghị chuyển đến Thôn Mẫu 2" in head.text


async def _handed_over(head: Teller, receiver: Teller) -> None:
    """Proposed and withdrawn, proposed and refused, proposed and taken in."""
    await _reports(head, "An", 101)
    await _proposes(head)
    await head.takes("Rút đề nghị chuyển")
    assert "Đã rút đề nghị chuyển." in head.text

    await head.takes("Xem hồ sơ")
    await _proposes(head)
    await receiver.says("/chuyen")
    await receiver.takes("Đến: Lò Mẫu An")
    await receiver.answers("Không nhận", "Không có mặt ở đây", "Gửi lại")
    assert "Đã gửi lại Thôn Mẫu 1" in receiver.text

    await head.says("/tim Lò Mẫu An")
    await _proposes(head)
    await receiver.says("/chuyen")
    await receiver.takes("Đến: Lò Mẫu An", "Nhận")
    assert "Từ bây giờ người này tính cho Thôn Mẫu 2." in receiver.text


async def _sampled(head: Teller, chair: Teller) -> None:
    """A sample whose result comes later, of somebody about whom the commune decided."""
    await head.says("/f1")
    await head.answers("Lò Mẫu Bình", "1985", "Nam", "0900 000 102", "Bỏ qua", "Tiếp xúc trực tiếp", "Hôm qua", "Bỏ qua")
    await head.answers("Chưa tiêm", "Cách ly tại nhà", "Hôm qua", "Gửi báo cáo")
    await chair.says("/quyetdinh")
    await chair.takes("Lò Mẫu Bình", "Nhập thời hạn khác")
    await chair.answers("Cách ly tại nhà", "9/9", "10/9", "9/9", "theo đề nghị của trạm y tế", "Gửi báo cáo")
    await head.says("/laymau")
    await head.takes("Đã lấy mẫu: Lò Mẫu Bình")
    await head.says("/laymau")
    await head.takes("Chờ kết quả", "Lò Mẫu Bình", "Âm tính")
    assert "Đã ghi kết quả: Lò Mẫu Bình" in head.text


async def _finished(head: Teller) -> None:
    """An isolation that the commune let end yesterday, and the head says so by one tap."""
    await head.says("/hetcachly")
    await head.takes("Hoàn thành cách ly: Lò Mẫu Bình")
    assert "Hoàn thành cách ly ngày 09/9/2021" in head.text


async def _watched(head: Teller) -> None:
    """And then watched their health for as long as the commune said."""
    await head.says("/hetcachly")
    await head.takes("Kết thúc theo dõi: Lò Mẫu Bình")
    assert "Đã kết thúc theo dõi." in head.text


async def _differs(head: Teller) -> None:
    """A declared figure that the list does not show."""
    await head.says("/baocao")
    await head.answers("Sửa", "Người về trong kỳ", "7", "Gửi báo cáo")


async def _explained(head: Teller) -> None:
    await head.says("/giaitrinh")
    await head.takes("Thôn Mẫu 1: Về trong kỳ", "Giải trình")
    await head.answers("Hai người mẫu đang lấy thông tin", "Gửi giải trình")
    assert "Đã ghi nhận giải trình." in head.text


async def _signed_on_paper(chair: Teller) -> None:
    """Approved, printed, signed with a number; its scan kept, shown and dropped."""
    await chair.says("/xacnhan")
    await chair.takes("Xác nhận số liệu", "In văn bản")
    await chair.says("/xacnhan")
    await chair.takes("Đã ký")
    await chair.answers("125/BC-BCĐ", "Lưu")
    await chair.world.send_picture(chair.name, "signed")
    await chair.says("/xacnhan")
    await chair.takes("Xem bản ký", "Bỏ bản chụp")
    assert "Đã bỏ bản chụp." in chair.text
