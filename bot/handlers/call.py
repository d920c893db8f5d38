"""One message being handled: what it may look at, and what it decided."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.clock import vietnam_day
from bot.config import Letter, Mail
from bot.conversation.draft import Draft
from bot.conversation.form import Form
from bot.conversation.numbers import Listed, Option, listed
from bot.conversation.prompt import Choice, Prompt, Rows
from bot.conversation.words import Say
from bot.domain.access import NOTICE_VERSION as NOTICE_VERSION
from bot.domain.deadlines import Timetable
from bot.domain.units import Tree
from bot.errors import AccessDenied
from bot.messages import BUTTONS, FILES, TEXT_LIMITS, Button, Inbound, InboundKind, split
from bot.reports.pdf import Printer
from bot.reports.phrases import HOME
from bot.storage.choices import Shown
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.outbox import Lane, Post
from bot.storage.people import Who
from bot.storage.units import UnitTrees
from bot.texts import DEFAULT, Voice

_EMPTY_LINES = re.compile(r"\n{3,}")  # two sentences may each want air between them


@dataclass(frozen=True)
class Desk:
    """What every handler works with; built once, by the composition root."""

    keys: Keyring
    timetable: Timetable
    forms: Mapping[str, type[Form]]
    new_id: Callable[[], str]
    trees: UnitTrees = field(default_factory=UnitTrees)
    controller: str = ""
    legal_basis: str = ""
    override: str = ""  # the file of the province's rules of isolation
    language: str = DEFAULT
    deep_link: Callable[[str], str] | None = None
    invite_days: int = 7
    channels: Sequence[str] = tuple(BUTTONS)  # those of this installation
    carries_files: Collection[str] = FILES  # channels on which a document arrives; elsewhere the answer says so
    mail: Mail = field(default_factory=Mail)
    letter: Letter = field(default_factory=Letter)
    as_pdf: Callable[[bytes], Awaitable[bytes | None]] = field(default_factory=lambda: Printer(None))


@dataclass
class Call:
    """``at`` is when the person acted: deadlines and windows are judged by it. ``now`` is when it is being handled."""

    desk: Desk
    message: Inbound
    at: datetime
    tree: Tree
    who: Who | None = None
    draft: Draft | None = None
    posts: list[Post] = field(default_factory=list)
    saved: Draft | None = None
    closed: list[str] = field(default_factory=list)
    wants_work: bool = False
    stays: bool = False  # the tapped message is no mere step: the answer is a new one
    last: Shown | None = None  # on a channel without buttons: the choices that the chat was shown last
    misread: Say | None = None  # the message is a number, but none of those choices: why
    shown: Listed | None = None  # on a channel without buttons: the choices that this answer ends with
    _tx: Tx | None = None

    def enter(self, tx: Tx) -> None:
        """From here on the message may read and write more than its draft."""
        self._tx = tx

    @property
    def tx(self) -> Tx:
        """The transaction, for handlers that read or write more than the draft."""
        if self._tx is None:
            raise RuntimeError("a form step has no transaction of its own")
        return self._tx

    @property
    def user(self) -> Who:
        """The user; raises AccessDenied for somebody who was never invited."""
        if self.who is None:
            raise AccessDenied("unknown account")
        return self.who

    @property
    def today(self) -> date:
        return vietnam_day(self.at)

    @property
    def voice(self) -> Voice:
        if self.who is None:
            return Voice(self.desk.language)
        return Voice(self.who.language, self.who.address_form)

    def keep(self, draft: Draft) -> None:
        """Store this draft when the message's transaction commits."""
        self.draft = self.saved = draft

    def close_draft(self) -> None:
        if self.draft is not None:
            self.closed.append(self.draft.id)
        self.draft = self.saved = None

    def say(
        self,
        *lines: Say,
        rows: Rows = (),
        record: tuple[str, int] | None = None,
        attachment: str | None = None,
        fresh: bool = False,
        dedup: str | None = None,
        typed: bool = False,
    ) -> None:
        """Answer in the reader's words. A tap's answer replaces the tapped message unless it must be a ``fresh`` one.

        A choice's key is the button's whole payload here. Longer texts than the channel takes go out in pieces, cut at
        line ends; buttons hang on the last. On a channel without buttons the choices become numbers and words; ``typed`` says
        that free text is an answer too.
        """
        if not rows and self.who is not None and self.who.roles and not self.message.group:
            rows = ((HOME,),)  # nobody is left without a next step
        voice = self.voice
        text = "\n".join(voice(line) for line in lines)
        if rows and not BUTTONS[self.message.channel]:
            choices = [choice for row in rows for choice in row]
            named = [(choice.key, voice(choice.label)) for choice in choices]
            words = {choice.key: voice(choice.word) for choice in choices if choice.word is not None}
            self.shown = listed(named, typed, way_back(choices), words)
            text = f"{text}\n\n{as_text(self.shown, voice)}"
            self.shown = replace(self.shown, text=text)
            rows = ()
        self._send(text, rows, record, attachment, fresh, dedup)

    def repeat(self, shown: Listed, before: Iterable[Say] = ()) -> None:
        """Send again what a chat without buttons was shown; its numbers stay what they are."""
        self._send("\n".join([*(self.voice(line) for line in before), shown.text]))

    def _send(
        self,
        text: str,
        rows: Rows = (),
        record: tuple[str, int] | None = None,
        attachment: str | None = None,
        fresh: bool = False,
        dedup: str | None = None,
    ) -> None:
        voice = self.voice
        pieces = split(_EMPTY_LINES.sub("\n\n", text), TEXT_LIMITS[self.message.channel])
        buttons = tuple(tuple(Button(voice(choice.label), choice.key) for choice in row) for row in rows)
        in_place = self.message.kind is InboundKind.TAP and not fresh and not self.posts and len(pieces) == 1 and not attachment
        in_place = in_place and not self.stays and bool(self.message.message_id) and BUTTONS[self.message.channel]
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            self.posts.append(
                Post(
                    channel=self.message.channel,
                    bot=self.message.bot,
                    address=self.message.address,
                    text=piece,
                    buttons=buttons if last else (),
                    lane=Lane.REPLY,
                    attachment=attachment if last else None,
                    edits_message=self.message.message_id if in_place else None,
                    record=record if last else None,
                    dedup_key=f"{dedup}:{number}" if dedup else None,
                )
            )

    def show(self, prompt: Prompt, *, fresh: bool = False, before: Iterable[Say] = (), dedup: str | None = None) -> None:
        """Show a prompt of the open draft: its choices become buttons of this draft in this revision."""
        assert self.draft is not None
        prefix = f"{self.draft.id}:{self.draft.revision}:"
        rows = tuple(tuple(replace(choice, key=prefix + choice.key) for choice in row) for row in prompt.rows)
        lines = prompt.lines if BUTTONS[self.message.channel] else prompt.numbered()
        self.say(*before, *lines, rows=rows, fresh=fresh, dedup=dedup, typed=prompt.typed)


def way_back(choices: Sequence[Choice]) -> str | None:
    """The choice that 0 stands for without buttons: back, or else to the menu."""
    backs = [choice.key for choice in choices if choice.label.key == "button.back"]
    return next(iter(backs or [choice.key for choice in choices if choice.key == "do:menu"]), None)


def as_text(shown: Listed, voice: Voice) -> str:
    """Choices for a channel without buttons: numbered lines, then the words that may be typed."""
    lines = [f"{option.number}. {option.label}" for option in shown.numbered]
    if shown.words:
        words = ", ".join(_word(option) for option in shown.words)
        lines.append(voice(Say("numbers.or_type" if shown.typed or lines else "numbers.type", words=words)))
    return "\n".join(lines)


def _word(option: Option) -> str:
    return f'"{option.word}" ({option.label})' if option.word else f'"{option.label.lower()}"'
