"""Who answers a message: it is read as a command, a tap, an answer or a report, and what ``routes`` names is called."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.draft import Token
from bot.conversation.engine import Event, Outcome
from bot.conversation.form import Form
from bot.conversation.prompt import plain
from bot.conversation.words import Say
from bot.domain.invites import looks_like_code
from bot.errors import AccessDenied
from bot.handlers import (
    amending,
    answering_questions,
    filing,
    groups,
    menu,
    numbered,
    pasting,
    received,
    reporting,
    scans,
    start,
    steps,
)
from bot.handlers.call import NOTICE_VERSION, Call
from bot.handlers.routes import COMMANDS, SAVED, VERBS, Command, fits
from bot.messages import InboundKind
from bot.reports.duties import forward
from bot.reports.phrases import HOME
from bot.storage import outbox, people, records
from bot.texts import Voice, languages

MOST_GREETED = 3  # words of a greeting, which wants no "not understood"


async def handle(call: Call) -> None:
    """Answer one message that is more than a plain form step."""
    message = call.message
    if message.group:
        await groups.handle(call, _known_command(call), _known)
    elif message.kind is InboundKind.BLOCKED:
        await people.set_state(call.tx, message.channel, message.bot, message.address, people.BLOCKED, call.at)
        desk = call.desk
        await forward(call.tx, desk.keys, message.channel, message.bot, message.address, call.at, desk.carries_files)
    elif message.kind is InboundKind.OPENED:
        await people.set_state(call.tx, message.channel, message.bot, message.address, people.OPEN, call.at)
    elif call.who is None or not call.who.roles:
        await _unknown(call)
    else:
        if call.who.state != people.OPEN:
            await people.set_state(call.tx, message.channel, message.bot, message.address, people.OPEN, call.at)
        await _known(call)


def _known_command(call: Call) -> str | None:
    """Which command a message is: its key, or the form that it opens; None if it is no command of ours."""
    name, _ = _command(call.message.text)
    found = next((command.key for command in COMMANDS if name in command.names), None)
    return found or next((form.name for form in call.desk.forms.values() if _opens(form, name)), None)


def _opens(form: type[Form], name: str) -> bool:
    return form.files and form.alone and name in (Voice(language).word(f"form.{form.name}.command") for language in languages())


async def _unknown(call: Call) -> None:
    if call.draft is not None:
        call.close_draft()  # begun while the person still had a role
    name, argument = _command(call.message.text)
    if name == "start":
        await start.start(call, argument)
    else:
        await start.stranger(call)


async def _known(call: Call) -> None:
    """Answer somebody who has a role. What they may not do is refused, and nothing stands that was said or kept for it."""
    said = len(call.posts)
    try:
        await _allowed(call)
    except AccessDenied:
        del call.posts[said:]
        call.closed.clear()
        call.saved = call.shown = None
        call.say(Say("access.denied"))


async def _allowed(call: Call) -> None:
    message = call.message
    if call.user.notice_version != NOTICE_VERSION and message.token not in ("do:agree", "do:disagree"):
        name, argument = _command(message.text)
        if name == "start" and argument:
            await start.redeem(call, argument)
        else:
            start.notice(call)
        return
    if _turns_away(call):
        call.close_draft()
    if await amending.answers_a_record(call) or await answering_questions.answers_reply(call):
        return
    if (token := steps.in_words(call)) is not None:
        call.message = replace(message, kind=InboundKind.TAP, token=token, message_id="")
        await _tapped(call)
        return
    if call.misread is not None or steps.asks_again(message):
        await numbered.repeat(call)
        return
    match message.kind:
        case InboundKind.TAP:
            await _tapped(call)
        case InboundKind.TEXT if message.text.startswith("/"):
            await _commanded(call)
        case InboundKind.TEXT | InboundKind.CONTACT if steps.form_of(call) is not None:
            await _answered(call)
        case InboundKind.TEXT if (bare := _bare(call)) is not None:
            await bare[0].handler(call, bare[1])
        case InboundKind.TEXT if looks_like_code(message.text):
            await start.maybe_code(call)
        case InboundKind.TEXT:
            if not await pasting.offer(call):
                sentence = len(message.text.split()) > MOST_GREETED
                await menu.show(call, *([Say("menu.not_understood")] if sentence else []))
        case InboundKind.CONTACT:
            await menu.show(call)
        case InboundKind.EDITED:
            steps.aside(call, Say("media.edited"))
        case InboundKind.MEDIA if message.media is not None:
            if not await scans.take(call, message.media):
                await received.media(call, message.media)
        case InboundKind.WITHHELD:
            await received.withheld(call)
        case _:
            steps.aside(call, Say("media.not_read"))


def _command(text: str) -> tuple[str, str]:
    """The command's name and its argument: "/start@tungnha_bot ABC" is ("start", "ABC")."""
    if not text.startswith("/"):
        return "", ""
    word, _, argument = text[1:].partition(" ")
    return word.partition("@")[0].lower(), argument.strip()


