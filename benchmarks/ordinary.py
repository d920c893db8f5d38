"""The ordinary bot of the same packages, written as its documentation shows.

``python -m benchmarks.ordinary FOLDER CHATS PORT``

ConversationHandler, PicklePersistence, run_polling with its Updater, the default httpx request, one update at a time as
ConversationHandler requires, and a row a step with aiosqlite. It checks no answer, encrypts nothing and knows no roles.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import aiosqlite
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning

from benchmarks import child
from benchmarks.stub import TOKEN
from benchmarks.walk import COMMAND, questions

PICKLED_EVERY = 1.0  # seconds; the library's own default is 60

Context = ContextTypes.DEFAULT_TYPE


async def begin(update: Update, context: Context) -> int:
    assert context.user_data is not None
    context.user_data.clear()
    return await _ask(update, context, 0, "")


async def typed(update: Update, context: Context) -> int:
    assert update.effective_message is not None
    return await _answered(update, context, update.effective_message.text or "")


async def tapped(update: Update, context: Context) -> int:
    assert update.callback_query is not None
    return await _answered(update, context, update.callback_query.data or "")


async def _answered(update: Update, context: Context, answer: str) -> int:
    assert context.user_data is not None
    state = context.user_data["state"]
    context.user_data[questions()[state].field] = answer
    return await _ask(update, context, state + 1, answer)


async def _ask(update: Update, context: Context, state: int, answer: str) -> int:
    """Write the step's row, then ask. The state is the number of the question that stands open."""
    assert update.effective_chat is not None
    assert context.user_data is not None
    context.user_data["state"] = state
    db: aiosqlite.Connection = context.bot_data["db"]
    await db.execute("INSERT INTO step VALUES (?, ?, ?, ?)", (update.update_id, update.effective_chat.id, state, answer))
    await db.commit()
    over = state == len(questions())
    text = "OK" if over else questions()[state].text
    keyboard = None if over else _keyboard(state)
    if update.callback_query is not None:
        await update.callback_query.answer()
        await update.callback_query.edit_message_text(text, reply_markup=keyboard)
    else:
        await context.bot.send_message(update.effective_chat.id, text, reply_markup=keyboard)
    return ConversationHandler.END if over else state


def _keyboard(state: int) -> InlineKeyboardMarkup | None:
    rows = questions()[state].rows
    if not rows:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=key) for key, label in row] for row in rows])


def main(folder: Path, port: int) -> None:
    async def open_database(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        db = await aiosqlite.connect(folder / child.DATABASE)
        await db.execute("CREATE TABLE step (update_id INTEGER PRIMARY KEY, chat_id INTEGER, state INTEGER, answer TEXT)")
        await db.commit()
        application.bot_data["db"] = db
        child.ready()

    # Without bot_data, which holds the open database.
    kept = PersistenceInput(bot_data=False)
    persistence = PicklePersistence[Any, Any, Any](folder / child.PICKLE, store_data=kept, update_interval=PICKLED_EVERY)
    root = f"http://127.0.0.1:{port}"
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .persistence(persistence)
        .post_init(open_database)
        .build()
    )
    answers: list[BaseHandler[Update, Any, object]] = [
        MessageHandler(filters.TEXT & ~filters.COMMAND, typed),
        CallbackQueryHandler(tapped),
    ]
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler(COMMAND, begin)],
            states=dict.fromkeys(range(len(questions())), answers),
            fallbacks=[],
            name=child.CONVERSATION,
            persistent=True,
        )
    )
    application.run_polling()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    warnings.simplefilter("ignore", PTBUserWarning)  # about per_message: advice for forms without typed answers
    main(Path(sys.argv[1]), int(sys.argv[3]))
