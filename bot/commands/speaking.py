"""How a command talks to the administrator: sentences on stdout, what went wrong on stderr, in the language asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import typer

from bot.conversation.words import Say
from bot.errors import ConfigError, NotMigrated, SchemaTooNew, TransientStorage, TungNhaError, WrongKey
from bot.texts import Voice

Speak = Callable[[Say], None]


def act(language: str, command: Callable[[Speak], Awaitable[int]]) -> None:
    """Run a command and leave with its exit status; an error of ours becomes one sentence and status 1."""
    voice = Voice(language)

    async def work() -> int:
        return await command(lambda say: typer.echo(voice(say)))

    try:
        status = asyncio.run(work())
    except TungNhaError as error:
        typer.echo(voice(sentence(error)), err=True)
        status = 1
    raise typer.Exit(status)


def sentence(error: TungNhaError) -> Say:
    """What an administrator is told about an error."""
    match error:
        case ConfigError():
            return Say("admin.config", name=error.key, hint=error.hint)
        case NotMigrated():
            return Say("admin.check.not_migrated")
        case SchemaTooNew():
            return Say("admin.check.too_new")
        case WrongKey():
            return Say("admin.check.wrong_key")
        case TransientStorage():
            return Say("admin.check.no_database", why=cause(error))
        case _:
            return Say("admin.failed", why=str(error))


def cause(error: BaseException) -> str:
    """The first line of what is at the bottom of an error: "readonly database" rather than our name for it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(getattr(error, "orig", None) or error) or type(error).__name__).splitlines()[0]
