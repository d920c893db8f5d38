"""Proposals to hand somebody over, on both databases."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import StandingClock
from bot.domain.transfers import State
from bot.storage import transfers
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.transfers import Transfer


async def test_a_proposal_waits_once_its_village_is_chosen_and_is_settled_once(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    new = Transfer("T1", "P1", "v1", "", "chuyển nhà", "U1", clock(), State.CHOOSING)
    later = clock() + timedelta(minutes=5)
    async with db.write() as tx:
        await transfers.add(tx, keys, new)
        assert await transfers.open_to(tx, keys, [""]) == []

        await transfers.propose(tx, "T1", "v2", later)
        (found,) = await transfers.open_to(tx, keys, ["v2"])
        assert (found.reason, found.to_unit, found.proposed_at) == ("chuyển nhà", "v2", later)
        assert await transfers.open_from(tx, keys, ["v1"]) == [found]
        assert await transfers.open_of(tx, keys, "P1") == found

        assert await transfers.settle(tx, keys, "T1", State.RETURNED, "U2", later, "không ở đây")
        assert not await transfers.settle(tx, keys, "T1", State.ACCEPTED, "U3", later)
        settled = await transfers.get(tx, keys, "T1")
        assert await transfers.open_of(tx, keys, "P1") is None

    assert settled is not None
    assert (settled.state, settled.decided_by, settled.answer) == (State.RETURNED, "U2", "không ở đây")
