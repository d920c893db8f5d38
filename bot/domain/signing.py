"""Who answers for a day's figures, and how far its paper is: reviewed, approved, printed, signed, sent (R6, N17).

A version of a day's figures is frozen when it is approved, or when it is sent without that at the digest's hour. It never
changes; what changes later makes the next version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    REVIEWED = "reviewed"  # an officer has looked through it
    APPROVED = "approved"  # who answers for it says that it is right: "Xác nhận số liệu"
    PRINTED = "printed"
    SIGNED = "signed"  # on paper, with a number
    SENT = "sent"


class Means(StrEnum):
    APP = "app"
    PHONE = "phone"  # told an officer by telephone, who recorded it


PAPER = (Step.PRINTED, Step.SIGNED, Step.SENT)


@dataclass(frozen=True)
class Mark:
    """One step of one version. ``by`` recorded it; ``whose`` decided it: somebody else where it was told by telephone.

    ``figures`` is the fingerprint of what was looked at. ``number`` is that of the signed paper, ``scan`` the
    attachments of its scan, a page each, with blanks between.
    """

    version: int
    step: Step
    by: str
    whose: str
    at: datetime
    means: Means = Means.APP
    figures: str = ""
    number: str | None = None
    scan: str | None = None


Marks = Mapping[Step, Mark]


def of_version(marks: Iterable[Mark], version: int) -> Marks:
    return {mark.step: mark for mark in marks if mark.version == version}


def next_on_paper(marks: Marks) -> Step | None:
    """What happens next to the paper of a version; nothing before it is approved, and nothing after it was sent."""
    if Step.APPROVED not in marks:
        return None
    done = max((PAPER.index(step) for step in PAPER if step in marks), default=-1)
    return PAPER[done + 1] if done + 1 < len(PAPER) else None
