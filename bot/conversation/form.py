"""A form is a pydantic model; a question is a field; what a type cannot say is an ``Ask``.

The field's annotation gives type, bounds and choices (an Enum or bool); ``X | None = None`` means that the answer may be
missing. One answer is validated alone, by an adapter built from the annotation with its metadata, with
``context={"today", "answers"}``. Methods decorated with ``field_validator`` would not run there, so the base refuses them:
a rule belongs into an ``Annotated`` type, a rule across fields into ``check``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.clock import Window
from bot.conversation.draft import Answers, Json
from bot.conversation.words import Param, Say


@dataclass(frozen=True)
class Ask:
    """What a type cannot say about its question.

    ``when``: asked only if this holds for the answers so far. ``skip``: may be passed over; by default a question may be
    if its type allows None and it has no ``when``. ``offer``: likely answers as buttons beside free typing, keys below
    ``offer.`` in the texts. ``lookup``: the answer is one of the draft's fact of this name, a list of ``{"id", "label"}`` that
    was looked up when the draft was opened.
    """

    when: Callable[[Answers], bool] | None = None
    skip: bool | None = None
    offer: tuple[str, ...] = ()
    lookup: str = ""


@dataclass(frozen=True)
class Shown:
    """Metadata of an ``Annotated`` type: how its canonical JSON value becomes a parameter of a sentence."""

    show: Callable[[Json], Param]


@dataclass(frozen=True)
class Step:
    """One question of a form, as the engine needs it."""

    name: str
    adapter: TypeAdapter[Any]
    ask: Ask
    may_skip: bool
    options: tuple[str, ...]  # choice keys of an Enum or bool; () for typed questions and lookups
    vocabulary: str  # "choice.<name>" holds the labels of ``options``
    show: Callable[[Json], Param]  # a typed answer as people read it

    def relevant(self, answers: Answers) -> bool:
        return self.ask.when is None or self.ask.when(answers)

    def found(self, facts: Mapping[str, Json]) -> Mapping[str, str]:
        """What the answer may be, by id, where it is looked up: its label."""
        return {one["id"]: one["label"] for one in facts.get(self.ask.lookup, ())} if self.ask.lookup else {}

    def shown(self, value: Json, facts: Mapping[str, Json] = MappingProxyType({})) -> Param:
        """An answer as people read it. ``facts`` are those of its draft."""
        if value is None:
            return Say("value.none")
        if self.ask.lookup:
            return self.found(facts).get(value, str(value))
        if self.vocabulary == "choice.bool":
            return Say("choice.bool.yes" if value else "choice.bool.no")
        if self.options:
            return Say(f"{self.vocabulary}.{value}")
        return self.show(value)

    def read(self, value: Json, today: date, answers: Answers) -> Json:
        """The canonical JSON of an answer. Raises pydantic's ValidationError, whose type is the key of a sentence."""
        if self.vocabulary == "choice.bool" and isinstance(value, str):
            value = {"yes": True, "no": False}.get(value)  # pydantic would take "0" and "off" for an answer too
        python = self.adapter.validate_python(value, context={"today": today, "answers": answers})
        return self.adapter.dump_python(python, mode="json")


