"""Coming in: an invite, the privacy notice, how one wants to be addressed; later, language and profile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from bot.conversation.draft import Answers
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import OFFICIALS, RoleAt
from bot.domain.answers import PersonName
from bot.domain.invites import looks_like_code, tidy_code
from bot.forms.profile import AddressForm, Profile
from bot.handlers import linking, menu, reporting, steps
from bot.handlers.call import NOTICE_VERSION, Call
from bot.storage import codes, people
from bot.storage.drafts import Chat
from bot.storage.people import NewUser
from bot.texts import languages

NO_NAME = "–"


async def start(call: Call, code: str = "") -> None:
    """/start, with or without an invite's code."""
    if code:
        await redeem(call, code)
    elif call.who is None or not call.who.roles:
        call.say(Say("start.unknown"))
    elif call.who.notice_version != NOTICE_VERSION:
        notice(call)
    else:
        await menu.show(call, Say("start.welcome_back", name=call.who.name))


async def stranger(call: Call) -> None:
    """Somebody without a role wrote: an invite's code, or anything else."""
    if looks_like_code(call.message.text) and not call.message.text.startswith("/"):  # "/danhsach" could be one
        await redeem(call, call.message.text)
    else:
        call.say(Say("start.unknown"))


async def maybe_code(call: Call) -> None:
    """Somebody who has a role typed eight letters: another invite's code, or just a word, which gets the menu."""
    await redeem(call, call.message.text, otherwise=menu.show)


async def redeem(call: Call, typed: str, otherwise: Callable[[Call], Awaitable[None]] | None = None) -> None:
    """Use a code: one that joins this account to its person's first one, or an invite."""
    code, message = tidy_code(typed), call.message
    chat = Chat(message.channel, message.bot, message.address)
    stranger = call.who is None or not call.who.roles
    if stranger and await codes.guessed_too_often(call.tx, chat, call.at):
        call.say(Say("start.too_many_codes"))
        return
    answer = await linking.join(call, code) or await _let_in(call, code)
    if answer is not None:
        await _go_on(call, answer)
    elif otherwise is not None:
        await otherwise(call)
    else:
        if stranger:
            await codes.note_wrong(call.tx, chat, call.at)
        call.say(Say("start.bad_code"))


async def _let_in(call: Call, code: str) -> Say | None:
    """Give an invite's role to this account's user, who is made if need be; the welcome. None if no such code can be used."""
    user_id = call.who.id if call.who else call.desk.new_id()
    invite = await people.redeem(call.tx, call.desk.keys, code, user_id, call.at)
    if invite is None:
        return None
    message = call.message
    if call.who is None:
        address_form = AddressForm.DONG_CHI.value if invite.role in OFFICIALS else "anh_chi"
        name = _name(message.display_name)
        new = NewUser(user_id, name or NO_NAME, address_form, call.desk.language)
        await people.add_user(call.tx, call.desk.keys, new, call.at)
        await people.link(call.tx, message.channel, message.bot, message.address, user_id, call.at)
    await people.grant(call.tx, user_id, RoleAt(invite.role, invite.unit), invite.created_by, call.at)
    known = await people.at_addresses(call.tx, call.desk.keys, message.channel, message.bot, [message.address])
    call.who = known[message.address]
    held = [n for n, role in enumerate(call.who.roles) if (role.role, role.unit) == (invite.role, invite.unit)]
    return Say("start.welcome", role=menu.role_at(call, held[0]))


async def _go_on(call: Call, answer: Say) -> None:
    """What a code led to, and what the person can do now."""
    if call.who is None or not call.who.roles:
        call.say(answer)
    elif call.who.notice_version == NOTICE_VERSION:
        await menu.show(call, answer)
    else:
        notice(call, answer)


def _name(shown: str) -> str | None:
    try:
        return TypeAdapter[str](PersonName).validate_python(shown)
    except ValidationError:
        return None


def notice(call: Call, *before: Say) -> None:
    """What is stored, why, who answers for it, which rights one has; nothing is ticked beforehand (Law 91/2025/QH15)."""
    rows = ((Choice("do:agree", Say("button.agree")), Choice("do:disagree", Say("button.disagree"))),)
    controller = call.desk.controller or Say("notice.no_controller")
    call.say(*before, Say("notice.text", controller=controller), rows=rows)


async def agree(call: Call) -> None:
    """Note the agreement; then the profile is asked, or what was open before a new notice came."""
    known = call.user.notice_version == NOTICE_VERSION  # tapped twice, or on an old message
    if not known:
        await people.change_user(call.tx, call.user.id, notice=(NOTICE_VERSION, call.at))
        call.who = replace(call.user, notice_version=NOTICE_VERSION)
    if steps.show_open(call):
        return
    if known:
        await menu.show(call)
        return
    _ask_profile(call, {}, Say("notice.agreed"))


async def disagree(call: Call) -> None:
    """Refused, or taken back: until there is an agreement, nothing is shown and nothing is sent."""
    await people.withdraw_notice(call.tx, call.user.id)
    call.say(Say("notice.disagreed"), rows=((Choice("do:agree", Say("button.agree")),),))


async def profile(call: Call, drop: str = "") -> None:
    """Change how one is known: opens with what is stored."""
    if reporting.busy(call, Profile.name, drop, lambda draft: f"do:profile:{draft}"):
        return
    known = {"address_form": call.user.address_form, "full_name": call.user.name, "phone": call.user.phone}
    _ask_profile(call, known)


def _ask_profile(call: Call, known: Answers, *before: Say) -> None:
    if call.draft is not None:
        call.close_draft()
    turn = opened(Profile, call.desk.new_id(), "", known, {"unit_name": ""}, call.today)
    call.keep(turn.draft)
    call.show(turn.prompt, before=before)


async def save_profile(call: Call) -> None:
    """The profile was confirmed."""
    assert call.draft is not None
    answers = call.draft.answers
    await people.change_user(call.tx, call.user.id, address_form=answers["address_form"])
    await people.introduce(call.tx, call.desk.keys, call.user.id, answers["full_name"], answers.get("phone"))
    call.who = replace(call.user, name=answers["full_name"], phone=answers.get("phone"), address_form=answers["address_form"])
    call.close_draft()
    await menu.show(call, Say("profile.saved", name=answers["full_name"]))


async def language(call: Call, chosen: str = "") -> None:
    """Choose the language of every sentence; without one, ask."""
    chosen = chosen.lower()
    if chosen not in languages():
        rows = tuple((Choice(f"do:language:{name}", Say(f"language.{name}")),) for name in languages())
        call.say(Say("language.ask"), rows=rows)
        return
    await people.change_user(call.tx, call.user.id, language=chosen)
    call.who = replace(call.user, language=chosen)
    await menu.show(call, Say("language.done"))
