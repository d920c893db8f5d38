"""The reconciliation card (N2): figures as sent last + who came in − who went out = figures now, with the names.

It is an identity of the ledger and no check, so it raises no false alarm: a figure that surprises leads to who is behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.indicators import stocks
from bot.domain.openings import PREFIX
from bot.domain.units import COMMUNE, OrgUnit
from bot.handlers import areas
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports import issued
from bot.reports.digest import BODY_STOCKS
from bot.reports.phrases import HOME, moment, place, who_is
from bot.storage import digests, ledger, persons
from bot.storage.digests import Issued
from bot.storage.ledger import Move, Range

SHOWN = tuple(key for key in BODY_STOCKS if key in stocks())


@dataclass(frozen=True)
class Balance:
    """Of a unit: the figures when they were issued last, and what moved each since."""

    unit: OrgUnit
    since: datetime | None
    before: Mapping[str, int]
    moves: Mapping[str, Sequence[Move]]

    def line(self, indicator: str) -> Say:
        came = sum(move.n for move in self.moves[indicator] if move.n > 0)
        went = -sum(move.n for move in self.moves[indicator] if move.n < 0)
        before = self.before.get(indicator, 0)
        name = Say(f"reports.indicator.{indicator}")
        return Say("reconcile.line", indicator=name, before=before, came=came, went=went, now=before + came - went)


async def card(call: Call, code: str = "", _carried: str = "", page: str = "0") -> None:
    """What moved each figure of a village or commune since its commune's last digest; a button for each that moved.

    A page is turned as that of the units to choose from is: what that carries on is nothing here.
    """
    unit = areas.of_people(call, "balance", code, "", page)
    if unit is None:
        return
    balance = await _balance(call, unit)
    since = moment(balance.since, call.at) if balance.since else Say("reconcile.beginning")
    lines = [Say("reconcile.title", unit=place(unit), since=since)]
    lines += [balance.line(indicator) for indicator in balance.moves] or [Say("reconcile.nothing")]
    choices = [
        Choice(f"do:moved:{unit.code}:{indicator}", Say("reconcile.who", indicator=Say(f"reports.indicator.{indicator}")))
        for indicator in balance.moves
    ]
    call.say(*lines, rows=paged(choices, page, f"do:balance:{unit.code}:", call.message.channel, [HOME], per_row=1))


async def moved(call: Call, code: str, indicator: str, page: str = "0") -> None:
    """Who is behind the change of one figure: a button for each, with whether they came in or went out."""
    unit = areas.of_people(call, "balance", code, "", "0")
    if unit is None or indicator not in SHOWN:
        return
    balance = await _balance(call, unit)
    found = balance.moves.get(indicator, ())
    known = await persons.of_ids(call.tx, call.desk.keys, {move.subject for move in found if move.subject})
    choices = [
        Choice(
            f"do:person:{move.subject}", Say(f"reconcile.{'came' if move.n > 0 else 'went'}", who=who_is(known[move.subject]))
        )
        for move in found
        if move.subject in known
    ]
    back = Choice(f"do:balance:{unit.code}", Say("button.back"))
    lines = [balance.line(indicator)] if found else [Say("reconcile.nothing")]
    before = [move for move in found if (move.subject or "").startswith(PREFIX)]
    lines += [Say("reconcile.opening", n=move.n) for move in before]
    if nameless := len(found) - len(choices) - len(before):
        lines.append(Say("reconcile.nameless", n=nameless))
    turn = f"do:moved:{unit.code}:{indicator}"
    call.say(*lines, rows=paged(choices, page, turn, call.message.channel, [back, HOME]))


async def _balance(call: Call, unit: OrgUnit) -> Balance:
    commune = call.tree.above(unit.code, COMMUNE) or unit
    last = await _last_issued(call, commune.code)
    units = [one.code for one in call.tree.subtree(unit.code)]
    seq = last.seq if last is not None else 0
    days = Range(call.today + timedelta(days=1), call.today + timedelta(days=1))  # the window that is open may be tomorrow's
    sums = await ledger.sums(call.tx, units, days, seq)
    before: dict[str, int] = {}
    for (_, indicator), n in sums.items():
        before[indicator] = before.get(indicator, 0) + n
    moves: dict[str, list[Move]] = {}
    for move in await ledger.moves(call.tx, units, SHOWN, seq):
        moves.setdefault(move.indicator, []).append(move)
    ordered = {indicator: moves[indicator] for indicator in SHOWN if indicator in moves}
    return Balance(unit, last.issued_at if last is not None else None, before, ordered)


async def _last_issued(call: Call, commune: str) -> Issued | None:
    """The digest that the commune sent last, of today or before."""
    return await digests.before(call.tx, commune, issued.MORNING, call.today + timedelta(days=1))
