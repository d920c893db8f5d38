"""A sentence before it has a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Union

Param = Union[str, int, date, datetime, time, "Say", Sequence["Say"]]


@dataclass(frozen=True, init=False)
class Say:
    """The key of a sentence in ``texts`` and what goes into it.

    ``Say("review.title", form=Say("form.returnee.title"))``. A parameter may be a sentence itself; a sequence of
    sentences is joined by commas. ``n`` chooses between one and other.
    """

    key: str
    params: Mapping[str, Param]

    def __init__(self, key: str, **params: Param) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "params", params)

    def __hash__(self) -> int:
        return hash(self.key)
