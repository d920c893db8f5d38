"""An invented district that is walked through from end to end, on one channel and one database, through ``Ingest``.

People do what people can do there: tap what they see, or type. Whatever is answered is looked at as ``Heard``, and what
must hold for every answer is asserted here: it came, it fits the channel, it offers a next step, and each choice that is
numbered or named is there to be read.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.clock import StandingClock
from bot.conversation.draft import Draft, Token
from bot.conversation.numbers import Listed
from bot.domain.access import LEVEL_OF, Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.invites import ALPHABET, LENGTH
from bot.domain.units import OrgUnit
from bot.domain.ways import Way
from bot.forms import forms
from bot.handlers.call import NOTICE_VERSION, Desk
from bot.handlers.ingest import Ingest
from bot.handlers.long_work import Workshop
from bot.handlers.routes import VERBS, fits
from bot.messages import BUTTONS, TEXT_LIMITS, Inbound, InboundKind, Media
from bot.reports.spoken import token_for
from bot.storage import choices, drafts, jobs, people, roster, units, ways
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.jobs import Lease
from bot.storage.outbox import Lane
from bot.storage.people import Invite, Who
from bot.storage.schema import outbox
from bot.storage.units import UnitTrees
from bot.storage.ways import Reporting
from bot.texts import Voice, languages
from scheduler.runner import Runner

BOT = "1000000001"
PROVINCE, DISTRICT, LARGE, SMALL = "01", "125", "04001", "04002"
VILLAGES_OF_LARGE = 26  # more than a page of buttons
VILLAGES_OF_SMALL = 7
UNITS = (
    OrgUnit(PROVINCE, "Tỉnh Mẫu", "province", None),
    OrgUnit(DISTRICT, "Huyện Mẫu", "district", PROVINCE),
    OrgUnit(LARGE, "Xã Mẫu Lớn", "commune", DISTRICT),
    OrgUnit(SMALL, "Xã Mẫu Nhỏ", "commune", DISTRICT),
    *(OrgUnit(f"{LARGE}-{n:02}", f"Bản Mẫu {n}", "village", LARGE, "bản") for n in range(1, VILLAGES_OF_LARGE + 1)),
    *(OrgUnit(f"{SMALL}-{n:02}", f"Thôn Mẫu {n}", "village", SMALL, "thôn") for n in range(1, VILLAGES_OF_SMALL + 1)),
)
AT = {"commune": SMALL, "district": DISTRICT, "province": PROVINCE}
"""Where who holds a role holds it. Teams share three villages of the small commune; officers have that of many villages."""

HEAD, OFFICER, STRANGER, SILENT = Role.HEAD.value, Role.COMMUNE_OFFICER.value, "stranger", "not-agreed"
MORE = {Role.MEMBER: 5, Role.HEAD: 2, Role.COMMUNE_OFFICER: 3, Role.COMMUNE_CHAIR: 2, Role.COMMUNE_SECRETARY: 2}
"""How many hold a role, where it is not one: who shares the work is through sooner."""

BY_PHONE = (f"{SMALL}-05", f"{SMALL}-06", f"{LARGE}-23", f"{LARGE}-24", f"{LARGE}-25")  # villages without the app
SENDERS = ("sends-pictures", "sends-pictures-too")  # of a village of each commune, who do nothing else
ON_TWO_CHANNELS = (Role.MEMBER, Role.HEAD, Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIR)
PICTURES = 4
CODE = "MAUMAU22"  # the stranger's invite
MORNING = datetime.fromisoformat("2021-09-09T06:50:00+07:00")
EVENING = datetime.fromisoformat("2021-09-09T18:30:00+07:00")
NEXT_MORNING = datetime.fromisoformat("2021-09-10T08:30:00+07:00")


def names_of(role: Role) -> list[str]:
    """Those who hold a role: the first is called by it."""
    return [role.value, *(f"{role.value}-{n}" for n in range(2, MORE.get(role, 1) + 1))]


@dataclass(frozen=True)
class Offered:
    """One choice as a person sees it: what it means, its label, and what is typed for it without buttons."""

    token: str
    label: str
    typed: str


@dataclass(frozen=True)
class Heard:
    """What one message was answered with, and the report that is open now."""

    texts: tuple[str, ...]
    offered: tuple[Offered, ...]
    draft: Draft | None

    @property
    def asking(self) -> bool:
        """Whether what is offered belongs to the open report."""
        token = Token.parse(self.offered[0].token) if self.offered else None
        return token is not None and self.draft is not None and token.draft == self.draft.id


Said = tuple[str, str, list[tuple[str, str]], int]
"""A queued message: address, text, buttons (label, token), lane."""


@dataclass(frozen=True)
class Act:
    """What a person does: taps this button, or types."""

    text: str = ""
    token: str = ""

    def with_codes(self, codes: Mapping[str, str]) -> Act:
        """The same where other codes were drawn."""
        return Act(self.text, _DRAWN.sub(lambda code: codes.get(code[0], code[0]), self.token))


_DRAWN = re.compile(f"\\b[{ALPHABET}]{{{LENGTH}}}\\b")


@dataclass(frozen=True)
class Turn:
    """What some people did at one instant, or nothing but wait for it; and everything that was queued then, in order.

    ``acts`` by address. What is ``drawn`` by lot, as the code of an invite, is left out of the texts.
    """

    at: datetime
    acts: Mapping[str, Act]
    said: Sequence[tuple[str, str, Sequence[str], int]]
    drawn: Sequence[str]

    @classmethod
    def of(cls, at: datetime, acts: Mapping[str, Act], said: Sequence[Said]) -> Turn:
        heard = [(to, _DRAWN.sub("…", text), [label for label, _ in buttons], lane) for to, text, buttons, lane in said]
        return cls(at, acts, heard, [code for _, text, _, _ in said for code in _DRAWN.findall(text)])


async def _picture(_wanted: Media) -> bytes:
    return b"\xff\xd8\xff\xe0 anh"


@dataclass
class World:
    """``channel`` on ``db``. Ids count up, so the same walk makes the same ids everywhere."""

    channel: str
    db: Database
    keys: Keyring
    clock: StandingClock = field(default_factory=lambda: StandingClock(MORNING))
    timetable: Timetable = field(default_factory=Timetable)
    reporters: Mapping[str, Role] = field(default_factory=dict)  # of a village each, beside those who hold each role
    pushed: dict[str, list[Offered]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)  # of the choices that were taken
    turns: list[Turn] = field(default_factory=list)  # so far
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _seen: int = 0
    _users: dict[str, str] = field(default_factory=dict)  # by address
    _messages: Any = field(default_factory=lambda: itertools.count(1))
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        trees = UnitTrees()
        self.lease: Lease | None = None
        self.desk = Desk(self.keys, self.timetable, forms(), lambda: f"W{next(self._ids):09}")
        self.ingest = Ingest(self.db, self.desk, trees, self.clock, lambda: self.lease)
        self.workshop = Workshop(self.db, self.desk, trees, self.clock, lambda: self.lease, {self.channel: _picture})
        self.runner = Runner(self.db, self.keys, trees, self.clock, self.timetable, lambda: self.lease, lambda: None)

    async def settle(self) -> None:
        """Bring the people in, and let the schedule push what it pushes in a day on which nobody reports."""
        async with self.db.write() as tx:
            await units.save(tx, UNITS)
            await roster.add_people(tx, self.keys, self._people(), self.clock() - timedelta(days=1))
            invite = Invite(Role.MEMBER, f"{SMALL}-03", None)
            await people.add_invite(tx, self.keys, CODE, invite, self.clock(), EVENING + timedelta(days=1))
            self.lease = await jobs.acquire(tx, "walk", "walk", datetime(2021, 1, 1, tzinfo=UTC), timedelta(days=9999))
            for name in (name for role in ON_TWO_CHANNELS for name in names_of(role)):
                await people.link(tx, self._other_channel(), BOT, name, name, self.clock())
            for village in BY_PHONE:
                await ways.save(tx, self.keys, Reporting(village, Way.PHONE), None, self.clock())
        await self._send_pictures()
        await self.runner.run_due()
        await self.wait_until(EVENING)

    async def wait_until(self, instant: datetime) -> None:
        """Let the schedule do what is due by then, and note what it sends."""
        for due in await self.runner.instants(instant):
            self.clock.move(due)
            await self.runner.run_due()
        self.clock.move(instant)
        async with self.db.read() as tx:
            said = await self._said(tx)
        self._noted({}, said)

    async def _send_pictures(self) -> None:
        """Photos of paper lists, for the commune to type in."""
        for name in SENDERS:
            for n in range(PICTURES):
                await self.send_picture(name, f"{name}-{n}")

    async def send_picture(self, name: str, file_id: str) -> None:
        sent = Media("photo", file_id, None, 1000)
        await self.ingest.take([replace(self._inbound(name, Act()), kind=InboundKind.MEDIA, media=sent)])
        while await self.workshop.do_next():
            pass

    def _other_channel(self) -> str:
        return next(channel for channel in sorted(BUTTONS) if channel != self.channel)

    def _people(self) -> list[Who]:
        """One who holds each role there is, and one who was never asked for agreement."""
        held = {name: (role, self._place(role, n)) for role in Role for n, name in enumerate(names_of(role))} | {
            SILENT: (Role.MEMBER, f"{SMALL}-02")
        }
        held[SENDERS[0]] = Role.HEAD, f"{LARGE}-{VILLAGES_OF_LARGE}"
        held[SENDERS[1]] = Role.HEAD, f"{SMALL}-{VILLAGES_OF_SMALL:02}"
        for n, (name, role) in enumerate(self.reporters.items(), start=1):
            held |= {name: (role, f"{LARGE}-{n:02}"), f"beside-{name}": (Role.MEMBER, f"{LARGE}-{n:02}")}
        return [
            Who(
                id=name,
                name=f"Lò Mẫu {'ABCDEGHIKLMNOPQRSTUVXY'[n % 22]}",
                phone=f"+84900000{n:03}",
                address_form="anh",
                language="vi",
                roles=(RoleAt(role, unit),),
                channel=self.channel,
                bot=BOT,
                address=name,
                notice_version=None if name == SILENT else NOTICE_VERSION,
            )
            for n, (name, (role, unit)) in enumerate(held.items())
        ]

    @staticmethod
    def _place(role: Role, n: int) -> str:
        level = LEVEL_OF.get(role, "province")
        if level == "village":
            return f"{SMALL}-{n % 3 + 1:02}"
        return LARGE if role is Role.COMMUNE_OFFICER else AT[level]

    # --- doing and hearing ------------------------------------------------------------------------------------------

    async def do(self, acts: Mapping[str, Act]) -> dict[str, Heard]:
        """Let these people act at once, one act each; what each of them hears. By address."""
        async with self._turn:
            self.clock.move(self.clock() + timedelta(seconds=1))
            return await self._do(acts)

    async def glance(self, address: str, act: Act) -> Heard:
        """Let one person look at another page, at once: the clock stands still, and nobody else waits for it."""
        async with self._turn:
            return (await self._do({address: act}))[address]

    async def replay(self, turns: Sequence[Turn]) -> None:
        """Let the same people do the same at the same instants; what they hear must be the same to the letter."""
        codes: dict[str, str] = {}
        for turn in turns:
            if turn.acts:
                self.clock.move(turn.at)
                acts = {to: act.with_codes(codes) for to, act in turn.acts.items()}
                await self._act(acts)
                async with self.db.read() as tx:
                    said = await self._said(tx)
                self._noted(acts, [*said, *await self._worked()])
            else:
                await self.wait_until(turn.at)
            for here, there in itertools.zip_longest(self.turns[-1].said, turn.said):
                assert here == there, f"{self.channel}: after {dict(turn.acts)} here {here}, there {there}"
            codes |= dict(zip(turn.drawn, self.turns[-1].drawn, strict=True))

    async def _do(self, acts: Mapping[str, Act]) -> dict[str, Heard]:
        await self._act(acts)
        async with self.db.read() as tx:
            said = await self._said(tx)
            heard = await self._heard(tx, acts, said)
        self._noted(acts, [*said, *await self._worked()])
        return heard

    async def _act(self, acts: Mapping[str, Act]) -> None:
        self.typed |= {act.text for act in acts.values()}
        await self.ingest.take([self._inbound(address, act) for address, act in acts.items()])

    async def _worked(self) -> list[Said]:
        """Do what takes longer, such as reading a file; what was said of it."""
        if not self.ingest.work_waits:
            return []
        self.ingest.work_waits = False
        while await self.workshop.do_next():
            pass
        async with self.db.read() as tx:
            return await self._said(tx)

    def _noted(self, acts: Mapping[str, Act], said: Sequence[Said]) -> None:
        for _, text, buttons, _ in said:
            self._fits(text, buttons)
        self._come(said)
        self.turns.append(Turn.of(self.clock(), acts, said))

    def _come(self, said: Sequence[Said]) -> None:
        """Note what came unasked."""
        for address, text, buttons, lane in said:
            if lane != Lane.REPLY:
                self.pushed.setdefault(address, []).extend(self._in_push(address, text, buttons))

    def taking(self, one: Offered) -> Act:
        return Act(token=one.token) if BUTTONS[self.channel] else Act(text=one.typed)

    def _inbound(self, address: str, act: Act) -> Inbound:
        return Inbound(
            channel=self.channel,
            bot=BOT,
            id=str(next(self._messages)),
            address=address,
            sent_at=self.clock(),
            kind=InboundKind.TAP if act.token else InboundKind.TEXT,
            text=act.text,
            token=act.token,
            message_id="1" if act.token else "",
            display_name="Người Mẫu",
        )

    async def _said(self, tx: Tx) -> list[Said]:
        """What was queued since."""
        new = sa.and_(outbox.c.id > self._seen, outbox.c.channel == self.channel)
        query = sa.select(outbox.c.id, outbox.c.address, outbox.c.body, outbox.c.lane).where(new)
        found = []
        for row in (await tx.execute(query.order_by(outbox.c.id))).all():
            self._seen = row.id
            body = self.keys.open_json("outbox.body", f"{BOT}.{row.address}", row.body)
            buttons = [(label, token) for line in body["buttons"] for label, token in line]
            found.append((row.address, body["text"], buttons, row.lane))
        return found

    async def _heard(self, tx: Tx, acts: Mapping[str, Act], said: Sequence[Said]) -> dict[str, Heard]:
        if new := acts.keys() - self._users.keys():
            found = await people.at_addresses(tx, self.keys, self.channel, BOT, new)
            self._users |= {address: who.id for address, who in found.items()}
        open_drafts = await drafts.of_users(tx, self.keys, {self._users[address] for address in acts if address in self._users})
        shown = {} if BUTTONS[self.channel] else await choices.of_chats(tx, self.keys, self.channel, BOT, acts.keys())
        heard = {}
        for address, act in acts.items():
            mine = [(text, buttons) for to, text, buttons, lane in said if to == address and lane == Lane.REPLY]
            assert mine, f"{address} ({self.channel}) got no answer to {act}"
            offered = [Offered(token, label, "") for label, token in mine[-1][1]]
            if address in shown:
                offered = self._listed(shown[address].listed, "\n".join(text for text, _ in mine), f"{address} after {act}")
            for one in offered:
                self._can_be_taken(one, f"{address} after {act}")
            user = self._users.get(address)
            assert offered or user is None, f"{address} ({self.channel}) is left without a next step after {act}: {mine}"
            heard[address] = Heard(tuple(text for text, _ in mine), tuple(offered), open_drafts.get(user or ""))
        return heard

    @staticmethod
    def _listed(shown: Listed, whole: str, who: str) -> list[Offered]:
        """Choices without buttons: each can be read, and typing what is read means it."""
        offered = [Offered(one.token, one.label, one.number or one.word or one.label) for one in shown.options]
        for one, seen in zip(shown.options, offered, strict=True):
            named = f"\n{one.number}. {one.label}" if one.number else f'"{one.word or one.label.lower()}"'
            assert named in f"\n{whole}", f"{who} cannot read {named!r}: {whole}"
            assert shown.meant(seen.typed) == one.token, f"{who} types {seen.typed!r} and means something else: {whole}"
        return offered

    @staticmethod
    def _can_be_taken(one: Offered, who: str) -> None:
        """A choice that is shown has somebody who takes it with just these arguments."""
        if one.token.startswith("do:"):
            verb, *arguments = one.token.removeprefix("do:").split(":")
            assert verb in VERBS, f"{who} is offered {one}, and no such verb is in routes.VERBS"
            assert fits(VERBS[verb], arguments), f"{who} is offered {one}, and {verb} does not take these arguments"

    def _fits(self, text: str, buttons: Sequence[tuple[str, str]]) -> None:
        assert text.strip()
        assert len(text.encode("utf-16-le")) // 2 <= TEXT_LIMITS[self.channel], text
        assert BUTTONS[self.channel] or not buttons, f"buttons on {self.channel}: {text}"
        for label, token in buttons:
            assert label.strip()
            assert 1 <= len(token.encode()) <= 64, token

    def _in_push(self, address: str, text: str, buttons: Sequence[tuple[str, str]]) -> list[Offered]:
        """What a message that nobody asked for offers: its buttons, or the words in its last line."""
        if BUTTONS[self.channel]:
            return [Offered(token, label, "") for label, token in buttons]
        words = text.rpartition("\n")[2].split('"')[1::2]
        tokens = [(self._meant(word), word) for word in words]
        assert all(token for token, _ in tokens), f"{address} is offered words that mean nothing: {text}"
        return [Offered(token or "", word, word) for token, word in tokens]

    def _meant(self, word: str) -> str | None:
        """The choice that a word stands for, in the language of whoever chose another too."""
        found = (token_for(word, Voice(language, "anh"), self.desk.forms) for language in languages())
        return next((token for token in found if token), None)
