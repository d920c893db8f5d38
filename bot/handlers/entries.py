"""What one may do here, entry by entry: what stands under "Thêm" and what the help tells come from this one table.

A new entry is one row of ``ENTRIES`` and its words: ``menu.<key>`` on the button, ``command.<key>.help`` in the help.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, is_official, reach, villages_of, works_for
from bot.handlers import absence, linking
from bot.handlers.call import Call

Who = Callable[[Call], bool]


class Group(StrEnum):
    """Where an entry stands for officials, who have too many for one list; in this order."""

    REPORTS = "reports"
    PEOPLE = "people"
    FIGURES = "figures"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Entry:
    """``who`` sees it. Without a ``group`` it has no button and is only typed; ``told`` gives it a line of the help.

    Its button asks for the ``verb``, by default the key; ``choices`` are its buttons where they are not this one.
    """

    key: str
    group: Group | None
    who: Who
    verb: str = ""
    told: bool = True
    choices: Callable[[Call], Awaitable[list[Choice]]] | None = None

    @property
    def button(self) -> Choice:
        return Choice(f"do:{self.verb or self.key}", Say(f"menu.{self.key}"))


def anybody(_: Call) -> bool:
    return True


def can(act: Act) -> Who:
    """Who may do this anywhere."""
    return lambda call: bool(reach(call.user.roles, act, call.tree))


def official(call: Call) -> bool:
    return is_official(call.user.roles)


def office(call: Call) -> bool:
    """Whether one works where figures are reviewed and confirmed."""
    return any(works_for(call.user.roles, held.unit) for held in call.user.roles)


def reports(call: Call) -> bool:
    """Whether there is a village that one reports for."""
    return bool(villages_of(call.user.roles, Act.REPORT, call.tree))


def has_a_place(call: Call) -> bool:
    """Whether there is a team or an office in which somebody may stand in."""
    return bool(absence.own(call))


def several_channels(call: Call) -> bool:
    return len(call.desk.channels) > 1


def forms_of(call: Call, *menus: str) -> list[Choice]:
    """A button for each report of these menus that one may file."""
    return [
        Choice(f"do:form:{form.name}", Say(f"form.{form.name}.menu"))
        for form in call.desk.forms.values()
        if form.menu in menus and form.alone and reach(call.user.roles, Act(form.needs), call.tree)
    ]


async def _every_form(call: Call) -> list[Choice]:
    return forms_of(call, "main", "people", "more")


async def _questions(call: Call) -> list[Choice]:
    """Who asks and who is asked come to different lists."""
    return [Choice("do:ask", Say("menu.ask" if official(call) else "menu.asked"))]


async def _away(call: Call) -> list[Choice]:
    """A team, whose list is one page, types it."""
    return [Choice("do:away", Say("menu.away"))] if official(call) else []


ENTRIES = (
    Entry("menu", None, anybody),
    Entry("form", Group.REPORTS, reports, told=False, choices=_every_form),
    Entry("template", Group.REPORTS, can(Act.REPORT)),
    Entry("amend", None, can(Act.CORRECT)),
    Entry("cancel", None, anybody),
    Entry("waiting", Group.REPORTS, can(Act.TYPE_IN)),
    Entry("calls", Group.REPORTS, can(Act.CALL)),
    Entry("ways", Group.REPORTS, can(Act.CALL)),
    Entry("visits", Group.PEOPLE, reports),
    Entry("countdown", Group.PEOPLE, reports),
    Entry("sampling", Group.PEOPLE, reports),
    Entry("situation", Group.FIGURES, can(Act.SEE_FIGURES)),
    Entry("missing", None, can(Act.SEE_FIGURES)),
    Entry("list", Group.PEOPLE, can(Act.SEE_PEOPLE)),
    Entry("search", Group.PEOPLE, can(Act.SEE_PEOPLE)),
    Entry("filter", Group.PEOPLE, can(Act.SEE_PEOPLE)),
    Entry("decisions", Group.PEOPLE, can(Act.DECIDE)),
    Entry("complete", Group.PEOPLE, can(Act.CORRECT)),
    Entry("aids", Group.PEOPLE, can(Act.CORRECT)),
    Entry("transfers", Group.PEOPLE, can(Act.TRANSFER)),
    Entry("doubles", Group.PEOPLE, can(Act.JOIN)),
    Entry("board", Group.FIGURES, office),
    Entry("shift", None, office),
    Entry("signing", Group.FIGURES, office),
    Entry("balance", Group.FIGURES, can(Act.SEE_PEOPLE)),
    Entry("differ", Group.FIGURES, can(Act.SEE_FIGURES)),
    Entry("ask", Group.FIGURES, can(Act.SEE_FIGURES), choices=_questions),
    Entry("progress", None, official),
    Entry("statistics", Group.FIGURES, official, verb="stats:::month"),
    Entry("table", Group.FIGURES, office),
    Entry("openings", Group.FIGURES, can(Act.OPEN)),
    Entry("invite", Group.SETTINGS, can(Act.INVITE)),
    Entry("away", Group.SETTINGS, has_a_place, choices=_away),
    Entry("link", Group.SETTINGS, several_channels, choices=linking.entry),
    Entry("help", Group.SETTINGS, anybody, told=False),
    Entry("language", Group.SETTINGS, anybody),
)


def entry(key: str) -> Entry:
    return next(one for one in ENTRIES if one.key == key)


async def choices(call: Call) -> dict[Group, list[Choice]]:
    """The buttons that one sees, by group; no group is empty."""
    found: dict[Group, list[Choice]] = {}
    for group in Group:
        for one in ENTRIES:
            if one.group is group and one.who(call):
                found.setdefault(group, []).extend([one.button] if one.choices is None else await one.choices(call))
    return {group: buttons for group, buttons in found.items() if buttons}
