"""The board of an office: every open thing stands on it once, and has one who sees to it at the most."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.board import Claim, Item, Kind, arranged, counts, held, silent

NOW = datetime(2021, 9, 9, 2, 0, tzinfo=UTC)
TODAY = date(2021, 9, 9)
PLACES = ["v1", "v2", "v3", "v4"]
USERS = st.sampled_from(["An", "Bình", "Chi"])

items = st.builds(
    Item,
    kind=st.sampled_from(Kind),
    unit=st.sampled_from(PLACES),
    about=st.tuples(st.sampled_from(["a", "b", "c", "d"])),
    since=st.one_of(st.none(), st.integers(0, 9).map(lambda n: NOW - timedelta(hours=n))),
    urgent=st.booleans(),
    excused=st.booleans(),
)


@given(st.lists(items, max_size=20))
def test_everything_that_is_open_stands_on_the_board_once(found: list[Item]) -> None:
    shown = [one.ref for one in arranged(found, PLACES)]

    assert sorted(shown) == sorted({one.ref for one in found})
    assert sum(counts(arranged(found, PLACES)).values()) == len(shown)


@given(st.lists(items, max_size=20), st.randoms())
def test_the_order_hangs_on_what_is_open_and_not_on_how_it_was_read(found: list[Item], chance) -> None:  # type: ignore[no-untyped-def]
    once = list({one.ref: one for one in found}.values())
    mixed = once[:]
    chance.shuffle(mixed)

    assert arranged(mixed, PLACES) == arranged(once, PLACES)


def test_alerts_come_before_reports_the_urgent_first_and_the_excused_last() -> None:
    said = Item(Kind.REPORT, "v1", ("v1",), excused=True)
    quiet = Item(Kind.REPORT, "v2", ("v2",))
    later, earlier = (Item(Kind.ALERT, "v1", (about,), NOW - timedelta(minutes=n)) for about, n in (("x", 1), ("y", 9)))
    sure = Item(Kind.ALERT, "v3", ("z",), NOW, urgent=True)

    assert arranged([said, quiet, later, earlier, sure], PLACES) == (sure, earlier, later, quiet, said)


@given(st.sets(st.sampled_from(PLACES)), st.sets(st.sampled_from(PLACES)), st.sets(st.sampled_from(PLACES)))
def test_a_village_has_reported_waits_to_be_typed_in_or_is_silent(
    reported: set[str], awaited: set[str], gave: set[str]
) -> None:
    found = silent(PLACES, reported, awaited, gave)

    assert [one.unit for one in found] == [one for one in PLACES if one not in reported | awaited]
    assert {one.unit for one in found if one.excused} == {one.unit for one in found} & gave


@given(st.lists(items, max_size=12), st.lists(st.tuples(items, USERS), max_size=12))
def test_a_claim_ends_when_what_it_is_about_is_done(open_: list[Item], claimed: list[tuple[Item, str]]) -> None:
    claims = {one.ref: Claim(one.ref, user, NOW) for one, user in claimed}

    standing = held(claims.values(), open_, TODAY)

    assert standing.keys() == claims.keys() & {one.ref for one in open_}
    assert all(standing[ref] == claims[ref] for ref in standing)


def test_a_claim_to_a_matter_of_the_day_ends_with_the_day() -> None:
    report, aid = Item(Kind.REPORT, "v1", ("v1",)), Item(Kind.AID, "v1", ("r1",))
    claims = [Claim(one.ref, "An", NOW - timedelta(days=1)) for one in (report, aid)]

    assert held(claims, [report, aid], TODAY).keys() == {aid.ref}
