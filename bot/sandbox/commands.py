"""The list of commands that Telegram shows beside the text field."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.methods import Method
from bot.sandbox.params import Params
from bot.sandbox.refusal import bad_request
from bot.sandbox.store import Store
from bot.sandbox.world import Json, dumps

MAX_COMMANDS = 100
DEFAULT_SCOPE = {"type": "default"}


class Commands:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._lists: dict[str, list[Json]] = {}
        self.methods: Mapping[str, Method] = {
            "setmycommands": self.set_my_commands,
            "getmycommands": self.get_my_commands,
            "deletemycommands": self.delete_my_commands,
        }

    async def load(self) -> None:
        self._lists = json.loads((await self._store.settings()).get("commands", "{}"))

    def shown_to(self, chat_id: int, language: str) -> list[Json]:
        """What a person sees in a private chat: the narrowest scope wins, then the person's language, then none."""
        for scope in ({"type": "chat", "chat_id": chat_id}, {"type": "all_private_chats"}, DEFAULT_SCOPE):
            for code in (language, ""):
                if found := self._lists.get(_key(scope, code)):
                    return found
        return []

    async def set_my_commands(self, params: Params) -> str:
        commands = params.json("commands", "can't parse commands JSON object")
        if not isinstance(commands, list):
            raise bad_request('parameter "commands" is required')
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._lists[_key_of(params)] = [_command(command) for command in commands]
        self._save()
        return "true"

    async def get_my_commands(self, params: Params) -> str:
        return dumps(self._lists.get(_key_of(params), []))

    async def delete_my_commands(self, params: Params) -> str:
        self._lists.pop(_key_of(params), None)
        self._save()
        return "true"

    def _save(self) -> None:
        self._store.set("commands", dumps(self._lists))


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: Object expected")
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _key_of(params: Params) -> str:
    scope = params.json("scope", "can't parse BotCommandScope JSON object")
    return _key(scope if isinstance(scope, dict) else DEFAULT_SCOPE, params.text("language_code"))


def _key(scope: Json, language: str) -> str:
    return " ".join([str(scope.get("type")), str(scope.get("chat_id", "")), language])
