"""The process in which a template is looked at (``apart``): ``python -m bot.reports.own_process`` does what ``look`` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from bot.errors import ApartError
from bot.reports.apart import PATIENCE, answers, asked_apart
from bot.reports.own_look import Looked, Scopes, look
from bot.reports.own_table import Refused, TableMap, Unit, restored, stored

_SCOPES = TypeAdapter(dict[str, list[list[Unit]]])
_ANSWER: TypeAdapter[Looked | Refused] = TypeAdapter(Looked | Refused)


async def look_apart(
    content: bytes, scopes: Scopes, former: Mapping[str, TableMap], sheet: str | None = None, patience: float = PATIENCE
) -> Looked | Refused:
    """``look`` in a process of its own; refused as ``too_much`` if that has no answer, or one about none of these units."""
    question = {
        "scopes": _SCOPES.dump_python({unit: [list(one) for one in listed] for unit, listed in scopes.items()}, mode="json"),
        "former": {unit: stored(table) for unit, table in former.items()},
        "sheet": sheet,
    }
    try:
        found = await asked_apart(__name__, question, content, _ANSWER, patience)
    except ApartError:
        return Refused("too_much")
    return found if isinstance(found, Refused) or found.unit in scopes else Refused("too_much")


def _looked(question: Mapping[str, Any], content: bytes) -> bytes:
    scopes = _SCOPES.validate_python(question["scopes"], strict=False)
    former = {unit: restored(table) for unit, table in question["former"].items()}
    return _ANSWER.dump_json(look(content, scopes, former, question["sheet"]))


if __name__ == "__main__":
    answers(_looked)
