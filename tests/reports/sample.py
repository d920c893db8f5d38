"""One invented morning: a commune with eight villages and a district with 22 communes, figures that agree with each other."""

from __future__ import annotations

from datetime import date, time

from bot.clock import at
from bot.domain.units import COMMUNE, DISTRICT, VILLAGE, OrgUnit, Tree
from bot.reports.book import Made
from bot.reports.figures import Figures, Known, roll_up
from bot.storage.ledger import Range

DAY = date(2021, 9, 9)
AS_OF = at(DAY, time(9, 45))
MADE = Made("Lò Thị Mẫu", AS_OF)

_DISTRICT = OrgUnit("910", "Huyện Thử Nghiệm", DISTRICT, None)
_COMMUNES = (
    "Xã Mẫu Sơn", "Xã Mẫu Ớt", "Thị trấn Mẫu", "Xã Phiêng Mẫu", "Xã Mẫu Lương", "Xã Nà Mẫu", "Xã Mẫu Chanh", "Xã Cò Mẫu",
    "Xã Mẫu Sung", "Xã Tà Mẫu", "Xã Mẫu Dong", "Xã Mẫu Nơi Phiêng Khoài", "Xã Mẫu Kheo", "Xã Mường Mẫu", "Xã Mẫu Bằng",
    "Xã Hát Mẫu", "Xã Mẫu Ban", "Xã Mẫu Mai", "Xã Mẫu Pằn", "Xã Chiềng Mẫu", "Xã Mẫu Ve", "Xã Mẫu Cằm",
)  # fmt: skip
_VILLAGES = (
    "Nà Mẫu", "Co Mẫu", "Mẫu Hạ", "Nong Mẫu Nặm Ngùa", "Xa Mẫu", "Mẫu Tiên", "Phiêng Mẫu", "Tân Mẫu",
)  # fmt: skip


def tree() -> Tree:
    communes = [OrgUnit(f"910{n:02}", name, COMMUNE, "910") for n, name in enumerate(_COMMUNES, start=1)]
    villages = [
        OrgUnit(f"{commune.code}-{n:02}", name, VILLAGE, commune.code, "bản")
        for commune in communes
        for n, name in enumerate(_VILLAGES[: 8 if commune.code == "91001" else 4 + int(commune.code) % 4], start=1)
    ]
    return Tree([_DISTRICT, *communes, *villages], DAY)


def known(units: Tree) -> Known:
    sums: dict[tuple[str, str], int] = {}
    filed = {}
    for n, village in enumerate(units.villages("910")):
        away, back, reached = 7 + n * 5 % 11, n % 4, 5 + n % 3
        counted = {
            "away_total": away,
            "away_returned": back,
            "away_not_returned": away - back,
            "away_contacted": reached,
            "away_not_contacted": away - reached,
            "away_need_support": n % 3,
            "returnees_new": n * 7 % 4,
            "returnees_total": 6 + n % 5,
            "quarantine_institutional": n % 2,
            "quarantine_home": n * 3 % 5,
            "f1_new": n % 2,
            "f1_followed": n * 11 % 6,
            "f0_new": n % 9 == 4,
            "f0_under_treatment": (n % 9 == 4) + n % 5 // 4,
        }
        sums |= {(village.code, key): int(count) for key, count in counted.items() if count}
        commune = int(village.parent or 0) % 100
        if commune % 6 and (commune % 4 or n % 2) and village.code not in ("91001-03", "91001-06"):
            filed[village.code] = at(DAY, time(8, 20) if n % 4 == 3 else time(7, 10))
    return Known(Range(DAY, DAY), DAY, AS_OF, 7, sums, filed)


def commune() -> Figures:
    units = tree()
    return roll_up(units, "91001", known(units))


def district() -> Figures:
    units = tree()
    return roll_up(units, "910", known(units))
