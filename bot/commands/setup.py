"""``tungnha key`` and ``tungnha migrate``: what a machine needs once."""

from __future__ import annotations

from pathlib import Path

from bot.commands.opening import key_of
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.migrate import migrate, newest


async def make_key(say: Speak, path: Path) -> int:
    try:
        Keyring.create(path)
    except FileExistsError:
        say(Say("admin.key.exists", file=str(path)))
        return 1
    except OSError as error:
        say(Say("admin.failed", why=f"{path}: {error.strerror}"))
        return 1
    say(Say("admin.key.made", file=str(path)))
    return 0


async def bring_up_to_date(say: Speak, config: Config) -> int:
    """Migrate. If there is a key already, it becomes the database's, or is refused if it is another's."""
    db = Database(config.storage.url)
    try:
        await migrate(db)
        if config.privacy.key_file.exists():
            await key_of(config, db)
    finally:
        await db.close()
    say(Say("admin.migrate.done", version=newest()))
    return 0
