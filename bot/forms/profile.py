"""How a member wants to be known: name, form of address, phone. Asked once, at the first start; files no record."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from bot.conversation.form import Ask, Form
from bot.domain.answers import PersonName, Phone


class AddressForm(StrEnum):
    ONG = "ong"
    BA = "ba"
    BAC = "bac"
    ANH = "anh"
    CHI = "chi"
    DONG_CHI = "dong_chi"


class Profile(Form):
    name: ClassVar[str] = "profile"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False

    address_form: Annotated[AddressForm, Ask()]
    full_name: Annotated[PersonName, Ask()]
    phone: Annotated[Phone | None, Ask()] = None
