"""The ceiling: our poll and our transport, a message a step, nothing stored.

``python -m benchmarks.bare FOLDER CHATS PORT``
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import defaultdict

from benchmarks import child
from benchmarks.stub import TOKEN
from benchmarks.walk import acts, questions
from bot.channels.telegram import TelegramChannel
from bot.clock import system_clock
from bot.messages import Button, Inbound, Outgoing


async def run(port: int) -> None:
    channel = TelegramChannel(TOKEN, f"http://127.0.0.1:{port}", system_clock)
    await channel.connect()
    asked: defaultdict[str, int] = defaultdict(int)
    sending: set[asyncio.Task[str]] = set()
    child.ready()
    while True:
        batch = await channel.fetch(50)
        await channel.confirm(batch)
        for message in batch.messages:
            task = asyncio.create_task(channel.send(_reply(message, asked[message.address])))
            asked[message.address] = (asked[message.address] + 1) % len(acts())
            sending.add(task)
            task.add_done_callback(sending.discard)


def _reply(message: Inbound, number: int) -> Outgoing:
    edits = message.message_id if message.token else None
    if number == len(questions()):
        return Outgoing(message.address, "OK", edits=edits)
    question = questions()[number]
    buttons = tuple(tuple(Button(label, key) for key, label in row) for row in question.rows)
    return Outgoing(message.address, question.text, buttons, edits=edits)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(run(int(sys.argv[3])))
