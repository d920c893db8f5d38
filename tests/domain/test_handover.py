"""A shift is handed over, or it is not: nothing becomes nobody's, and nobody's things are given away."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.board import Claim, Item, Kind
from bot.domain.handover import What, to_give, to_take

NOW = datetime(2021, 9, 9, 9, 0, tzinfo=UTC)
GIVER, RECEIVER, OTHER = "An", "Bình", "Chi"
ITEMS = [Item(kind, "v1", (about,)) for kind in (Kind.AID, Kind.MEDIA, Kind.ALERT) for about in "abc"]
holders = st.dictionaries(st.sampled_from([one.ref for one in ITEMS]), st.sampled_from([GIVER, RECEIVER, OTHER]))
some = st.sets(st.sampled_from([one.ref for one in ITEMS]))


def claims_of(held: dict[str, str]) -> dict[str, Claim]:
    return {ref: Claim(ref, user, NOW) for ref, user in held.items()}


@given(holders, st.sampled_from(What))
def test_what_others_see_to_is_not_handed_over(held: dict[str, str], what: What) -> None:
    given_ = to_give(ITEMS, claims_of(held), GIVER, what)

    assert {held.get(ref) for ref in given_} <= ({GIVER, None} if what is What.ALL else {GIVER})
    assert {ref for ref, user in held.items() if user == GIVER} <= set(given_)


@given(holders, some, holders, st.sampled_from(What))
def test_once_accepted_everything_that_was_given_and_is_open_has_exactly_one_who_sees_to_it(
    held: dict[str, str], done: set[str], meanwhile: dict[str, str], what: What
) -> None:
    offered = to_give(ITEMS, claims_of(held), GIVER, what)
    still = [one for one in ITEMS if one.ref not in done]
    # What is offered is the giver's at once. Until the answer some of it was done, and some became others' or nobody's.
    held |= dict.fromkeys(offered, GIVER)
    held = {ref: meanwhile.get(ref, user) for ref, user in held.items() if ref not in done}

    taken = to_take(offered, still, claims_of(held), GIVER)
    after = held | dict.fromkeys(taken, RECEIVER)

    open_and_offered = {ref for ref in offered if ref not in done}
    assert open_and_offered <= after.keys()
    assert all(after[ref] == RECEIVER for ref in open_and_offered if held[ref] == GIVER)
    assert all(after[ref] == user for ref, user in held.items() if user == OTHER)


@given(holders)
def test_what_nobody_sees_to_any_more_is_taken_too(held: dict[str, str]) -> None:
    offered = [one.ref for one in ITEMS]

    assert set(to_take(offered, ITEMS, claims_of(held), GIVER)) == {ref for ref in offered if held.get(ref) in (None, GIVER)}
