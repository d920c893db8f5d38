"""A village as there are many: few families, few given names, households that share a phone; and how it is reported again."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from bot.domain.vietnamese import fold

Identity = dict[str, Any]

FAMILIES = ("Lò", "Lò", "Lò", "Hoàng", "Quàng", "Cầm", "Lường", "Tòng", "Hà", "Vì", "Lê", "Nguyễn", "Trần")
MIDDLE = {
    "male": ("Văn", "Văn", "Văn", "Minh", "Đức", "Mẫu", "Hữu", "Xuân"),
    "female": ("Thị", "Thị", "Thị", "Thị", "Ngọc", "Mẫu", "Thu"),
}
GIVEN = {
    "male": (
        *("An", "Bình", "Chung", "Cường", "Dũng", "Đức", "Hải", "Hiếu", "Hùng", "Hưng", "Khánh", "Lâm", "Long", "Mạnh", "Nam"),
        *("Phong", "Quân", "Quang", "Sơn", "Tâm", "Thắng", "Thành", "Tiến", "Toàn", "Trung", "Tuân", "Tuấn", "Việt", "Xôm"),
    ),
    "female": (
        *("An", "Ánh", "Chi", "Dung", "Đào", "Hạnh", "Hiền", "Hoa", "Hòa", "Hồng", "Huệ", "Hương", "Lan", "Liên", "Linh"),
        *("Mai", "Ngân", "Nga", "Nhung", "Oanh", "Phương", "Sương", "Thanh", "Thảo", "Thu", "Thúy", "Trang", "Xuân", "Yến"),
    ),
}


def village(chance: Random, people: int = 400) -> list[Identity]:
    """So many people in households of one to six."""
    found: list[Identity] = []
    while len(found) < people:
        family, shared = chance.choice(FAMILIES), _number(chance)
        head = f"{family} {_names(chance, 'male')}"
        for _ in range(chance.randint(1, 6)):
            sex = chance.choice(("male", "female"))
            name = f"{family if chance.random() < 0.8 else chance.choice(FAMILIES)} {_names(chance, sex)}"
            phone = chance.choice((None, None, shared, _number(chance), _number(chance)))
            found.append(
                {
                    "full_name": name,
                    "birth_year": chance.randint(1940, 2016),
                    "sex": sex,
                    "phone": phone,
                    "household": head if chance.random() < 0.7 else None,
                }
            )
    return found[:people]


def _names(chance: Random, sex: str) -> str:
    return f"{chance.choice(MIDDLE[sex])} {chance.choice(GIVEN[sex])}"


def _number(chance: Random) -> str:
    return f"+84900000{chance.randint(0, 999):03}{chance.randint(0, 9)}"


def again(chance: Random, person: Identity) -> Identity:
    """The same person as a colleague reports them: one or two things are otherwise."""
    said = dict(person)
    for change in chance.sample(CHANGES, k=chance.choice((1, 1, 2))):
        change(chance, said)
    return said


def _bare(_chance: Random, said: Identity) -> None:
    said["full_name"] = fold(said["full_name"]).title()


def _slip(chance: Random, said: Identity) -> None:
    """A letter is missing, doubled, wrong, or changes places with the next."""
    name = said["full_name"]
    at = chance.choice([n for n, letter in enumerate(name[:-1]) if n and letter != " " and name[n + 1] != " "])
    said["full_name"] = chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + chance.choice("aeiounghtc") + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _other_mark(_chance: Random, said: Identity) -> None:
    for right, wrong in (("ò", "ồ"), ("ấ", "ầ"), ("ư", "u"), ("ạ", "ậ"), ("ă", "â"), ("ị", "i"), ("ầ", "â"), ("ờ", "ơ")):
        if right in said["full_name"]:
            said["full_name"] = said["full_name"].replace(right, wrong, 1)
            return


def _no_middle(_chance: Random, said: Identity) -> None:
    family, *_, given = said["full_name"].split()
    said["full_name"] = f"{family} {given}"


def _sound(_chance: Random, said: Identity) -> None:
    for right, wrong in (("S", "X"), ("Tr", "Ch"), ("L", "N"), ("X", "S"), ("D", "Gi"), ("y", "i")):
        if right in said["full_name"]:
            said["full_name"] = said["full_name"].replace(right, wrong, 1)
            return


def _year(chance: Random, said: Identity) -> None:
    said["birth_year"] += chance.choice((-1, 1))


def _no_phone(_chance: Random, said: Identity) -> None:
    said["phone"] = None


def _other_phone(chance: Random, said: Identity) -> None:
    said["phone"] = _number(chance)


def _no_household(_chance: Random, said: Identity) -> None:
    said["household"] = None


def _no_sex(_chance: Random, said: Identity) -> None:
    said["sex"] = None


CHANGES: tuple[Callable[[Random, Identity], None], ...] = (
    *(_bare, _bare, _slip, _other_mark, _no_middle, _no_middle, _sound),
    *(_year, _year, _no_phone, _no_phone, _other_phone, _no_household, _no_household, _no_sex),
)
