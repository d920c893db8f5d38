"""Finding a village by what somebody types: its name, and the commune's if need be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.units import COMMUNE, PROVINCE, OrgUnit, Tree
from bot.domain.vietnamese import fold

_WORD = re.compile(r"[a-z0-9]+")
# What kinds of units are called: where a name begins, or, of communes and above, anywhere, they tell nothing.
_SMALL = r"tieu khu|to dan pho|khu dan cu|thon|ban|ap|xom|khom"
_LARGE = r"thi tran|thanh pho|thi xa|xa|phuong|huyen|quan|tinh"
_AT_FRONT = re.compile(rf"(^|,)\s*(?:{_SMALL}|{_LARGE})\b")
_ANYWHERE = re.compile(rf"\b(?:{_LARGE})\b")


def search(tree: Tree, text: str, near: str) -> tuple[OrgUnit, ...]:
    """The villages of ``near``'s province whose name, with those of the units above it, has every word of ``text``.

    Those of whose own name more was typed come first, then those of the same commune, then in order of the tree. A commune's
    name alone finds all of its villages. ``near`` itself is not among them.
    """
    wanted = frozenset(_WORD.findall(_ANYWHERE.sub(" ", _AT_FRONT.sub(r"\1 ", fold(text)))))
    if not wanted:
        return ()
    root = tree.above(near, PROVINCE) or list(tree.ancestors(near))[-1]
    home = tree.above(near, COMMUNE)
    found = [one for one in _matching(tree, root, wanted) if one.code != near]

    def rank(one: OrgUnit) -> tuple[int, bool]:
        own = len(wanted & _words(one.name))
        return (-own, home is None or not tree.within(one.code, home.code))

    return tuple(sorted(found, key=rank))


def _matching(tree: Tree, root: OrgUnit, wanted: frozenset[str]) -> Iterator[OrgUnit]:
    above: dict[str, frozenset[str]] = {}
    for village in tree.villages(root.code):
        parent = village.parent or ""
        if parent not in above:
            above[parent] = frozenset(word for up in tree.ancestors(parent) for word in _words(up.name))
        if wanted <= _words(village.name) | above[parent]:
            yield village


def _words(name: str) -> frozenset[str]:
    """The words of a unit's name, without what kind of unit it is."""
    return frozenset(_WORD.findall(_AT_FRONT.sub(r"\1 ", fold(name))))
