"""A chain of transmission is a tree, whatever was recorded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chain import origin, spread

people = st.integers(0, 7)
anything = st.dictionaries(people, st.lists(people, max_size=4))


def test_a_tree_is_read_from_the_source_down_each_branch() -> None:
    infected = {"a": ["b", "c"], "b": ["d"], "c": ["e"]}

    assert spread("a", infected) == [(0, "a"), (1, "b"), (2, "d"), (1, "c"), (2, "e")]


def test_the_origin_is_the_first_case_that_is_known() -> None:
    assert origin("d", {"d": "b", "b": "a"}.get) == "a"
    assert origin("a", {"d": "b", "b": "a"}.get) == "a"


@given(people, anything)
def test_everybody_who_can_be_reached_is_there_once_one_step_below_somebody_who_is(
    root: int, infected: dict[int, list[int]]
) -> None:
    tree = spread(root, infected)

    reached, waiting = {root}, [root]
    while waiting:
        new = set(infected.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    assert sorted(who for _, who in tree) == sorted(reached)
    for n, (depth, who) in enumerate(tree[1:], start=1):
        above = next(other for level, other in reversed(tree[:n]) if level == depth - 1)
        assert who in infected[above]


@given(people, st.dictionaries(people, people))
def test_a_circle_has_an_origin_too(start: int, source: dict[int, int]) -> None:
    first = origin(start, source.get)

    path = [start]
    while (before := source.get(path[-1])) is not None and before not in path:
        path.append(before)
    assert first == path[-1]
