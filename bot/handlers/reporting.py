"""Opening reports: from a menu, once more for the next of a household, or to correct what was filed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from bot.conversation.draft import Answers, Draft, Json
from bot.conversation.engine import Turn, opened
from bot.conversation.form import Form
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, may_file, villages_of
from bot.domain.vaccine import vaccinated
from bot.handlers import planning
from bot.handlers.call import Call
from bot.handlers.lookups import looked_up
from bot.handlers.paging import paged
from bot.handlers.steps import current, form_of
from bot.handlers.telling import TOLD, kept_beside, told_by, told_words
from bot.reports.phrases import HOME, place, who_is
from bot.storage import ledger, people, persons, records
from bot.storage.ledger import Range
from bot.storage.records import Record

CHANGED = Say("draft.changed_meanwhile")
JUST_OPENED = 1  # the revision of a draft whose first prompt was shown


async def start(call: Call, name: str, unit: str | None = None, drop: str = "", how: str = "") -> None:
    """Open a form. Asks for the village first if the person reports for several; asks before dropping another draft.

    ``how`` an officer was told what they report for a village (``telling.told_by``).
    """
    unit = unit or None
    form = call.desk.forms.get(name)
    if form is None or not form.files or not form.alone:
        call.say(Say("command.unknown"))
        return
    if busy(call, name, drop, lambda draft: ":".join(["do:instead", draft, name, unit or "", how]).rstrip(":")):
        return
    needed = Act(form.needs)
    reporting = villages_of(call.user.roles, needed, call.tree)
    if not reporting:
        call.say(Say("access.no_village" if needed is Act.REPORT else "access.denied"))
    elif unit is None and len(reporting) > 1:
        await villages(call, name, how=how)
    elif not may(call.user.roles, needed, unit or reporting[0].code, call.tree):
        call.say(Say("access.denied"))
    else:
        await _open_new(call, form, unit or reporting[0].code, how)


def busy(call: Call, name: str, drop: str, button: Callable[[str], str]) -> bool:
    """Whether a report is half written and is not the draft ``drop``. Then nothing is opened: the person is asked first.

    ``button`` makes the payload that goes on by dropping the draft of that id: a button that lay about for days must not
    drop another one. A draft that nobody has answered anything in, and the profile, are dropped without asking.
    """
    draft, open_form = call.draft, form_of(call)
    if draft is None or open_form is None or not half_written(call) or drop == draft.id:
        return False
    rows = (
        (Choice("do:resume", Say("button.resume")),),
        (Choice(button(draft.id), Say("button.drop_and_start", form=Say(f"form.{name}.title")), Say("word.drop")),),
    )
    call.say(Say("draft.in_progress", form=Say(f"form.{open_form.name}.title")), rows=rows, fresh=True)
    return True


def half_written(call: Call) -> bool:
    """Whether the open draft holds answers that somebody gave to a report."""
    draft, form = call.draft, form_of(call)
    if draft is None or form is None or not form.reviewed or draft.form == "profile":
        return False
    return bool(draft.answers) and draft.revision > JUST_OPENED


async def villages(call: Call, name: str, page: str = "0", how: str = "") -> None:
    """For which village? A page of them."""
    form = call.desk.forms.get(name)
    offered = villages_of(call.user.roles, Act(form.needs) if form else Act.REPORT, call.tree)
    told = f"::{how}" if how else ""
    choices = [Choice(f"do:form:{name}:{village.code}{told}", place(village)) for village in offered]
    home = HOME
    rows = paged(choices, page, f"do:villages:{name}", call.message.channel, [home], turned=how)
    call.say(Say("report.which_village"), rows=rows)


async def instead(call: Call, drop: str, name: str, unit: str | None = None, how: str = "") -> None:
    """Drop the draft of this id, if it is still the open one, and open another form."""
    await start(call, name, unit, drop, how)


async def again(call: Call, record_id: str, group: str, drop: str = "") -> None:
    """One more like a filed report: what the group shares is copied, the rest is asked."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(record.kind) if record else None
    if (
        record is None
        or form is None
        or group not in form.shared
        or not may(call.user.roles, Act.REPORT, record.unit, call.tree)
    ):
        call.say(Say("draft.gone"), fresh=True)
        return
    if busy(call, form.name, drop, lambda draft: f"do:again:{record_id}:{group}:{draft}"):
        return
    shared = {name: record.body[name] for name in form.shared[group] if name in record.body}
    facts = await facts_of(call, record.unit) | await looked_up(call, form, record.unit, shared, None)
    facts |= {"told": record.body[TOLD]} if TOLD in record.body else await told_by(call, record.unit, "")
    begin(call, opened(form, call.desk.new_id(), record.unit, shared, facts, call.today), fresh=True)


