"""Samples: whom to take one from today, one tap each; who waits for a result, and entering it (A7)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.draft import REVIEW, Draft
from bot.conversation.form import Form
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, villages_of
from bot.domain.due import SAMPLE, Due, What, due
from bot.domain.standing import standing
from bot.domain.vietnamese import given_name_key
from bot.forms.result import LateResult, Result
from bot.forms.sample import PENDING, Sample, SampleKind
from bot.handlers import filing
from bot.handlers.call import Call
from bot.handlers.paging import page_of, paged
from bot.handlers.persons import conversion
from bot.reports.phrases import HOME, place, who_is
from bot.reports.supervision import Watched, watched_in
from bot.storage import persons, records
from bot.storage.persons import Person
from bot.storage.records import Record


async def list_(call: Call, kind: str = SampleKind.RT_PCR, page: str = "0", *before: Say) -> None:
    """Whose test is due today or was due before, by the plans of one's area. A tap records a sample of the kind that is set."""
    units = [one.code for one in villages_of(call.user.roles, Act.REPORT, call.tree)]
    if not units or kind not in set(SampleKind):
        call.say(Say("access.denied"))
        return
    people = await watched_in(call.tx, call.desk.keys, units, call.at)
    found = _tests(call, people)
    other = SampleKind.RAPID if kind == SampleKind.RT_PCR else SampleKind.RT_PCR
    below = [Choice("do:results", Say("sampling.results")), HOME]
    if found:
        below.insert(0, Choice(f"do:sampling:{other}", Say("sampling.switch", kind=Say(f"choice.sample_kind.{other}"))))
    kind_said = Say(f"choice.sample_kind.{kind}")
    title = Say("sampling.title" if found else "sampling.nobody", day=call.today, n=len(found), kind=kind_said)
    choices = [
        Choice(f"do:sampled:{one.role}:{kind}", Say("sampling.taken_button", person=_name(call, people[one.person].person)))
        for one in found
    ]
    here = page_of(len(found), page, call.message.channel, below).of(found)
    lines = [
        Say(
            "sampling.line" if one.day == call.today else "sampling.line_late",
            person=_name(call, people[one.person].person),
            day=Say("countdown.day", n=one.number or 0),
            on=one.day,
        )
        for one in here
    ]
    call.say(*before, title, *lines, rows=paged(choices, page, f"do:sampling:{kind}", call.message.channel, below, per_row=1))


def _tests(call: Call, people: Mapping[str, Watched]) -> list[Due]:
    """The newest test of each person that is due, by given name: who lacks two is sampled once."""
    newest: dict[str, Due] = {}
    for one in due(call.today, {person: who.file for person, who in people.items()}, call.desk.forms):
        if one.what is What.TEST:
            newest[one.person] = one
    return sorted(newest.values(), key=lambda one: given_name_key(str(people[one.person].person.identity["full_name"])))


def _name(call: Call, who: Person) -> str:
    village = call.tree.get(who.unit)
    several = len(villages_of(call.user.roles, Act.REPORT, call.tree)) > 1
    return f"{who_is(who)} ({call.voice(place(village))})" if several and village is not None else who_is(who)


async def sampled(call: Call, role_id: str, kind: str) -> None:
    """A sample of this person was taken today; then the list again."""
    role = await _allowed(call, role_id)
    if role is None or kind not in set(SampleKind):
        call.say(Say("draft.gone"), fresh=True)
        return
    person, file, name = await _known(call, str(role.person_id))
    tests = due(call.today, {person: file}, call.desk.forms)
    if not any(one.what is What.TEST and one.role == role_id for one in tests):
        await list_(call, kind, "0", Say("sampling.already", person=name))
        return
    answers = {"test_kind": kind, "taken_on": call.today.isoformat(), "result": "pending", "note": None}
    code = await _file(call, Sample, role, person, answers)
    await list_(call, kind, "0", Say("sampling.recorded", person=name, code=code))


