"""One file per guided report. A new one is found by being here; menu, command, review card and tests follow from it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from bot.conversation.form import Form


@cache
def forms() -> Mapping[str, type[Form]]:
    """Every form by name, in menu order. Raises ValueError if two bear the same name."""
    found: dict[str, type[Form]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Form) and value.__module__ == f"{__name__}.{module.name}":
                if value.name in found:
                    raise ValueError(f"two forms are called {value.name}")
                found[value.name] = value
    return dict(sorted(found.items(), key=lambda item: (item[1].place, item[0])))