async def about(call: Call, name: str, record_id: str, drop: str = "") -> None:
    """Open a form about the person of a record, who is known: what the two share is filled in.

    A form that tells of others beside such a record is opened about somebody else, who has it from this case.
    """
    await open_about(call, name, record_id, drop, lambda draft: f"do:about:{name}:{record_id}:{draft}", {}, {})


async def open_about(
    call: Call,
    name: str,
    record_id: str,
    drop: str,
    button: Callable[[str], str],
    answers: Answers,
    told: Mapping[str, Json],
) -> None:
    """The same with some answers and facts that are known beforehand. ``button``: see ``busy``."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(name)
    if (
        form is None
        or record is None
        or record.void
        or record.person_id is None
        or record.kind not in (*form.builds_on, *form.of_another)
        or not may_file(call.user.roles, form.needs, record.unit, call.tree)
    ):
        call.say(Say("draft.gone"), fresh=True)
        return
    if busy(call, name, drop, button):
        return
    facts = await facts_of(call, record.unit) | await told_by(call, record.unit, "")
    kept = await persons.kept_for(call.tx, record.person_id)
    if record.kind in form.of_another:
        known: Answers = {"source_case": record.id}
        facts |= await looked_up(call, form, record.unit, known, None)
    else:
        person = (await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept]
        file = (await persons.files(call.tx, call.desk.keys, [kept]))[kept]
        facts |= {"person": kept, "follows": record.id, "about": who_is(person), **planning.facts(file, record.id, call.at)}
        facts |= {"role": record.kind, "now": call.at.isoformat(), **vaccinated(file), **told}
        known = {key: value for key, value in {**record.body, **person.identity}.items() if key in form.carries(record.kind)}
        known = {**form.prefill(facts), **known, **answers}
        facts |= await looked_up(call, form, record.unit, known, kept)
    begin(call, opened(form, call.desk.new_id(), record.unit, known, facts, call.today), fresh=True)


async def correct(call: Call, record_id: str, drop: str = "") -> None:
    """Open a filed report again with all its answers; sending it stores the next version."""
    turn = await reopened(call, record_id, drop)
    if turn is not None:
        begin(call, turn, fresh=True)


async def reopened(call: Call, record_id: str, drop: str = "", changes: Answers = MappingProxyType({})) -> Turn | None:
    """A draft that corrects a filed report, with these answers changed; None if whoever asks was told why there is none."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(record.kind) if record else None
    if (
        record is None
        or form is None
        or record.void
        or not may_file(call.user.roles, form.needs, record.unit, call.tree, correcting=True)
    ):
        call.say(Say("draft.gone"), fresh=True)
        return None
    if busy(call, form.name, drop, lambda draft: f"do:correct:{record_id}:{draft}"):
        return None
    facts = await facts_of(call, record.unit, form, record.day, record)
    facts |= await looked_up(call, form, record.unit, record.body, record.person_id)
    if record.person_id is not None:
        file = (await persons.files(call.tx, call.desk.keys, [record.person_id]))[record.person_id]
        facts |= vaccinated(file)
        if record.follows is not None:
            known = await persons.of_ids(call.tx, call.desk.keys, [record.person_id])
            facts |= {"about": who_is(known[record.person_id]), **planning.facts(file, record.follows, call.at)}
    facts |= kept_beside(record.body)
    facts.pop("reported", None)  # that it replaces the former version is what "change" means
    answers = {**record.body, **changes}
    return opened(form, call.desk.new_id(), record.unit, answers, facts, call.today, record.id)


async def _open_new(call: Call, form: type[Form], unit: str, how: str) -> None:
    day = call.desk.timetable.reporting_day(call.at)
    standing = await _standing(call, form, unit, day)
    facts = await facts_of(call, unit, form, day, standing) | await looked_up(call, form, unit, {}, None)
    facts |= await told_by(call, unit, how)
    amends = standing.id if standing else None
    begin(call, opened(form, call.desk.new_id(), unit, form.prefill(facts), facts, call.today, amends))


def begin(call: Call, turn: Turn, fresh: bool = False, before: Iterable[Say] = ()) -> None:
    if call.draft is not None:
        call.close_draft()
    call.keep(turn.draft)
    call.show(turn.prompt, fresh=fresh, before=before)


async def _standing(call: Call, form: type[Form], unit: str, day: date) -> Record | None:
    """The report that this one would replace: a village reports once per data set and day (A2)."""
    if form.data_set is None:
        return None
    report = await records.report_of(call.tx, unit, form.data_set, day)
    return await records.current(call.tx, call.desk.keys, report.record_id) if report else None


