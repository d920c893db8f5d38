"""``tungnha run`` and ``tungnha demo``: what stays until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path

import typer

from bot.commands.speaking import sentence
from bot.config import load
from bot.errors import TungNhaError
from bot.texts import Voice

Service = Callable[[], Coroutine[object, object, None]]


def serve(language: str, service: Service) -> None:
    """Run until it ends or SIGTERM or SIGINT cancels it; both leave with status 0, an error of ours with one sentence and 1."""
    for chatty in ("alembic", "apscheduler"):  # what they say at every start and every tick is no news
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Before the service listens to signals itself, and after it, SIGTERM ends it as orderly as SIGINT does.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        asyncio.run(_begun(service))
    except KeyboardInterrupt:
        return
    except TungNhaError as error:
        typer.echo(Voice(language)(sentence(error)), err=True)
        raise typer.Exit(1) from None


async def _begun(service: Service) -> None:
    await service()


async def run(path: Path | None) -> None:
    """The service of ``bot.app``, imported once the configuration has been found good."""
    config = load(path)
    from bot import app

    await app.run(config)