def _bare(call: Call) -> tuple[Command, str] | None:
    """The command that a text begins with, though without its slash, and what follows: "tìm Lò Văn A"."""
    word, _, argument = call.message.text.strip().partition(" ")
    if not argument.strip():
        return None
    named = (one for one in COMMANDS if one.bare is not None and plain(word.rstrip(":,")) in one.names)
    return next(((one, argument) for one in named if one.bare is not None and one.bare(call, argument)), None)


def _turns_away(call: Call) -> bool:
    """Whether somebody who was asked whom they look for does something else: that question is over then."""
    form = steps.form_of(call)
    return (
        form is not None and not form.reviewed and (call.message.text.startswith("/") or call.message.token.startswith("do:"))
    )


async def _commanded(call: Call) -> None:
    name, argument = _command(call.message.text)
    for command in COMMANDS:
        if name in command.names:
            await (command.handler(call, argument) if command.takes_word else command.handler(call))
            return
    for form in call.desk.forms.values():
        if _opens(form, name):
            await reporting.start(call, form.name)
            return
    await menu.show(call, Say("command.unknown"))


async def _tapped(call: Call) -> None:
    if call.message.token.startswith("do:"):
        if call.message.message_id:
            at = (call.message.bot, call.message.address, call.message.message_id)
            call.stays = await outbox.must_stay(call.tx, *at)
        verb, *arguments = call.message.token.removeprefix("do:").split(":")
        if verb in VERBS and fits(VERBS[verb], arguments):
            await VERBS[verb](call, *arguments)
        else:
            await menu.show(call)  # a button of an older release, or one that nobody made
        return
    token = Token.parse(call.message.token)
    form = steps.form_of(call)
    if token is not None and form is not None and call.draft is not None and token.draft == call.draft.id:
        event = steps.reading(call, form, call.draft)
        if event is None:
            steps.show_open(call, Say("draft.stale"))
        else:
            await _stepped(call, form, event)
        return
    await _gone(call, token)


async def _gone(call: Call, token: Token | None) -> None:
    """A button of something that is over: say what became of it."""
    filed = await records.current(call.tx, call.desk.keys, token.draft) if token is not None else None
    if filed is not None:
        call.say(Say("filed.already", code=filed.id), fresh=True)
    elif not steps.show_open(call, Say("draft.stale")):
        call.say(Say("draft.gone"), rows=((HOME,),), fresh=True)


async def _answered(call: Call) -> None:
    form = steps.form_of(call)
    assert form is not None
    assert call.draft is not None
    event = steps.reading(call, form, call.draft)
    if event is None:
        steps.show_open(call, Say("draft.stale"))
    else:
        await _stepped(call, form, event)


async def _stepped(call: Call, form: type[Form], event: Event) -> None:
    if steps.step(call, form, event) is Outcome.FILED:
        if form in SAVED:
            await SAVED[form](call)
        else:
            await filing.confirm(call, form)
