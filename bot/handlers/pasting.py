"""Paste to report (N3, N16): a text as teams write it becomes cards that are confirmed by one tap.

Nothing counts before the tap. What was read is a row, so a restart loses nothing; whether somebody was filed is asked of the
records, whose ids were given away when the text was read, so that a second tap files nobody twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.draft import REVIEW, Answers, Draft
from bot.conversation.engine import opened
from bot.conversation.form import Form, label, passed_over, relevant_steps
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may, villages_of
from bot.domain.paste import Found, Reading, Village, read
from bot.domain.units import OrgUnit, Tree
from bot.handlers import filing, reporting
from bot.handlers.call import Call, Desk
from bot.handlers.duplicates import MOST, Around, about_someone, around, note
from bot.handlers.lookups import looked_up
from bot.handlers.paging import paged
from bot.reports.phrases import HOME, place, who_is
from bot.storage import pasted, records
from bot.storage.database import Tx
from bot.storage.pasted import Item, Pasted
from bot.storage.people import Who

ON_A_CARD = 5  # people; more make a message nobody reads
LONGEST = 20_000  # characters
ZERO = "zero_report"


async def offer(call: Call) -> bool:
    """Show what a text says that is no answer to anything; False if nothing in it is a report."""
    text, reporting_for = call.message.text, villages_of(call.user.roles, Act.REPORT, call.tree)
    if not reporting_for or len(text) > LONGEST:
        return False
    known = [Village(unit.code, _names(call, unit)) for unit in reporting_for]
    reading = read(text, call.today, known)
    only = reporting_for[0].code if len(reporting_for) == 1 else ""
    found = _pasted(call, reading, only)
    if not found.items and not found.zero:
        return False
    if not found.items and len(found.zero) == 1 and found.zero[0]:
        await reporting.start(call, ZERO, found.zero[0])
        return True
    await pasted.keep(call.tx, call.desk.keys, call.user.id, found, call.at)
    await show(call, found.id)
    return True


def _names(call: Call, unit: OrgUnit) -> tuple[str, ...]:
    return tuple(dict.fromkeys((unit.name, call.voice(place(unit)))))


def _pasted(call: Call, reading: Reading, only: str) -> Pasted:
    """What was read as rows of a card. ``only`` is the village of whoever reports for one."""
    people = [found for found in reading.people if found.kind in call.desk.forms and "full_name" in found.answers]
    unclear = [found.line for found in reading.people if found not in people]
    zero = dict.fromkeys(one.village or only for one in reading.nothing_new)
    unread = dict.fromkeys([*(one.text for one in reading.not_understood), *unclear])
    new = call.desk.new_id
    return Pasted(new(), tuple(_item(found, new(), only) for found in people), tuple(zero), tuple(unread))


def _item(found: Found, record: str, only: str) -> Item:
    return Item(record, str(found.kind), found.village or only, dict(found.answers), found.line)


async def show(call: Call, paste: str, group: str = "", page: str = "0") -> None:
    """The card of one village's people; of several villages, first which."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is None or kept.id != paste:
        call.say(Say("paste.over"), rows=((HOME,),), fresh=True)
        return
    groups = _groups(kept)
    if not group and len(groups) > 1:
        await _choose_group(call, kept, groups, page)
        return
    unit = group if group in groups else groups[0] if groups else ""
    await _card(call, kept, unit)


def _groups(kept: Pasted) -> list[str]:
    """The villages of the text, "?" where nobody knows."""
    return list(dict.fromkeys([*(item.unit or "?" for item in kept.items), *(unit or "?" for unit in kept.zero)]))


async def _choose_group(call: Call, kept: Pasted, groups: Sequence[str], page: str) -> None:
    filed = await _filed(call, kept.items)
    choices = []
    for unit in groups:
        left = [item for item in _of(kept, unit) if item.record not in filed]
        name = place(call.tree[unit]) if unit in call.tree else Say("paste.no_village")
        told = Say("paste.group", unit=name, n=len(left)) if _of(kept, unit) else Say("paste.group_zero", unit=name)
        choices.append(Choice(f"do:paste:{kept.id}:{unit}", told))
    below = [Choice(f"do:paste_no:{kept.id}", Say("button.not_a_report")), HOME]
    lines = [Say("paste.title", n=len(kept.items)), *_unread(kept)]
    call.say(*lines, rows=paged(choices, page, f"do:paste:{kept.id}:", call.message.channel, below))


def _of(kept: Pasted, unit: str) -> list[Item]:
    return [item for item in kept.items if (item.unit or "?") == unit and not item.dropped]


async def _filed(call: Call, items: Iterable[Item]) -> set[str]:
    return set(await records.as_known(call.tx, call.desk.keys, [item.record for item in items]))


