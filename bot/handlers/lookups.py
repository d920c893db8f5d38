"""Answers that are chosen from what is recorded: looked up when a report is opened, kept among the draft's facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from bot.conversation.draft import Json
from bot.conversation.form import Form, steps
from bot.conversation.numbers import MOST
from bot.domain.access import TEAM, Act, may
from bot.domain.person import CASE, SUSPECTED_CASE
from bot.domain.units import COMMUNE
from bot.handlers.call import Call
from bot.reports.phrases import who_is
from bot.storage import people, persons, records
from bot.storage.accounts import by_person

Found = list[dict[str, Json]]


async def looked_up(
    call: Call, form: type[Form], unit: str, answers: Mapping[str, Json], person: str | None
) -> dict[str, Json]:
    """The facts that this form's questions choose from. ``answers`` are there to choose, however old they are.

    ``person`` is who the report is about, if they are known.
    """
    wanted = {step.ask.lookup: answers.get(step.name) for step in steps(form) if step.ask.lookup}
    return {name: await LOOKUPS[name](call, unit, chosen, person) for name, chosen in wanted.items()}


async def cases(call: Call, unit: str, chosen: str | None, person: str | None) -> Found:
    """The newest cases of the commune, as far as the reader may see people there: not the person themself.

    With ``day``, on which the case was found, if that is known.
    """
    commune = call.tree.above(unit, COMMUNE) if unit in call.tree else None
    area = [one.code for one in call.tree.subtree(commune.code if commune else unit)] if unit in call.tree else []
    seen = [code for code in area if may(call.user.roles, Act.SEE_PEOPLE, code, call.tree)]
    filed = [one for one in await records.in_units(call.tx, call.desk.keys, seen, ["f0"]) if one.person_id]
    kept = await persons.kept_for_all(call.tx, {str(one.person_id) for one in filed})
    newest = {kept[str(one.person_id)]: one for one in filed}
    standing = await persons.in_stocks(call.tx, newest)
    anyhow = CASE | SUSPECTED_CASE
    there = [one for who, one in newest.items() if who != person and anyhow & {stock for _, stock in standing[who]}]
    there = there[-MOST:]
    if chosen is not None and all(one.id != chosen for one in there):
        former = await records.current(call.tx, call.desk.keys, chosen)
        if former is not None and may(call.user.roles, Act.SEE_PEOPLE, former.unit, call.tree):
            there = [former, *there[1 - MOST :]]
    known = await persons.of_ids(call.tx, call.desk.keys, [one.person_id for one in there if one.person_id])
    labels = {one.id: who_is(known[one.person_id]) for one in there if one.person_id in known}
    alike = Counter(labels.values())
    return [
        {
            "id": one.id,
            "label": labels[one.id] if alike[labels[one.id]] == 1 else f"{labels[one.id]} ({one.id})",
            "day": one.body.get("detected_on"),
        }
        for one in reversed(there)
        if one.id in labels
    ]


async def team(call: Call, unit: str, _chosen: str | None, _person: str | None) -> Found:
    """The village's team, each once."""
    members = by_person(await people.with_roles(call.tx, call.desk.keys, [unit], TEAM))
    return [{"id": one, "label": owned[0].name} for one, owned in members.items()][:MOST]


LOOKUPS: Mapping[str, Callable[[Call, str, str | None, str | None], Awaitable[Found]]] = {"cases": cases, "team": team}