async def results(call: Call, page: str = "0", *before: Say) -> None:
    """Who waits for a result in one's area; a button for each."""
    units = [one.code for one in villages_of(call.user.roles, Act.REPORT, call.tree)]
    if not units:
        call.say(Say("access.denied"))
        return
    ids = await persons.standing_in(call.tx, units, PENDING)
    known = {one: who for one, who in (await persons.of_ids(call.tx, call.desk.keys, ids)).items() if who.unit in units}
    files = await persons.files(call.tx, call.desk.keys, known)
    waiting = [sample for one, file in files.items() if (sample := newest_sample(file)) is not None and one in known]
    choices = [
        Choice(f"do:result:{one.id}", Say("value.as_written", value=_name(call, known[str(one.person_id)])))
        for one in sorted(waiting, key=lambda one: (str(one.body["taken_on"]), one.id))
        if one.person_id in known
    ]
    title = Say("sampling.waiting" if choices else "sampling.none_waiting", n=len(choices))
    below = [Choice("do:sampling", Say("menu.sampling")), HOME]
    call.say(*before, title, rows=paged(choices, page, "do:results", call.message.channel, below))


def newest_sample(file: list[Record]) -> Record | None:
    return next((one for one in reversed(file) if one.kind == SAMPLE), None)


async def result(call: Call, sample_id: str, known: str = "") -> None:
    """Choose the result of a sample; with one, record it. A positive one offers to report the case."""
    sample = await _allowed(call, sample_id)
    if sample is None or sample.kind != SAMPLE or (known and known not in set(LateResult)):
        call.say(Say("draft.gone"), fresh=True)
        return
    person, file, name = await _known(call, str(sample.person_id))
    if newest_sample(file) != _of(file, sample.id) or not standing(file, call.desk.forms) & PENDING:
        await results(call, "0", Say("sampling.known_already", person=name))
        return
    if not known:
        rows = tuple((Choice(f"do:result:{sample_id}:{one}", Say(f"choice.late_result.{one}")),) for one in LateResult)
        back = (Choice("do:results", Say("button.back")), HOME)
        kind = Say(f"choice.sample_kind.{sample.body['test_kind']}")
        ask = Say("sampling.ask_result", person=name, kind=kind, day=str(sample.body["taken_on"]))
        call.say(ask, rows=(*rows, back))
        return
    answers = {"result": known, "result_on": call.today.isoformat(), "note": None}
    code = await _file(call, Result, sample, person, answers)
    said = Say("sampling.result_recorded", person=name, result=Say(f"choice.late_result.{known}"), code=code)
    offer = conversion(call, (await _known(call, person))[1]) if known == LateResult.POSITIVE else ()
    if offer:
        call.say(said, rows=((*offer,), (Choice("do:results", Say("sampling.results")), HOME)))
    else:
        await results(call, "0", said)


def _of(file: list[Record], record_id: str) -> Record | None:
    return next((one for one in file if one.id == record_id), None)


async def _allowed(call: Call, record_id: str) -> Record | None:
    found = await records.current(call.tx, call.desk.keys, record_id)
    if found is None or found.void or found.person_id is None:
        return None
    return found if may(call.user.roles, Act.REPORT, found.unit, call.tree) else None


async def _known(call: Call, person_id: str) -> tuple[str, list[Record], str]:
    """Who somebody is, with everything recorded about them, and their name."""
    kept = await persons.kept_for(call.tx, person_id)
    file = (await persons.files(call.tx, call.desk.keys, [kept]))[kept]
    return kept, file, who_is((await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept])


async def _file(call: Call, form: type[Form], base: Record, person: str, answers: Mapping[str, object]) -> str:
    facts = {"person": person, "follows": base.id}
    draft = Draft(call.desk.new_id(), form.name, form.version, base.unit, REVIEW, answers=dict(answers), facts=facts)
    return (await filing.file_report(call.tx, call.desk, call.tree, call.user, form, draft, call.at)).record.id
