"""Who can be played in practice mode: everyone who has an account, and newcomers who have none yet, by their chats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.words import Say
from bot.demo.people import TELEGRAM, ZALO, demo_people, zalo_address
from bot.domain.units import COMMUNE, VILLAGE, Tree
from bot.sandbox.practice import PersonView
from bot.storage.people import Who
from bot.texts import Voice

Place = tuple[str, str]  # channel and address


@dataclass(frozen=True)
class Seat:
    """A chat that is there from the beginning. Its ``id`` stays whoever the account belongs to; without a ``name`` it is a
    newcomer's."""

    id: str
    channel: str
    address: str
    name: str = ""

    @property
    def place(self) -> Place:
        return self.channel, self.address


NEWCOMERS = (
    Seat("newcomer", TELEGRAM, "990000001"),
    Seat("newcomer-zalo", ZALO, zalo_address(990000001)),
)


def cast(everyone: Sequence[Who], tree: Tree, voice: Voice) -> list[PersonView]:
    """One for each account, and one for each chat without: the demo's first, in their order; newcomers last.

    Who is on both channels is there twice, with two ids: accounts are what is played.
    """
    accounts = {(who.channel, who.address): who for who in everyone}
    demo = [Seat(one.id, one.channel, one.address, one.name) for one in demo_people()]
    known = {seat.place for seat in (*demo, *NEWCOMERS)}
    taken = {seat.id for seat in (*demo, *NEWCOMERS) if seat.place in accounts}
    joined = list(_joined((who for place, who in accounts.items() if place not in known), taken))
    strangers = {seat.place for seat in (*demo, *NEWCOMERS) if seat.id not in taken | {one.id for one in joined}}
    shown = [*(seat for seat in demo if seat.place in accounts.keys() | strangers), *joined, *NEWCOMERS]
    return [_view(seat, accounts, tree, voice) for seat in shown]


def _joined(others: Iterator[Who], taken: set[str]) -> Iterator[Seat]:
    """Accounts whose chats came into being later, each under its user's id while that is free."""
    ids = set(taken)
    for who in others:
        own = who.id
        while own in ids:
            own = f"{own}-{who.channel}"
        ids.add(own)
        yield Seat(own, who.channel, who.address, who.name)


def _view(seat: Seat, accounts: Mapping[Place, Who], tree: Tree, voice: Voice) -> PersonView:
    chat_id = int(seat.address) if seat.channel == TELEGRAM else seat.address
    who = accounts.get(seat.place)
    if who is None:
        name = seat.name or voice.word("practice.newcomer.name")
        return PersonView(seat.id, name, voice.word("practice.newcomer.role"), "", seat.channel, chat_id)
    held = who.roles[0] if who.roles else None
    unit = tree.get(held.unit) if held else None
    role = voice.word(f"role.{held.role}") if held else ""
    return PersonView(seat.id, who.name, role, _where(tree, unit.code, voice) if unit else "", seat.channel, chat_id)


def _where(tree: Tree, code: str, voice: Voice) -> str:
    """A unit's name; a village with its commune, since several communes have a village of the same name."""
    unit, commune = tree[code], tree.above(code, COMMUNE)
    if unit.level != VILLAGE or commune is None:
        return unit.name
    return voice(Say("practice.village", village=unit.name, commune=commune.name))
