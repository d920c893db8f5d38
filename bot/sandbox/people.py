"""Who is behind which chat."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.practice import PersonView, Practice
from bot.sandbox.world import TELEGRAM, ZALO, Chat, Json, World, zalo_chat

ON_ZALO = "zalo-"  # begins a person's id where there is no application to give one


class People:
    """The application's persons; without an application every positive whole number is a person, and so is "zalo-" with
    whatever Zalo calls the chat."""

    def __init__(self, world: World, practice: Practice | None) -> None:
        self._world = world
        self._practice = practice
        self._known: dict[str, PersonView] = {}

    async def everyone(self, language: str) -> Sequence[PersonView]:
        if self._practice is None:
            return [_behind(chat) for chat in self._world.chats.values() if chat.private or chat.channel == ZALO]
        persons = await self._practice.persons(language)
        self._known = {person.id: person for person in persons}
        for person in persons:
            self.chat_with(person)
        return persons

    async def person(self, person_id: str) -> PersonView | None:
        if self._practice is None:
            if person_id.startswith(ON_ZALO):
                return _on_zalo(person_id.removeprefix(ON_ZALO))
            number = int(person_id) if person_id.isascii() and person_id.isdigit() else 0
            return _unknown(number) if number else None
        if person_id not in self._known:
            await self.everyone("vi")
        return self._known.get(person_id)

    def chat_with(self, person: PersonView) -> Chat:
        info = _info(person)
        known = self._world.meet(info)
        same = self._practice is None or known.info.get("first_name") == person.name
        return known if same else self._world.register(info)

    async def chat(self, chat_id: int) -> Chat | None:
        """A chat by Telegram's id. Groups exist once something was said in them."""
        known = self._world.chats.get(chat_id)
        if known is None and chat_id > 0:
            known = await self._find(_unknown(chat_id))
        return known if known is not None and known.channel == TELEGRAM else None

    async def zalo_chat(self, address: str) -> Chat | None:
        """A chat by what Zalo calls it."""
        return await self._find(_on_zalo(address))

    async def _find(self, stranger: PersonView) -> Chat | None:
        if self._practice is None:
            return self.chat_with(stranger)
        chat_id = _info(stranger)["id"]
        if chat_id not in self._world.chats:
            await self.everyone("vi")
        return self._world.chats.get(chat_id)


def _info(person: PersonView) -> Json:
    if person.channel == ZALO:
        return zalo_chat(str(person.chat_id), person.name)
    return {"id": int(person.chat_id), "type": "private", "first_name": person.name}


def _unknown(chat_id: int, name: str = "") -> PersonView:
    return PersonView(str(chat_id), name or str(chat_id), "", "", TELEGRAM, chat_id)


def _on_zalo(address: str, name: str = "") -> PersonView:
    return PersonView(ON_ZALO + address, name or address, "", "", ZALO, address)


def _behind(chat: Chat) -> PersonView:
    name = str(chat.info["first_name"])
    return _on_zalo(chat.address, name) if chat.channel == ZALO else _unknown(chat.id, name)