async def _card(call: Call, kept: Pasted, unit: str, *before: Say) -> None:
    items, filed = _of(kept, unit), await _filed(call, kept.items)
    open_ = [item for item in items if item.record not in filed]
    lines = [*before]
    if unit == "?" and open_:
        await _ask_village(call, kept, "0")
        return
    name = place(call.tree[unit]) if unit in call.tree else Say("paste.no_village")
    known = await _known(call, unit, open_)
    if open_:
        lines.append(Say("paste.card", unit=name, n=len(open_)))
        for number, item in enumerate(open_[:ON_A_CARD], 1):
            lines += _told(call, number, item)
            lines += [Say("paste.perhaps_known", people=known[item.record])] if item.record in known else []
        if len(open_) > ON_A_CARD:
            lines.append(Say("paste.and_more", n=len(open_) - ON_A_CARD))
    elif unit in kept.zero:
        lines.append(Say("paste.zero", unit=name))
    else:
        lines.append(Say("paste.all_done", unit=name))
    call.say(*lines, *_unread(kept), rows=_rows(call, kept, unit, open_, known))


async def _known(call: Call, unit: str, items: Sequence[Item]) -> dict[str, list[Say]]:
    """Of these people those who are perhaps known already, by record: who they are known as."""
    if not items or unit not in call.tree:
        return {}
    near = await around(call.tx, call.desk, call.tree, call.user, unit)
    found = {item.record: near.asked(near.alike(item.answers))[:MOST] for item in items}
    return {
        record: [Say("value.as_written", value=who_is(near.people[one.id])) for one in matches]
        for record, matches in found.items()
        if matches
    }


def _rows(call: Call, kept: Pasted, unit: str, open_: Sequence[Item], known: Collection[str]) -> Rows:
    lacking = [item for item in open_ if missing(call.desk.forms[item.form], item.answers)]
    complete = [item for item in open_ if item not in lacking and item.record not in known]
    rows: list[tuple[Choice, ...]] = []
    if complete or (not open_ and unit in kept.zero):
        said = Say("button.send") if len(open_) <= 1 else Say("paste.send", n=len(complete))
        rows.append((Choice(f"do:paste_send:{kept.id}:{unit}", said),))
    if waiting := next((item for item in open_ if item not in complete), None):
        said = Say("paste.complete" if waiting in lacking else "paste.compare", name=str(waiting.answers["full_name"]))
        rows.append((Choice(f"do:paste_more:{kept.id}:{waiting.record}", said),))
    if len(open_) > 1:
        leave = [
            Choice(f"do:paste_drop:{kept.id}:{item.record}", Say("paste.leave_out", name=str(item.answers["full_name"])))
            for item in open_[:ON_A_CARD]
        ]
        rows += in_rows(leave, 2)
    last = [Choice(f"do:paste_no:{kept.id}", Say("button.not_a_report"))] if open_ else []
    if len(_groups(kept)) > 1:
        last = [Choice(f"do:paste:{kept.id}", Say("button.back"))]
    return (*rows, (*last, HOME))


def _told(call: Call, number: int, item: Item) -> list[Say]:
    form = call.desk.forms[item.form]
    known = [
        Say("review.line", label=label(form, step.name), value=step.shown(item.answers[step.name]))
        for step in relevant_steps(form, item.answers)
        if item.answers.get(step.name) is not None and step.name != "full_name"
    ]
    lines = [
        Say("paste.person", number=number, name=str(item.answers["full_name"]), form=Say(f"form.{form.name}.title")),
        Say("paste.known", known=known) if known else Say("paste.nothing_else"),
    ]
    if lacking := missing(form, item.answers):
        lines.append(Say("paste.missing", fields=[label(form, name) for name in lacking]))
    return lines


def missing(form: type[Form], answers: Answers) -> list[str]:
    """The questions that must be answered and are not; what may be skipped is taken as skipped."""
    return [step.name for step in relevant_steps(form, answers) if step.name not in answers and not step.may_skip]


def _unread(kept: Pasted) -> list[Say]:
    return [Say("paste.unread", text="\n".join(kept.unread[:ON_A_CARD]))] if kept.unread else []


