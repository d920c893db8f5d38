"""What a person sees outside any report. A village head sees four buttons; the rest is under "Thêm"."""

from __future__ import annotations

from bot.conversation.form import Form
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, is_official, reach, villages_of, works_for
from bot.domain.phones import show_phone
from bot.domain.units import COMMUNE
from bot.handlers import linking, officers
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.phrases import place


def _form_choice(form: type[Form]) -> Choice:
    return Choice(f"do:form:{form.name}", Say(f"form.{form.name}.menu"))


def _forms(call: Call, *menus: str) -> list[Choice]:
    return [
        _form_choice(form)
        for form in call.desk.forms.values()
        if form.menu in menus and form.alone and reach(call.user.roles, Act(form.needs), call.tree)
    ]


def _rows(call: Call) -> Rows:
    more = Choice("do:more", Say("menu.more"))
    if is_official(call.user.roles):
        return (
            (Choice("do:situation", Say("menu.situation")), Choice("do:missing", Say("menu.missing"))),
            *(((Choice("do:board", Say("menu.board")), Choice("do:signing", Say("menu.signing"))),) if _office(call) else ()),
            (Choice("do:list", Say("menu.list")), more) if reach(call.user.roles, Act.SEE_PEOPLE, call.tree) else (more,),
        )
    return (
        *((choice,) for choice in _forms(call, "main")),
        (Choice("do:people", Say("menu.people")),),
        (Choice("do:call", Say("menu.call_commune")), more),
    )


def _office(call: Call) -> bool:
    """Whether one works where figures are reviewed and confirmed."""
    return any(works_for(call.user.roles, held.unit) for held in call.user.roles)


async def show(call: Call, *before: Say) -> None:
    """The menu, with "Tiếp tục" on top if a report is half written."""
    rows = _rows(call)
    lines = [*before]
    if call.draft is not None and call.draft.form in call.desk.forms:
        rows = ((Choice("do:resume", Say("button.resume")),), *rows)
        lines.append(Say("draft.unfinished", form=Say(f"form.{call.draft.form}.title")))
    call.say(*lines, Say("menu.title"), rows=rows)


async def more(call: Call, page: str = "0") -> None:
    """Everything that the first menu does not show, in pages where choices are numbers."""
    choices = []
    if villages_of(call.user.roles, Act.REPORT, call.tree):
        wanted = ("main", "people", "more") if is_official(call.user.roles) else ("people", "more")
        choices += [*_forms(call, *wanted), *_following()]
    if not is_official(call.user.roles):
        choices += [Choice("do:situation", Say("menu.situation")), Choice("do:list", Say("menu.list"))]
    if reach(call.user.roles, Act.SEE_PEOPLE, call.tree):
        choices += [Choice("do:search", Say("menu.search")), Choice("do:filter", Say("menu.filter"))]
    if is_official(call.user.roles):
        choices.append(Choice("do:differ", Say("menu.differ")))
    if reach(call.user.roles, Act.SEE_PEOPLE, call.tree):
        choices.append(Choice("do:balance", Say("menu.balance")))
    if reach(call.user.roles, Act.CORRECT, call.tree):
        choices.append(Choice("do:complete", Say("button.complete")))
    if reach(call.user.roles, Act.CORRECT, call.tree):
        choices.append(Choice("do:aids", Say("menu.aids")))
    if reach(call.user.roles, Act.TRANSFER, call.tree):
        choices.append(Choice("do:transfers", Say("menu.transfers")))
    if reach(call.user.roles, Act.CALL, call.tree):
        choices += [Choice("do:calls", Say("menu.calls")), Choice("do:ways", Say("menu.ways"))]
    if reach(call.user.roles, Act.REPORT, call.tree):
        choices.append(Choice("do:template", Say("menu.template")))
    if reach(call.user.roles, Act.TYPE_IN, call.tree):
        choices.append(Choice("do:waiting", Say("menu.waiting")))
    if reach(call.user.roles, Act.DECIDE, call.tree):
        choices.append(Choice("do:decisions", Say("menu.decisions")))
    if reach(call.user.roles, Act.JOIN, call.tree):
        choices.append(Choice("do:doubles", Say("menu.doubles")))
    if is_official(call.user.roles):
        choices.append(Choice("do:stats:::month", Say("menu.statistics")))
    if _office(call):
        choices.append(Choice("do:table", Say("own_table.button.open")))
    if reach(call.user.roles, Act.OPEN, call.tree):
        choices.append(Choice("do:openings", Say("menu.openings")))
    if reach(call.user.roles, Act.INVITE, call.tree):
        choices.append(Choice("do:invite", Say("menu.invite")))
    choices += await linking.entry(call)
    choices += [Choice("do:help", Say("menu.help")), Choice("do:language", Say("menu.language"))]
    back = Choice("do:menu", Say("button.back"))
    call.say(Say("menu.more_title"), rows=paged(choices, page, "do:more", call.message.channel, [back], per_row=1))


