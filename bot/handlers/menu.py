"""What a person sees outside any report. A village head sees four buttons; the rest is under "Thêm"."""

from __future__ import annotations

from bot.conversation.engine import Cancel
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, is_official, reach
from bot.domain.phones import show_phone
from bot.domain.units import COMMUNE
from bot.handlers import officers, steps
from bot.handlers.call import Call
from bot.handlers.entries import ENTRIES, choices, entry, forms_of, office
from bot.handlers.paging import paged
from bot.reports.phrases import HOME, place

MOST_AT_ONCE = 8
"""So many entries are seen without choosing a group first."""


def _rows(call: Call) -> Rows:
    more = Choice("do:more", Say("menu.more"))
    if is_official(call.user.roles):
        people = entry("list")
        return (
            (entry("situation").button, entry("missing").button),
            *(((entry("board").button, entry("signing").button),) if office(call) else ()),
            (people.button, more) if people.who(call) else (more,),
        )
    return (
        *((choice,) for choice in forms_of(call, "main")),
        (Choice("do:people", Say("menu.people")),),
        (Choice("do:call", Say("menu.call_commune")), more),
    )


async def show(call: Call, *before: Say) -> None:
    """The menu, with "Tiếp tục" on top if a report is half written."""
    rows = _rows(call)
    lines = [*before]
    if call.draft is not None and call.draft.form in call.desk.forms:
        rows = ((Choice("do:resume", Say("button.resume")),), *rows)
        lines.append(Say("draft.unfinished", form=Say(f"form.{call.draft.form}.title")))
    call.say(*lines, Say("menu.title"), rows=rows)


async def more(call: Call, group: str = "", page: str = "0") -> None:
    """Everything that the first menu does not show. Officials have so much of it that they choose a group first."""
    first = {choice.key for row in _rows(call) for choice in row}
    found = {name: [one for one in offered if one.key not in first] for name, offered in (await choices(call)).items()}
    found = {name: offered for name, offered in found.items() if offered}
    title, listed, back = Say("menu.more_title"), [one for offered in found.values() for one in offered], "do:menu"
    if is_official(call.user.roles) and len(listed) > MOST_AT_ONCE:
        if (chosen := next((name for name in found if name == group), None)) is None:
            listed = [Choice(f"do:more:{name}", Say(f"menu.group.{name}")) for name in found]
        else:
            title, listed, back = Say(f"menu.group.{chosen}"), found[chosen], "do:more"
    below = [Choice(back, Say("button.back"))]
    call.say(title, rows=paged(listed, page, f"do:more:{group}", call.message.channel, below, per_row=1))


async def people_menu(call: Call) -> None:
    """Somebody came or went: which of the two?"""
    call.say(Say("menu.people_title"), rows=(*in_rows(forms_of(call, "people"), 1), (Choice("do:menu", Say("button.back")),)))


async def call_commune(call: Call) -> None:
    """Who to ring at the commune: names and numbers as text, which phones make callable."""
    communes = {up.code for top in reach(call.user.roles, Act.REPORT, call.tree) if (up := call.tree.above(top.code, COMMUNE))}
    lines = await officers.to_call(call.tx, call.desk.keys, communes)
    back = ((Choice("do:menu", Say("button.back")),),)
    call.say(Say("menu.call_title") if lines else Say("menu.nobody_to_call"), *lines, rows=back)


async def help_(call: Call) -> None:
    """What one can do here, command by command."""
    lines = [Say(f"command.{one.key}.help") for one in ENTRIES if one.told and one.who(call)]
    phone = call.user.phone
    shown = show_phone(phone) if phone else Say("value.none")
    me = Say("help.you", name=call.user.name, phone=shown, roles=[role_at(call, n) for n in range(len(call.user.roles))])
    call.say(
        Say("help.title"),
        *lines,
        me,
        rows=((Choice("do:profile", Say("button.profile")), HOME),),
    )


def role_at(call: Call, number: int) -> Say:
    """A role with its unit's name, in words."""
    held = call.user.roles[number]
    unit = call.tree.get(held.unit)
    return Say("role.at", role=Say(f"role.{held.role}"), unit=place(unit) if unit else held.unit)


async def cancel(call: Call) -> None:
    """Drop the open report, if there is one."""
    form = steps.form_of(call)
    if form is None or call.draft is None:
        await show(call, Say("draft.nothing_to_cancel"))
    else:
        steps.step(call, form, Cancel())