async def facts_of(
    call: Call, unit: str, form: type[Form] | None = None, day: date | None = None, base: Record | None = None
) -> dict[str, Json]:
    """What a form may know beforehand (see ``Draft``). ``base`` is the version that is corrected or replaced."""
    window = day or call.desk.timetable.reporting_day(call.at)
    sums = await ledger.sums(call.tx, [unit], Range(window, window))
    facts: dict[str, Json] = {
        "unit_name": call.voice(place(call.tree[unit])),
        "filed": {indicator: n for (_, indicator), n in sums.items()},
    }
    if call.desk.override:
        facts["rules"] = call.desk.override
    if base is not None:
        facts["base"] = base.version
    if form is not None and form.data_set is not None:
        facts["day"] = window.isoformat()
        if base is not None:
            authors = await people.of_users(call.tx, call.desk.keys, [base.author] if base.author else [])
            by = authors[0].name if authors else "–"
            if (words := told_words(base.body)) is not None:
                by = call.voice(Say("told.typed", how=words, name=by))
            facts["reported"] = {"by": by, "at": base.recorded_at.isoformat()}
            if base.kind == form.name:
                facts["declared"] = dict(base.body)
    return facts


async def overtaken(call: Call, form: type[Form], draft: Draft) -> bool:
    """Whether, since the card was shown, something happened that it does not show; then the person has been told.

    The record was taken back or corrected by somebody else, another report came in, the day to be reported is another, or
    people were filed meanwhile. The card is shown again as it would be opened now; what the person typed stays.
    """
    if draft.amends is None and "follows" in draft.facts and await _elsewhere(call, draft):
        return True
    if draft.amends is not None and form.data_set is None:
        record = await records.current(call.tx, call.desk.keys, draft.amends)
        if record is not None and not record.void and record.unit != draft.unit:
            _moved(call)
            return True
        if record is None or record.void:
            call.close_draft()
            call.say(Say("draft.taken_back"))
            return True
        if record.version == draft.facts.get("base", record.version):
            return False
        facts = await facts_of(call, draft.unit, form, record.day, record)
        facts |= await looked_up(call, form, draft.unit, record.body, record.person_id)
        _show_anew(call, form, draft, record.body, facts, record.id)
        return True
    if form.data_set is None or draft.unit not in call.tree:
        return False
    correcting = draft.amends is not None and "reported" not in draft.facts
    day = date.fromisoformat(draft.facts["day"]) if correcting else call.desk.timetable.reporting_day(call.at)
    standing = await _standing(call, form, draft.unit, day)
    facts = await facts_of(call, draft.unit, form, day, standing)
    if all(facts.get(key) == draft.facts.get(key) for key in ("day", "base", "filed")):
        return False
    before, now = form.prefill(draft.facts), form.prefill(facts)
    answers = {name: now.get(name) if value == before.get(name) else value for name, value in draft.answers.items()}
    _show_anew(call, form, draft, answers, facts, standing.id if standing else None)
    return True


async def _elsewhere(call: Call, draft: Draft) -> bool:
    """Whether whom this draft is about was handed over to another village since their card was shown."""
    kept = await persons.kept_for(call.tx, draft.facts["person"])
    person = (await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept]
    if person.unit != draft.unit:
        _moved(call)
        return True
    return False


def _moved(call: Call) -> None:
    call.close_draft()
    call.say(Say("transfer.moved_meanwhile"))


async def correct_instead(call: Call, form: type[Form], draft: Draft, record: Record) -> None:
    """Make a draft the correction of a report that tells of the same: what it says is joined to that, and shown first."""
    said = {name: value for name, value in draft.answers.items() if value is not None}
    answers = {**record.body, **said}
    facts = await facts_of(call, record.unit, form, record.day, record)
    facts |= await looked_up(call, form, record.unit, answers, record.person_id)
    _show_anew(call, form, replace(draft, unit=record.unit), answers, facts, record.id, Say("alike.amending"))


def _show_anew(
    call: Call,
    form: type[Form],
    draft: Draft,
    answers: Answers,
    facts: Mapping[str, Json],
    amends: str | None,
    said: Say = CHANGED,
) -> None:
    came_from = {key: draft.facts[key] for key in ("paste", "source", "told") if key in draft.facts}
    turn = opened(form, draft.id, draft.unit, answers, {**facts, **came_from}, call.today, amends)
    call.keep(replace(turn.draft, revision=draft.revision + 1))
    call.show(turn.prompt, before=(said,))


async def resume(call: Call) -> None:
    """Show the open question again."""
    form = form_of(call)
    if form is None or call.draft is None:
        call.say(Say("draft.gone"))
        return
    call.show(current(call, form).prompt)