async def send(call: Call, paste: str, unit: str) -> None:
    """File everybody of this village who lacks nothing and resembles nobody known, or its "nothing new"."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is None or kept.id != paste or not may(call.user.roles, Act.REPORT, unit, call.tree):
        call.say(Say("paste.over"), rows=((HOME,),), fresh=True)
        return
    items, filed = _of(kept, unit), await _filed(call, kept.items)
    if not items and unit in kept.zero:
        await reporting.start(call, ZERO, unit)
        return
    done = []
    near = await around(call.tx, call.desk, call.tree, call.user, unit)
    for item in items:
        if item.record in filed or missing(call.desk.forms[item.form], item.answers):
            continue
        if await file_item(call.tx, call.desk, call.tree, call.user, replace(item, unit=unit), near, call.at):
            done.append(item)
    told = [Say("paste.filed_one", name=str(item.answers["full_name"]), code=item.record) for item in done]
    left = [item for item in items if item not in done and item.record not in filed]
    if left or len(_groups(kept)) > 1:
        rows: Rows = ((Choice(f"do:paste:{kept.id}", Say("paste.go_on")), HOME),)
    else:
        rows = (*((Choice(f"do:person:{item.record}", Say("button.card")),) for item in done[:1]), (HOME,))
    call.say(Say("paste.filed", n=len(done)), *told, rows=rows, fresh=True)


def _source(item: Item) -> dict[str, object]:
    return {"source": item.line}


async def file_item(tx: Tx, desk: Desk, tree: Tree, who: Who, item: Item, near: Around, at: datetime) -> bool:
    """File somebody who lacks nothing; whether it was done: whoever resembles somebody known is asked about first."""
    form = desk.forms[item.form]
    alike = near.alike(item.answers)
    if near.asked(alike):
        return False
    answers = passed_over(form, item.answers)
    draft = Draft(item.record, form.name, form.version, item.unit, REVIEW, answers=answers, facts=_source(item))
    await filing.file_report(tx, desk, tree, who, form, draft, at)
    if about_someone(form):
        await note(tx, item.record, [match.id for match in alike], at)
        near.add(item.record, item.unit, item.answers, at)
    return True


async def complete(call: Call, paste: str, record: str, drop: str = "") -> None:
    """Ask for what one person lacks, or whether they are known; their report is then confirmed like any other."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    item = next((one for one in kept.items if one.record == record), None) if kept and kept.id == paste else None
    if item is None or record in await _filed(call, [item]) or not may(call.user.roles, Act.REPORT, item.unit, call.tree):
        call.say(Say("paste.over"), rows=((HOME,),), fresh=True)
        return
    form = call.desk.forms[item.form]
    if reporting.busy(call, form.name, drop, lambda draft: f"do:paste_more:{paste}:{record}:{draft}"):
        return
    facts = {**await reporting.facts_of(call, item.unit), **_source(item), "paste": paste}
    facts |= await looked_up(call, form, item.unit, item.answers, None)
    turn = opened(form, item.record, item.unit, passed_over(form, item.answers), facts, call.today)
    if turn.draft.at != REVIEW:
        reporting.begin(call, turn)
        return
    if call.draft is not None:
        call.close_draft()
    call.keep(turn.draft)
    await filing.confirm(call, form)  # what it says has just been read: only who it is about is open


async def leave_out(call: Call, paste: str, record: str) -> None:
    """This person is not to be reported."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is None or kept.id != paste:
        call.say(Say("paste.over"), rows=((HOME,),), fresh=True)
        return
    unit = next((item.unit for item in kept.items if item.record == record), "")
    kept = kept.without([record])
    await pasted.keep(call.tx, call.desk.keys, call.user.id, kept, call.at)
    await _card(call, kept, unit or "?")


async def no_report(call: Call, paste: str) -> None:
    """It was none: forget what was read."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is not None and kept.id == paste:
        await pasted.forget(call.tx, call.user.id)
    call.say(Say("paste.forgotten"), rows=((HOME,),))


async def village(call: Call, paste: str, unit: str = "", page: str = "0") -> None:
    """The people of whom the text does not say where they live are of this village."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is None or kept.id != paste:
        call.say(Say("paste.over"), rows=((HOME,),), fresh=True)
    elif not unit or not may(call.user.roles, Act.REPORT, unit, call.tree):
        await _ask_village(call, kept, page)
    else:
        items = tuple(item if item.unit else replace(item, unit=unit) for item in kept.items)
        zero = tuple(dict.fromkeys(one or unit for one in kept.zero))
        kept = Pasted(kept.id, items, zero, kept.unread)
        await pasted.keep(call.tx, call.desk.keys, call.user.id, kept, call.at)
        await _card(call, kept, unit)


async def _ask_village(call: Call, kept: Pasted, page: str) -> None:
    offered = villages_of(call.user.roles, Act.REPORT, call.tree)
    choices = [Choice(f"do:paste_village:{kept.id}:{one.code}", place(one)) for one in offered]
    lines = [line for number, item in enumerate(_of(kept, "?")[:ON_A_CARD], 1) for line in _told(call, number, item)]
    below = [Choice(f"do:paste_no:{kept.id}", Say("button.not_a_report")), HOME]
    turn = f"do:paste_village:{kept.id}:"
    call.say(*lines, Say("paste.which_village"), rows=paged(choices, page, turn, call.message.channel, below))
