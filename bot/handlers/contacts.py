"""Contacts by their names alone, and the list of those about whom more has to be asked."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.engine import CANCEL
from bot.conversation.form import label
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, is_official, may
from bot.domain.units import VILLAGE
from bot.domain.vietnamese import fold
from bot.forms.contact import Contact
from bot.handlers import areas
from bot.handlers.call import Call
from bot.handlers.duplicates import around, note
from bot.handlers.filing import file_report
from bot.handlers.paging import page_of, paged
from bot.reports.phrases import HOME, place, who_is
from bot.reports.to_complete import Incomplete, counts, to_complete
from bot.storage import persons


async def named(call: Call) -> None:
    """Every name of the open draft becomes a contact of its case, but who is one of them already."""
    assert call.draft is not None
    draft = call.draft
    if not may(call.user.roles, Act.REPORT, draft.unit, call.tree):
        cancel = Choice(f"{draft.id}:{draft.revision}:{CANCEL}", Say("button.cancel"))
        call.say(Say("access.lost_village"), rows=((cancel, HOME),))
        return
    case = draft.answers.get("source_case")
    known = await _contacts_of(call, case, draft.unit)
    new = [name for name in draft.answers["names"] if fold(name) not in known]
    ids = [draft.id, *(call.desk.new_id() for _ in new[1:])]
    near = await around(call.tx, call.desk, call.tree, call.user, draft.unit)
    call.close_draft()
    for record_id, name in zip(ids, new, strict=False):
        answers = {"full_name": name, "source_case": case}
        one = replace(draft, id=record_id, form=Contact.name, version=Contact.version, answers=answers)
        await file_report(call.tx, call.desk, call.tree, call.user, Contact, one, call.at)
        await note(call.tx, record_id, [match.id for match in near.alike(answers)], call.at)
    lines = [Say("complete.named", n=len(new))] if new else []
    if again := [Say("value.as_written", value=name) for name in draft.answers["names"] if fold(name) in known]:
        lines.append(Say("complete.known", names=again))
    call.say(*lines, rows=((Choice("do:complete", Say("menu.complete")),), (HOME,)))


async def _contacts_of(call: Call, case: str | None, unit: str) -> set[str]:
    """The folded names of whom this village knows as contacts of a case: the same list sent twice adds nobody."""
    near = [one for one in await persons.from_cases(call.tx, call.desk.keys, [case]) if one.unit == unit] if case else []
    known = await persons.of_ids(call.tx, call.desk.keys, {one.person_id for one in near if one.person_id})
    return {fold(str(one.identity["full_name"])) for one in known.values()}


async def incomplete(call: Call, page: str = "0") -> None:
    """Who was reported by little more than a name in one's own area; a button for each asks what is missing.

    For the commune these are the contacts whom nobody follows yet.
    """
    units = {unit: at for at, unit in enumerate(areas.whole(call, Act.CORRECT))}
    found = sorted(await to_complete(call.tx, call.desk.keys, units), key=lambda one: units[one.record.unit])
    if not found:
        call.say(Say("complete.none"), rows=((HOME,),))
        return
    official = is_official(call.user.roles)
    title = Say("complete.unfollowed" if official else "complete.title", counts=counts(found))
    here = page_of(len(found), page, call.message.channel, [HOME]).of(found)
    choices = [Choice(f"do:correct:{one.record.id}", Say("value.as_written", value=_button(one, found))) for one in found]
    rows = paged(choices, page, "do:complete", call.message.channel, [HOME])
    call.say(title, *(_line(call, one, official) for one in here), rows=rows)


def _button(one: Incomplete, found: list[Incomplete]) -> str:
    """The name; with the code if another has the same."""
    name = who_is(one.person)
    return name if sum(who_is(other.person) == name for other in found) == 1 else f"{name} ({one.record.id})"


def _line(call: Call, one: Incomplete, official: bool) -> Say:
    form = call.desk.forms[one.record.kind]
    missing = [label(form, name) for name in one.missing]
    unit = call.tree.get(one.record.unit)
    if official and unit is not None and unit.level == VILLAGE:
        return Say("complete.line_where", person=who_is(one.person), unit=place(unit), missing=missing)
    return Say("complete.line", person=who_is(one.person), missing=missing)
