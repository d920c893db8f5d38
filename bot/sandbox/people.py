"""Who is behind which chat."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.practice import PersonView, Practice
from bot.sandbox.world import Chat, World


class People:
    """The application's persons; without an application every positive whole number is a person."""

    def __init__(self, world: World, practice: Practice | None) -> None:
        self._world = world
        self._practice = practice
        self._known: dict[str, PersonView] = {}

    async def everyone(self, language: str) -> Sequence[PersonView]:
        if self._practice is None:
            private = [chat for chat in self._world.chats.values() if chat.private]
            return [_unknown(chat.id, str(chat.info["first_name"])) for chat in private]
        persons = await self._practice.persons(language)
        self._known = {person.id: person for person in persons}
        for person in persons:
            self._register(person)
        return persons

    async def person(self, person_id: str) -> PersonView | None:
        if self._practice is None:
            number = int(person_id) if person_id.isascii() and person_id.isdigit() else 0
            return _unknown(number) if number else None
        if person_id not in self._known:
            await self.everyone("vi")
        return self._known.get(person_id)

    async def chat_of(self, person_id: str) -> Chat | None:
        person = await self.person(person_id)
        return None if person is None else self._register(person)

    async def chat(self, chat_id: int) -> Chat | None:
        """A chat by Telegram's id. Groups exist once something was said in them."""
        known = self._world.chats.get(chat_id)
        if known is not None or chat_id <= 0:
            return known
        if self._practice is None:
            return self._register(_unknown(chat_id))
        await self.everyone("vi")
        return self._world.chats.get(chat_id)

    def _register(self, person: PersonView) -> Chat:
        known = self._world.chats.get(person.chat_id)
        if known is not None and (self._practice is None or known.info.get("first_name") == person.name):
            return known
        return self._world.register({"id": person.chat_id, "type": "private", "first_name": person.name})


def _unknown(chat_id: int, name: str = "") -> PersonView:
    return PersonView(str(chat_id), name or str(chat_id), "", "", "telegram", chat_id)
