"""The invented people of the demo: the same ones every time, made from the list of units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.access import COMMUNE_ROLES, OFFICIALS, TEAM, Role
from bot.domain.unit_import import check
from bot.domain.units import COMMUNE, DISTRICT, PROVINCE, VILLAGE, OrgUnit
from bot.errors import ImportRefused

TELEGRAM, ZALO = "telegram", "zalo"
ON_TELEGRAM = 3  # so many villages of each commune; the teams of the others are on Zalo
SHOWN_FIRST = "04123"  # Xã Chiềng Mung, whose morning the story tells

STAFF: dict[str, tuple[Role, ...]] = {
    VILLAGE: (Role.HEAD, Role.MEMBER),
    COMMUNE: (Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIR, Role.COMMUNE_SECRETARY),
    DISTRICT: (Role.DISTRICT_OFFICER, Role.DISTRICT_OFFICER, Role.DISTRICT_CHAIR),
    PROVINCE: (Role.ADMIN,),
}

_FAMILIES = ("Lò", "Hoàng", "Quàng", "Cầm", "Lường", "Tòng", "Hà", "Vì", "Mùa", "Giàng", "Nguyễn", "Trần", "Bùi")
_GIVEN = (
    *("An", "Bình", "Chung", "Dũng", "Đức", "Hải", "Hiếu", "Hùng", "Khánh", "Lâm", "Long", "Mạnh", "Nam", "Phong", "Quân"),
    *("Ánh", "Chi", "Dung", "Đào", "Hạnh", "Hiền", "Hoa", "Huệ", "Lan", "Linh", "Mai", "Ngân", "Nhung", "Oanh", "Phương"),
)
_MEN = 15  # the first so many of _GIVEN
_ADDRESS = (("ong", "bac", "anh"), ("ba", "bac", "chi"))


@dataclass(frozen=True)
class DemoPerson:
    """``chat_id`` is Telegram's number for the person's chat; neither it nor ``id`` depends on who else there is.

    ``channel`` is where the person is, and ``address`` the chat there.
    """

    id: str
    channel: str
    chat_id: int
    name: str
    role: Role
    unit: str
    phone: str
    address_form: str

    @property
    def address(self) -> str:
        return str(self.chat_id) if self.channel == TELEGRAM else zalo_address(self.chat_id)


def zalo_address(number: int) -> str:
    """An address on Zalo, where it is no number."""
    return f"mau{number}"


@cache
def demo_units() -> tuple[OrgUnit, ...]:
    """The province, the district, its 22 communes and their villages."""
    checked = check((Path(__file__).parent / "units.csv").read_bytes())
    if checked.bad:
        raise ImportRefused(checked.bad)
    return checked.units


@cache
def demo_people() -> tuple[DemoPerson, ...]:
    """Everyone, in the order in which a newcomer wants to meet them: one commune's teams and officials, the rest later."""
    posts = [(unit, number, role) for unit in demo_units() for number, role in enumerate(STAFF[unit.level])]
    everyone = tuple(_person(place, *post) for place, post in enumerate(posts))
    return tuple(sorted(everyone, key=_acquaintance))


def _person(place: int, unit: OrgUnit, number: int, role: Role) -> DemoPerson:
    # Thirteen families and thirty names share no factor: 390 pairs before one comes again.
    given = place % len(_GIVEN)
    colleagues = STAFF[unit.level].count(role) > 1
    return DemoPerson(
        id=f"{unit.code}-{role}-{number + 1}" if colleagues else f"{unit.code}-{role}",
        channel=_channel(unit),
        chat_id=_chat_id(unit.code, number),
        name=f"{_FAMILIES[place % len(_FAMILIES)]} Mẫu {_GIVEN[given]}",
        role=role,
        unit=unit.code,
        phone=f"+84900000{place:03}",
        address_form="dong_chi" if role in OFFICIALS else _ADDRESS[given >= _MEN][place % 3],
    )


def _channel(unit: OrgUnit) -> str:
    """Officials are on Telegram. Of the teams some are and some have Zalo only, as everywhere; a whole village alike."""
    village = unit.code.partition("-")[2]
    return ZALO if village and int(village) > ON_TELEGRAM else TELEGRAM


def _chat_id(code: str, number: int) -> int:
    """ "04123-06", second person: 7 04123 06 2."""
    commune, _, village = code.partition("-")
    return int(f"7{commune:0>5}{village:0>2}{number + 1}")


def _acquaintance(person: DemoPerson) -> tuple[int, str, int]:
    if person.unit.startswith(SHOWN_FIRST):
        return 0 if person.role in TEAM else 1, person.unit, person.chat_id
    return 3 if person.role in TEAM | COMMUNE_ROLES else 2, person.unit, person.chat_id
