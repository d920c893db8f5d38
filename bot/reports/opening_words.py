"""Opening balances in words: the line that a list has beside the names, so that it is as long as its figure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.conversation.words import Param, Say
from bot.domain.units import Tree
from bot.reports.phrases import place
from bot.storage import openings
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.openings import Balance


def opening_line(one: Balance, tree: Tree, beneath: str = "") -> Say:
    """What was counted before, of which figure; with its unit, unless it is the unit ``beneath`` which it stands."""
    words: dict[str, Param] = {
        "indicator": Say(f"reports.indicator.{one.indicator}"),
        "n": one.n,
        "as_of": one.as_of,
        "source": one.source,
    }
    if one.unit == beneath or one.unit not in tree:
        return Say("opening.line", **words)
    return Say("opening.line_of", unit=place(tree[one.unit]), **words)


async def opening_lines(
    tx: Tx, keys: Keyring, tree: Tree, units: Collection[str], indicators: Collection[str], beneath: str = ""
) -> list[Say]:
    """Of these figures of these units, those that have an opening balance."""
    order = {code: at for at, code in enumerate(units)}
    found: Sequence[Balance] = await openings.of_units(tx, keys, units, indicators)
    return [opening_line(one, tree, beneath) for one in sorted(found, key=lambda one: (order[one.unit], one.indicator))]