class Form(BaseModel):
    """Base of every guided report.

    A subclass names itself (``name`` is the key of its words and of its kind of record), raises ``version`` whenever a
    question changes its meaning, and says what filing it does to the figures (``entries``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    version: ClassVar[int] = 1
    place: ClassVar[int] = 100  # order in the menu
    menu: ClassVar[str] = "more"  # which menu offers it: main, people or more
    shared: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # "one more like this": button -> answers that carry over
    data_set: ClassVar[str | None] = None  # filing it means that the village has reported for this data set
    zero: ClassVar[bool] = False  # it is a report that nothing happened (A1)
    files: ClassVar[bool] = True  # False: confirming changes something else than the records, as the profile does
    reviewed: ClassVar[bool] = True  # False: what was answered last is taken at once, without a card to confirm
    needs: ClassVar[str] = "report"  # the act (``domain.access``) that one must be allowed to file it
    holds: ClassVar[bool] = True  # what it follows cannot be taken back while it stands
    ends: ClassVar[bool] = False  # it settles what it follows: whoever reported that is told, and its alert climbs no more
    builds_on: ClassVar[tuple[str, ...]] = ()  # kinds of record from whose person's card it is opened
    of_another: ClassVar[tuple[str, ...]] = ()  # kinds of record beside which it tells of somebody else: a case's contacts
    files_as: ClassVar[str] = ""  # it is a short way to a report of this form, and what it does not ask is asked later
    partial: ClassVar[bool] = False  # who it is about is enough to file it; what is missing is asked for later
    shows: ClassVar[tuple[str, ...]] = ()  # the answers that a person's history shows
    alone: ClassVar[bool] = True  # False: only from such a card, so that it is in no menu and has no command

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        decorators = cls.__pydantic_decorators__
        if decorators.field_validators or decorators.model_validators or decorators.validators:
            raise TypeError(f"{cls.__name__}: validators do not run for single answers; use an Annotated type or check()")

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        """What is unlikely about these answers taken together: shown on the review card, never blocks (A21)."""
        return []

    @classmethod
    def foresees(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        """What follows from these answers once they are filed: shown on the review card below them."""
        return []

    @classmethod
    def prefill(cls, facts: Mapping[str, Json]) -> Answers:
        """Answers that are known when the form is opened; with all of them known, it opens at the review card."""
        return {}

    def entries(self, window: Window) -> Mapping[str, int]:
        """What this report adds to which flow of its village in its reporting window (see ``domain.indicators``)."""
        return {}

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        """The stocks in which a person is counted once this was filed about them; ``before`` are those of until then.

        So a conversion needs no code of its own: a case takes its person out of quarantine, and without the case, taken
        back, they are in it again. Works on stored answers, of older versions of the form too.
        """
        return before

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        """Which answers of a record of this kind, and of who the person is, are taken over when it builds on one."""
        return frozenset(cls.model_fields)

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        """Whether a person's card offers it, seen from the stocks in which the person stands."""
        return True

    @classmethod
    def urgent(cls, answers: Answers) -> str:
        """At which level filing it is told at once to whom it concerns; "" if it can wait. Works on stored answers."""
        return ""

    @classmethod
    def repeats(cls, answers: Answers, earlier: Answers) -> bool:
        """Whether it tells of the same event as an earlier report of its kind about the same person: then one of them counts.

        Works on stored answers, of older versions of the form too.
        """
        return False

    @classmethod
    def cancels(cls, answers: Answers) -> bool:
        """Whether this says that the record it follows was never so, as a test that proves that there is no case."""
        return False


def _bare(hint: Any) -> tuple[Any, Ask, bool]:
    """The annotation without None and without Ask, the Ask, and whether None was allowed."""
    ask = Ask()
    extras: list[Any] = []
    if get_origin(hint) is Annotated:
        hint, *metadata = get_args(hint)
        for item in metadata:
            if isinstance(item, Ask):
                ask = item
            else:
                extras.append(item)
    optional = False
    if get_origin(hint) in (Union, UnionType):
        members = [member for member in get_args(hint) if member is not NoneType]
        optional = len(members) < len(get_args(hint))
        hint = Union[tuple(members)]  # noqa: UP007 - built at run time
    for extra in extras:
        hint = Annotated[hint, extra]
    return hint, ask, optional


def _metadata(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _plain_type(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


@cache
def steps(form: type[Form]) -> tuple[Step, ...]:
    """The questions of a form, in the order of its fields."""
    hints = get_type_hints(form, include_extras=True)
    found = []
    for name in form.model_fields:
        bare, ask, optional = _bare(hints[name])
        kind = _plain_type(bare)
        options: tuple[str, ...] = ()
        vocabulary = ""
        if kind is bool:
            options, vocabulary = ("yes", "no"), "choice.bool"
        elif isinstance(kind, type) and issubclass(kind, Enum):
            options, vocabulary = tuple(str(member.value) for member in kind), f"choice.{snake(kind.__name__)}"
        may_skip = (optional and ask.when is None) if ask.skip is None else ask.skip
        show = next((extra.show for extra in _metadata(bare) if isinstance(extra, Shown)), str)
        found.append(Step(name, TypeAdapter(bare), ask, may_skip, options, vocabulary, show))
    return tuple(found)


def relevant_steps(form: type[Form], answers: Answers) -> tuple[Step, ...]:
    return tuple(step for step in steps(form) if step.relevant(answers))


def unanswered(form: type[Form], answers: Answers) -> tuple[Step, ...]:
    """The questions that nobody has been asked yet; one that was passed over has been asked."""
    return tuple(step for step in relevant_steps(form, answers) if step.name not in answers)


def passed_over(form: type[Form], answers: Answers) -> dict[str, Json]:
    """The answers, with None where a question may be passed over, so that only what is required is left to ask."""
    left = [step for step in relevant_steps(form, answers) if step.may_skip and step.name not in answers]
    return {**answers, **{step.name: None for step in left}}


def label(form: type[Form], field: str) -> Say:
    """The short name of a question; the texts fall back from the form's own words to the shared ones."""
    return Say(f"form.{form.name}.{field}.label|field.{field}.label")
