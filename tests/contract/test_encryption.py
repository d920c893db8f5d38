"""What identifies a person is ciphertext wherever it lies, bound to its place, on both databases."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.conversation.draft import Draft
from bot.conversation.numbers import listed
from bot.domain.ledger import entries
from bot.domain.questions import Answer, AnswerKind, Question
from bot.domain.questions import State as Asking
from bot.domain.transfers import State
from bot.domain.ways import Way
from bot.errors import ConfigError, WrongKey
from bot.messages import Attachment, Button, Media
from bot.storage import (
    arrivals,
    choices,
    drafts,
    explanations,
    inbox,
    key_check,
    media,
    openings,
    outbox,
    own_tables,
    pasted,
    people,
    questions,
    records,
    transfers,
    ways,
    work,
)
from bot.storage.arrivals import Posted
from bot.storage.choices import Shown
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.drafts import Saved
from bot.storage.explanations import Explanation
from bot.storage.inbox import SET_ASIDE, Taken
from bot.storage.media import MediaItem
from bot.storage.openings import Balance
from bot.storage.outbox import Post
from bot.storage.own_tables import Draft as TableDraft
from bot.storage.own_tables import Version
from bot.storage.pasted import Item, Pasted
from bot.storage.people import NewUser
from bot.storage.records import Filing
from bot.storage.schema import Sealed, metadata, user
from bot.storage.transfers import Transfer
from bot.storage.ways import Reporting
from bot.storage.work import Work

NAME, PHONE, ADDRESS, NOTE = "Người Hư Cấu Ánh", "+84900000004", "Ngõ Tưởng Tượng 12", "ho, sốt nhẹ"
SECRETS = (NAME, PHONE, ADDRESS, NOTE)
ANSWERS = {"full_name": NAME, "phone": PHONE, "address": ADDRESS, "note": NOTE}

SEALED = {
    "arrival.body",
    "attachment.content",
    "attachment.name",
    "explanation.text",
    "draft.body",
    "event.reason",
    "inbox.body",
    "media_item.body",
    "opening.source",
    "outbox.body",
    "own_table.body",
    "own_table.content",
    "own_table_draft.body",
    "own_table_draft.content",
    "pasted.body",
    "question.body",
    "question_answer.body",
    "shown_choices.body",
    "person.body",
    "record.body",
    "transfer.answer",
    "transfer.reason",
    "unit_way.contact",
    "user_account.full_name",
    "user_account.phone",
    "work.args",
}


def sealed_columns() -> list[sa.Column[bytes]]:
    return [column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Sealed)]


async def store_everything(tx: Tx, keys: Keyring, clock: StandingClock) -> None:
    """Each of the secrets in every place where one may lie."""
    now = clock()
    said = " ".join(SECRETS)
    await people.add_user(tx, keys, NewUser("u1", NAME, "chi", "vi", PHONE), now)
    await people.add_user(tx, keys, NewUser("u2", NAME, "chi", "vi", PHONE), now)
    await drafts.save(tx, keys, [Saved("u1", Draft("d1", "returnee", 1, "v1", "note", answers=ANSWERS, facts=ANSWERS), now)])
    await choices.remember(tx, keys, "telegram", "7", {"501": Shown(listed([("d1:1:y", NAME)]), now)})
    await arrivals.keep(tx, keys, [Posted("telegram", "7", said.encode(), now)])
    await inbox.take(tx, keys, [Taken("7", "m1", SET_ASIDE, 3, "A1B2", said)], now)
    await outbox.queue(tx, keys, [Post("telegram", "7", "501", said, ((Button(NAME, "d1:1:y"),),))], now)
    await outbox.attach(tx, keys, "f1", Attachment(f"{NAME}.csv", said.encode()), now)
    photo = Media("photo", f"https://zalo.example/{said}", f"{NAME}.jpg")
    day = date(2021, 9, 9)
    await media.add(tx, keys, MediaItem("m1", "telegram", "7", "501", "u1", "v1", day, photo, said, now))
    item = Item("p1", "returnee", "v1", ANSWERS, said)
    await pasted.keep(tx, keys, "u1", Pasted("p0", (item,), (), (said,)), now)
    await work.ask(tx, keys, Work("w1", "list", ANSWERS, "u1", now), now)
    await ways.save(tx, keys, Reporting("v1", Way.PHONE, NAME, PHONE), "u1", now)
    await transfers.add(tx, keys, Transfer("t1", "d1", "v1", "v2", said, "u1", now, State.OPEN))
    await transfers.settle(tx, keys, "t1", State.RETURNED, "u2", now, said)
    mapping = {"rows": [said]}
    await own_tables.add(tx, keys, Version("v1", 1, day, NAME, mapping, said.encode(), "u1", now))
    await own_tables.keep(tx, keys, "u1", TableDraft("t1", "v1", 0, NAME, said.encode(), mapping), now)
    await explanations.explain(tx, keys, day, Explanation("v1", "f0_new", "declared", 3, 2, said, "u1", now))
    await openings.save(tx, keys, Balance("v1", "away_total", 3, day, said, "u1", now))
    asked = Question("q1", "c1", "u1", AnswerKind.TEXT, said, (said,), None, Asking.DRAFT, day, now)
    await questions.keep(tx, keys, asked)
    await questions.answer(tx, keys, Answer("q1", day, "v1", 0, said, "u1", "phone", now, NAME))
    counted = entries("d1", "v1", day, {"returnees_new": 1})
    await records.file(tx, keys, Filing("d1", "returnee", 1, "v1", day, ANSWERS, "u1", ANSWERS, counted, reason=said), now)


def test_everything_that_identifies_a_person_is_in_a_sealed_column() -> None:
    assert {f"{column.table.name}.{column.name}" for column in sealed_columns()} == SEALED


def test_a_sealed_column_takes_no_plain_text() -> None:
    with pytest.raises(TypeError):
        Sealed().process_bind_param(NAME, sa.dialects.sqlite.dialect())


async def test_every_sealed_column_holds_ciphertext_and_no_cell_a_secret(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await store_everything(tx, keys, clock)

    filled: set[str] = set()
    async with db.read() as tx:
        for table in metadata.sorted_tables:
            for row in (await tx.execute(sa.text(f"SELECT * FROM {table.name}"))).mappings():
                for column, cell in row.items():
                    raw = cell if isinstance(cell, bytes) else str(cell).encode()
                    assert not any(secret.encode() in raw for secret in SECRETS), (table.name, column)
                    if cell is not None:
                        filled.add(f"{table.name}.{column}")
    assert filled >= SEALED


async def test_no_secret_is_in_the_files_of_the_database(
    sqlite_url: str, open_db: Callable[..., Database], keys: Keyring, clock: StandingClock
) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await store_everything(tx, keys, clock)

    files = list(Path(str(db.url.database)).parent.iterdir())
    assert {file.suffix for file in files if file.is_file()} >= {".db", ".db-wal"}
    for file in files:
        if file.is_file():
            raw = file.read_bytes()
            assert not any(secret.encode() in raw for secret in SECRETS), file.name


async def test_a_ciphertext_that_was_moved_to_another_row_cannot_be_opened(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await store_everything(tx, keys, clock)
        await people.link(tx, "telegram", "7", "501", "u1", clock())
        await people.link(tx, "telegram", "7", "502", "u2", clock())
        moved = sa.select(user.c.full_name).where(user.c.id == "u1").scalar_subquery()
        await tx.execute(sa.update(user).where(user.c.id == "u2").values(full_name=moved))

    async with db.read() as tx:
        assert [who.id for who in await people.everyone(tx, keys)] == ["u1"]


async def test_a_ciphertext_that_was_moved_to_another_column_cannot_be_opened(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await store_everything(tx, keys, clock)
        await people.link(tx, "telegram", "7", "501", "u1", clock())
        await tx.execute(sa.update(user).values(phone=user.c.full_name))

    async with db.read() as tx:
        assert await people.everyone(tx, keys) == []


async def test_a_message_that_was_moved_to_another_chat_cannot_be_opened(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await store_everything(tx, keys, clock)
        await tx.execute(sa.text("UPDATE outbox SET address = '666'"))

    async with db.read() as tx:
        (item,) = (await outbox.pending(tx, "7", clock(), limit=1)).ready
    with pytest.raises(WrongKey):
        outbox.open_message(keys, "7", item)


async def test_another_key_opens_nothing(db: Database, keys: Keyring, clock: StandingClock) -> None:
    other = Keyring.generate()
    async with db.write() as tx:
        await store_everything(tx, keys, clock)
        await people.link(tx, "telegram", "7", "501", "u1", clock())

    async with db.read() as tx:
        assert await people.everyone(tx, other) == []
        for read in (drafts.all_open(tx, other), records.versions(tx, other, "d1")):
            with pytest.raises(WrongKey):
                await read
        with pytest.raises(WrongKey):
            await outbox.read_attachment(tx, other, "f1")


async def test_the_key_is_checked_before_anything_is_read(db: Database, keys: Keyring) -> None:
    other = Keyring.generate()
    async with db.write() as tx:
        await key_check.verify_key(tx, other)  # nothing is remembered yet
        await key_check.remember_key(tx, keys)
        await key_check.remember_key(tx, other)  # the first stays

    async with db.read() as tx:
        await key_check.verify_key(tx, keys)
        with pytest.raises(WrongKey):
            await key_check.verify_key(tx, other)


def two_keys() -> tuple[Keyring, Keyring]:
    """The keyring before and after a new key was added."""
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    return Keyring({1: first}), Keyring({1: first, 2: second})


def test_an_old_key_still_opens_and_the_new_one_seals() -> None:
    before, after = two_keys()
    old = before.seal("user_account.full_name", "u1", NAME)
    new = after.seal("user_account.full_name", "u1", NAME)

    assert (old[0], new[0]) == (1, 2)
    assert after.open("user_account.full_name", "u1", old) == after.open("user_account.full_name", "u1", new) == NAME
    with pytest.raises(WrongKey):
        before.open("user_account.full_name", "u1", new)


def test_a_phone_is_found_by_the_same_index_after_a_new_key() -> None:
    before, after = two_keys()

    assert before.index("phone", PHONE) == after.index("phone", PHONE)
    assert before.index("phone", PHONE) != before.index("national_id", PHONE)
    assert before.index("phone", PHONE) != Keyring.generate().index("phone", PHONE)


def test_the_same_words_are_sealed_differently_each_time(keys: Keyring) -> None:
    assert keys.seal("user_account.full_name", "u1", NAME) != keys.seal("user_account.full_name", "u1", NAME)


def test_a_ciphertext_that_was_changed_cannot_be_opened(keys: Keyring) -> None:
    sealed = keys.seal("user_account.full_name", "u1", NAME)
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    unknown_key = b"\x09" + sealed[1:]

    for spoilt in (b"", sealed[:1], sealed[:-1], flipped, unknown_key):
        with pytest.raises(WrongKey):
            keys.open("user_account.full_name", "u1", spoilt)


def test_a_key_file_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tungnha.key"
    Keyring.create(path)

    assert path.stat().st_mode & 0o777 == 0o600
    sealed = Keyring.load(path).seal("user_account.full_name", "u1", NAME)
    assert Keyring.load(path).open("user_account.full_name", "u1", sealed) == NAME
    with pytest.raises(FileExistsError):
        Keyring.create(path)


@pytest.mark.parametrize("text", ["", "not a key", "1 c2hvcnQ=", "1 ***", "Khóa 1"])
def test_a_file_that_is_no_key_is_refused_and_names_its_setting(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tungnha.key"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        Keyring.load(path)

    assert refused.value.key == "privacy.key_file"


def test_a_missing_key_file_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tungnha key"):
        Keyring.load(tmp_path / "nothing.key")
