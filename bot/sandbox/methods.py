"""The methods of the Bot API that concern messages. Each takes the call's parameters and returns its result as JSON text.

Descriptions of errors are Telegram's own words: https://core.telegram.org/bots/api and tdlib/telegram-bot-api.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from bot.sandbox.files import MAX_DOWNLOAD, MAX_UPLOAD, Files, StoredFile, image_size
from bot.sandbox.formatting import MAX_CAPTION, MAX_TEXT, marked_text, units
from bot.sandbox.limits import Limits
from bot.sandbox.markup import inline_keyboard
from bot.sandbox.params import Params, Upload
from bot.sandbox.people import People
from bot.sandbox.refusal import ApiError, bad_request, forbidden
from bot.sandbox.taps import Taps
from bot.sandbox.world import Chat, Json, Message, World, dumps

Method = Callable[[Params], Awaitable[str]]

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
DELETABLE_FOR = 48 * 3600  # seconds
ACTIONS = frozenset({"typing", "upload_photo", "upload_document", "choose_sticker", "find_location"}) | {
    f"{verb}_{kind}" for verb in ("record", "upload") for kind in ("video", "voice", "video_note")
}


class Messages:
    def __init__(self, world: World, people: People, files: Files, taps: Taps, limits: Limits | None) -> None:
        self._world = world
        self._people = people
        self._files = files
        self._taps = taps
        self._limits = limits
        self.methods: Mapping[str, Method] = {
            "getme": self.get_me,
            "sendmessage": self.send_message,
            "senddocument": self.send_document,
            "sendphoto": self.send_photo,
            "sendchataction": self.send_chat_action,
            "editmessagetext": self.edit_message_text,
            "editmessagereplymarkup": self.edit_message_reply_markup,
            "deletemessage": self.delete_message,
            "answercallbackquery": self.answer_callback_query,
            "getchat": self.get_chat,
            "getfile": self.get_file,
        }

    async def get_me(self, _: Params) -> str:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return dumps({**self._world.bot, **abilities})

    async def send_message(self, params: Params) -> str:
        chat = await self._open_chat(params)
        content = {**self._replied(chat, params), **_text_of(params), **_markup_of(params)}
        return self._deliver(chat, content)

    async def send_document(self, params: Params) -> str:
        chat = await self._open_chat(params)
        file = await self._file(params, "document", "documents")
        return self._deliver(chat, self._captioned(chat, params, {"document": file.document()}))

    async def send_photo(self, params: Params) -> str:
        chat = await self._open_chat(params)
        file = await self._file(params, "photo", "photos")
        width, height = image_size(await self._files.content(file.id)) or (0, 0)
        photo = [{**file.reference(), "width": width, "height": height}]
        return self._deliver(chat, self._captioned(chat, params, {"photo": photo}))

    async def send_chat_action(self, params: Params) -> str:
        await self._open_chat(params)
        if params.text("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        return "true"

    async def edit_message_text(self, params: Params) -> str:
        chat, message, body = await self._editable(params)
        if "text" not in body:
            raise bad_request("there is no text in the message to edit")
        changed = {key: value for key, value in body.items() if key not in ("text", "entities", "reply_markup")}
        return self._edit(chat, message, body, {**changed, **_text_of(params), **_markup_of(params)})

    async def edit_message_reply_markup(self, params: Params) -> str:
        chat, message, body = await self._editable(params)
        changed = {key: value for key, value in body.items() if key != "reply_markup"}
        return self._edit(chat, message, body, {**changed, **_markup_of(params)})

    async def delete_message(self, params: Params) -> str:
        chat = await self._open_chat(params)
        message = chat.message(params.number("message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        if self._world.unix_now() - message.read()["date"] > DELETABLE_FOR:
            raise bad_request("message can't be deleted for everyone")
        self._world.delete(chat, message)
        return "true"

    async def answer_callback_query(self, params: Params) -> str:
        self._taps.answer(params.text("callback_query_id"), params.text("text"), params.flag("show_alert"))
        return "true"

    async def get_chat(self, params: Params) -> str:
        chat = await self._chat(params)
        gifts = dict.fromkeys(GIFTS, False)
        more = {"accent_color_id": chat.id % 7, "max_reaction_count": 11, "accepted_gift_types": gifts}
        return dumps({**chat.info, **more})

    async def get_file(self, params: Params) -> str:
        file = await self._files.find(params.text("file_id"))
        if file is None:
            raise bad_request("invalid file_id")
        if file.size > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return dumps({**file.reference(), "file_path": file.path})

    async def _chat(self, params: Params) -> Chat:
        if "chat_id" not in params:
            raise bad_request("chat_id is empty")
        chat = await self._people.chat(params.number("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    async def _open_chat(self, params: Params) -> Chat:
        chat = await self._chat(params)
        if chat.blocked:
            raise forbidden("bot was blocked by the user" if chat.private else "bot was kicked from the group chat")
        return chat

    def _deliver(self, chat: Chat, content: Json) -> str:
        self._spend(chat)
        return self._world.post(chat, "bot", content).body

    def _spend(self, chat: Chat) -> None:
        if self._limits is not None:
            self._limits.spend(chat)

    async def _editable(self, params: Params) -> tuple[Chat, Message, Json]:
        chat = await self._open_chat(params)
        message = chat.message(params.number("message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if message.sender != "bot":
            raise bad_request("message can't be edited")
        return chat, message, message.read()

    def _edit(self, chat: Chat, message: Message, before: Json, after: Json) -> str:
        if before == after:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        self._spend(chat)
        return self._world.rewrite(chat, message, after).body

    def _captioned(self, chat: Chat, params: Params, content: Json) -> Json:
        caption, entities = marked_text(params, "caption")
        if units(caption) > MAX_CAPTION:
            raise bad_request("message caption is too long")
        if caption:
            content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
        return {**self._replied(chat, params), **content, **_markup_of(params)}

    def _replied(self, chat: Chat, params: Params) -> Json:
        given = params.json("reply_parameters", "can't parse reply parameters JSON object")
        reply = given if isinstance(given, dict) else {}
        message_id = reply.get("message_id") or params.number("reply_to_message_id")
        if not message_id:
            return {}
        message = chat.message(int(message_id))
        if message is not None:
            return {"reply_to_message": without_reply(message.read())}
        if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")

    async def _file(self, params: Params, name: str, kind: Literal["documents", "photos"]) -> StoredFile:
        given = params.upload(name)
        if not isinstance(given, Upload):
            known = await self._files.find(given) if given else None
            if known is None:
                raise bad_request("wrong file identifier/HTTP URL specified" if given else f"there is no {name} in the request")
            return known
        if not given.content:
            raise bad_request("file must be non-empty")
        if len(given.content) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        if kind == "photos" and image_size(given.content) is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return await self._files.keep(given, kind)


def without_reply(message: Json) -> Json:
    """Telegram nests one level of replies only."""
    message.pop("reply_to_message", None)
    return message


def _text_of(params: Params) -> Json:
    text, entities = marked_text(params)
    if not text.strip():
        raise bad_request("message text is empty")
    if units(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _markup_of(params: Params) -> Json:
    keyboard = inline_keyboard(params)
    return {"reply_markup": keyboard} if keyboard else {}