def _following() -> list[Choice]:
    return [Choice(f"do:{name}", Say(f"menu.{name}")) for name in ("visits", "countdown", "sampling")]


async def people_menu(call: Call) -> None:
    """Somebody came or went: which of the two?"""
    call.say(Say("menu.people_title"), rows=(*in_rows(_forms(call, "people"), 1), (Choice("do:menu", Say("button.back")),)))


async def call_commune(call: Call) -> None:
    """Who to ring at the commune: names and numbers as text, which phones make callable."""
    communes = {up.code for top in reach(call.user.roles, Act.REPORT, call.tree) if (up := call.tree.above(top.code, COMMUNE))}
    lines = await officers.to_call(call.tx, call.desk.keys, communes)
    back = ((Choice("do:menu", Say("button.back")),),)
    call.say(Say("menu.call_title") if lines else Say("menu.nobody_to_call"), *lines, rows=back)


async def help_(call: Call) -> None:
    """What one can do here, command by command."""
    lines = [Say(f"command.{name}.help") for name in ("menu", "situation", "missing", "cancel", "language")]
    if reach(call.user.roles, Act.SEE_PEOPLE, call.tree):
        lines += [Say(f"command.{name}.help") for name in ("list", "search", "filter")]
    if reach(call.user.roles, Act.SEE_PEOPLE, call.tree):
        lines += [Say("command.balance.help"), Say("command.differ.help")]
    if is_official(call.user.roles):
        lines += [Say("command.progress.help"), Say("command.statistics.help")]
    if _office(call):
        lines += [Say(f"command.{name}.help") for name in ("board", "shift", "signing", "table")]
    if villages_of(call.user.roles, Act.REPORT, call.tree):
        lines += [Say(f"command.{name}.help") for name in ("visits", "countdown", "sampling")]
    if reach(call.user.roles, Act.CORRECT, call.tree):
        lines += [Say("command.amend.help"), Say("command.complete.help"), Say("command.aids.help")]
    if reach(call.user.roles, Act.TRANSFER, call.tree):
        lines.append(Say("command.transfers.help"))
    if reach(call.user.roles, Act.CALL, call.tree):
        lines += [Say("command.calls.help"), Say("command.ways.help")]
    if reach(call.user.roles, Act.REPORT, call.tree):
        lines.append(Say("command.template.help"))
    if reach(call.user.roles, Act.TYPE_IN, call.tree):
        lines.append(Say("command.waiting.help"))
    if reach(call.user.roles, Act.DECIDE, call.tree):
        lines.append(Say("command.decisions.help"))
    if reach(call.user.roles, Act.JOIN, call.tree):
        lines.append(Say("command.doubles.help"))
    if reach(call.user.roles, Act.OPEN, call.tree):
        lines.append(Say("command.openings.help"))
    if reach(call.user.roles, Act.INVITE, call.tree):
        lines.append(Say("command.invite.help"))
    if len(call.desk.channels) > 1:
        lines.append(Say("command.link.help"))
    phone = call.user.phone
    shown = show_phone(phone) if phone else Say("value.none")
    me = Say("help.you", name=call.user.name, phone=shown, roles=[role_at(call, n) for n in range(len(call.user.roles))])
    call.say(
        Say("help.title"),
        *lines,
        me,
        rows=((Choice("do:profile", Say("button.profile")), Choice("do:menu", Say("button.menu"))),),
    )


def role_at(call: Call, number: int) -> Say:
    """A role with its unit's name, in words."""
    held = call.user.roles[number]
    unit = call.tree.get(held.unit)
    return Say("role.at", role=Say(f"role.{held.role}"), unit=place(unit) if unit else held.unit)
