"""The administrator's command line, from an empty folder to a machine on which everything is ready."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import typer
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner, Result

import bot.demo
from bot.__main__ import Language, cli
from bot.channels.mail import MailServer
from bot.clock import system_clock, vietnam_day
from bot.commands.check import Ask, ask_platform, problems
from bot.conversation.words import Say
from bot.domain.access import Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.units import Tree
from bot.errors import TokenRefused, Unreachable
from bot.reports import issued
from bot.storage import openings, people, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.people import Invite, NewUser
from bot.texts import Voice, languages

DEMO_UNITS = Path(bot.demo.__file__).parent / "units.csv"
TOKEN = "123456789:AAE-invented_token"
CODE = re.compile(r"^([A-HJKMNP-Z2-9]{8})   ", re.MULTILINE)
T = TypeVar("T")


class Machine:
    """A folder with a configuration, and the command line in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.key = folder / "tungnha.key"
        self.database = folder / "data" / "tungnha.db"
        self.url = f"sqlite+aiosqlite:///{self.database}"
        self.configure()

    def configure(self, **telegram: str) -> None:
        said = "".join(f'{name} = "{value}"\n' for name, value in {"token": TOKEN, **telegram}.items())
        self.config.write_text(
            f'[telegram]\n{said}[storage]\nurl = "{self.url}"\n[privacy]\nkey_file = "{self.key}"\n'
            '[app]\ncontroller = "UBND huyện Mai Sơn"\n',
            encoding="utf-8",
        )

    def run(self, *args: object, language: str = "en") -> Result:
        """One command with this configuration."""
        return CliRunner().invoke(cli, [*map(str, args), "--config", str(self.config), "--language", language])

    def look(self, look: Callable[[Any, Keyring], Awaitable[T]]) -> T:
        """Read or write the database outside the command line."""

        async def work() -> T:
            db = Database(self.url)
            async with db.write() as tx:
                found = await look(tx, Keyring.load(self.key))
            await db.close()
            return found

        return asyncio.run(work())

    def problems(self, ask: Ask, language: str = "en") -> list[str]:
        async def collect() -> list[Say]:
            return [problem async for problem in problems(self.config, ask, system_clock)]

        return [Voice(language)(problem) for problem in asyncio.run(collect())]


async def accepts(base_url: str, token: str) -> None:
    assert token == TOKEN


async def refuses(base_url: str, token: str) -> None:
    raise TokenRefused("getMe")


async def silent(base_url: str, token: str) -> None:
    raise Unreachable("getMe")


async def all_units(tx: Any, _keys: Keyring) -> list[str]:
    return sorted(unit.code for unit in await units.load(tx))


async def staff_every_commune(tx: Any, keys: Keyring) -> None:
    now = system_clock()
    await people.add_user(tx, keys, NewUser("u1", "Lò Mẫu An", "dong_chi", "vi"), now)
    for unit in Tree(await units.load(tx), now.date()).at_level("125", "commune"):
        await people.grant(tx, "u1", RoleAt(Role.COMMUNE_OFFICER, unit.code), None, now)


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A configuration and nothing else."""
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """What key, migrate and units import leave behind, made once."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    Keyring.create(machine.key)
    machine.database.parent.mkdir()
    shutil.copy(migrated_file, machine.database)
    machine.run("units", "import", DEMO_UNITS)
    return machine.folder


@pytest.fixture
def machine(tmp_path: Path, set_up: Path) -> Machine:
    """A machine with a key, a migrated database and the demo's units."""
    shutil.copytree(set_up, tmp_path, dirs_exist_ok=True)
    return Machine(tmp_path)


def csv(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "units.csv"
    path.write_text("\n".join(("code,name,level,parent_code", *rows)), encoding=encoding)
    return path


# --- from nothing to ready ------------------------------------------------------------------------------------------


def test_from_an_empty_folder_to_the_first_administrator(bare: Machine) -> None:
    made = CliRunner().invoke(cli, ["key", str(bare.key), "--language", "en"])
    migrated = bare.run("migrate")
    imported = bare.run("units", "import", DEMO_UNITS)
    invited = bare.run("invite", "--role", "admin")

    assert "Keep a copy elsewhere" in made.output
    assert "The database is at version" in migrated.output
    assert "Imported 151 units." in imported.output
    assert CODE.search(invited.output)
    assert [made.exit_code, migrated.exit_code, imported.exit_code, invited.exit_code] == [0, 0, 0, 0]


def test_a_key_is_never_replaced(bare: Machine) -> None:
    Keyring.create(bare.key)
    before = bare.key.read_bytes()

    again = CliRunner().invoke(cli, ["key", str(bare.key), "--language", "en"])

    assert again.exit_code == 1
    assert "exists already" in again.output
    assert bare.key.read_bytes() == before


def test_a_database_without_a_schema_is_named_and_not_made_by_looking(bare: Machine) -> None:
    Keyring.create(bare.key)

    for command in (("units", "import", DEMO_UNITS), ("invite", "--role", "admin"), ("digest", "--unit", "125")):
        result = bare.run(*command, *(("--date", "2021-09-09") if command[0] == "digest" else ()))
        assert result.exit_code == 1
        assert "Run: tungnha migrate" in result.output
    assert not bare.database.exists()


def test_a_mistake_in_the_configuration_is_one_sentence(bare: Machine) -> None:
    bare.configure(mode="webhook")

    result = bare.run("invite", "--role", "admin")

    assert result.exit_code == 1
    assert result.stderr.startswith('web.public_url: is missing; telegram.mode "webhook" needs it')
    assert TOKEN not in result.output


def test_another_databases_key_is_refused(machine: Machine) -> None:
    machine.run("invite", "--role", "admin")
    machine.key.unlink()
    Keyring.create(machine.key)

    result = machine.run("invite", "--role", "admin")

    assert result.exit_code == 1
    assert "is not the key of this database" in result.stderr


# --- units ----------------------------------------------------------------------------------------------------------


def test_nothing_is_imported_while_one_row_is_bad(machine: Machine, tmp_path: Path) -> None:
    before = machine.look(all_units)

    result = machine.run("units", "import", csv(tmp_path, "04123-07,Bản Mới (mẫu),village,04123", "04123-08,Bản,thôn,04123"))

    assert result.exit_code == 1
    assert 'Line 3, column level: There is no level "thôn".' in result.output
    assert "Nothing was imported: 1 mistake." in result.output
    assert machine.look(all_units) == before


def test_with_skip_bad_the_good_rows_are_imported(machine: Machine, tmp_path: Path) -> None:
    file = csv(tmp_path, "04123-07,Bản Mới (mẫu),village,04123", "04123-08,,thôn,04123")

    result = machine.run("units", "import", file, "--skip-bad", language="vi")

    assert result.exit_code == 0
    assert "Bỏ qua 1 dòng có lỗi." in result.output
    assert "Đã nhập 1 đơn vị." in result.output
    assert "04123-07" in machine.look(all_units)
    assert "04123-08" not in machine.look(all_units)


def test_a_parent_may_be_known_to_the_database_only(machine: Machine, tmp_path: Path) -> None:
    assert machine.run("units", "import", csv(tmp_path, "04123-07,Bản,village,04123")).exit_code == 0
    assert "There is no unit 04124" in machine.run("units", "import", csv(tmp_path, "04124-1,Bản,village,04124")).output


def test_a_village_is_split_today_and_its_history_shows_both(machine: Machine) -> None:
    parts = ("--into", "04123-07=Cây Đa 1 (mẫu)", "--into", "04123-08=Cây Đa 2 (mẫu)")

    assert machine.run("units", "split", "04123-01", "--into", "04123-07=Một mình (mẫu)").exit_code == 1
    result = machine.run("units", "split", "04123-01", *parts)

    assert result.exit_code == 0, result.output
    assert "becomes 04123-07 Cây Đa 1 (mẫu), 04123-08 Cây Đa 2 (mẫu) on" in result.output
    today = vietnam_day(system_clock())
    tree = machine.look(lambda tx, _: units.load(tx))
    assert {one.code for one in Tree(tree, today).villages("04123")} >= {"04123-07", "04123-08"}
    assert "04123-01" not in Tree(tree, today)
    assert "was split into 04123-08" in machine.run("units", "history", "04123-01").output
    assert "04123-01 was split into 04123-07" in machine.run("units", "history", "04123-07").output


def test_a_village_ends_or_becomes_part_of_another_and_not_before_its_day(machine: Machine) -> None:
    assert machine.run("units", "close", "04123-01", "--on", "2999-01-01").exit_code == 1
    assert "only villages" in machine.run("units", "close", "04123").output
    assert "There was no unit 99" in machine.run("units", "close", "99").output

    merged = machine.run("units", "close", "04123-02", "--into", "04123-01", language="vi")

    assert "nhập vào 04123-01" in merged.output
    assert machine.run("units", "close", "04123-03").exit_code == 0
    assert machine.run("units", "close", "04123-03").exit_code == 1
    assert "ended" in machine.run("units", "history", "04123-03").output
    assert machine.run("units", "history", "99").exit_code == 1


def test_a_file_in_another_encoding_is_refused_with_a_sentence(machine: Machine, tmp_path: Path) -> None:
    result = machine.run("units", "import", csv(tmp_path, "15,Tỉnh,province,", encoding="utf-16"), "--skip-bad")

    assert result.exit_code == 1
    assert "Line 1: The file is not UTF-8 text." in result.output


def test_a_file_that_is_not_there_is_a_sentence(machine: Machine, tmp_path: Path) -> None:
    result = machine.run("units", "import", tmp_path / "elsewhere.csv")

    assert result.exit_code == 1
    assert "elsewhere.csv cannot be read" in result.output


# --- invites --------------------------------------------------------------------------------------------------------


def test_an_invite_gives_its_role_at_its_unit_once(machine: Machine) -> None:
    result = machine.run("invite", "--role", "head", "--unit", "04123-06", "--bot-username", "@TungNhaBot")
    found = CODE.search(result.output)

    assert found is not None
    code = found.group(1)
    assert f"https://t.me/TungNhaBot?start={code}" in result.output

    async def use(tx: Any, keys: Keyring) -> list[Invite | None]:
        return [await people.redeem(tx, keys, code, "u1", system_clock()) for _ in range(2)]

    assert machine.look(use) == [Invite(Role.HEAD, "04123-06", None), None]


def test_invites_come_by_the_dozen_and_end_when_said(machine: Machine) -> None:
    result = machine.run("invite", "--role", "member", "--unit", "04123-06", "--count", "12", "--days", "2")
    codes = CODE.findall(result.output)

    async def use_late(tx: Any, keys: Keyring) -> Invite | None:
        return await people.redeem(tx, keys, codes[0], "u1", system_clock() + timedelta(days=2))

    assert len(set(codes)) == 12
    assert machine.look(use_late) is None


def test_the_database_does_not_hold_the_code_itself(machine: Machine) -> None:
    (code,) = CODE.findall(machine.run("invite", "--role", "admin").output)

    assert code.encode() not in b"".join(path.read_bytes() for path in machine.database.parent.iterdir())


def test_an_invite_can_be_revoked_until_it_is_used(machine: Machine) -> None:
    (code,) = CODE.findall(machine.run("invite", "--role", "admin").output)

    revoked = machine.run("revoke-invite", f"{code[:4].lower()}-{code[4:].lower()}")
    again = machine.run("revoke-invite", code)
    wrong = machine.run("revoke-invite", "1O0")

    assert [revoked.exit_code, again.exit_code, wrong.exit_code] == [0, 1, 1]
    assert "The invite is revoked." in revoked.output
    assert "no such invite" in again.output
    assert "8 characters" in wrong.output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--role", "head"), "--unit is needed"),
        (("--role", "head", "--unit", "99999"), "No unit has the code 99999."),
        (("--role", "head", "--unit", "04123"), "is held at the level village; Xã Chiềng Mung is of level commune"),
    ],
)
def test_an_invite_that_leads_nowhere_is_refused(machine: Machine, args: Sequence[str], says: str) -> None:
    result = machine.run("invite", *args)

    assert result.exit_code == 1
    assert says in result.output


def test_an_administrator_under_several_tops_needs_a_unit(machine: Machine, tmp_path: Path) -> None:
    machine.run("units", "import", csv(tmp_path, "17,Tỉnh khác,province,"))

    undecided = machine.run("invite", "--role", "admin")
    decided = machine.run("invite", "--role", "admin", "--unit", "125")

    assert "several highest units: 14, 17" in undecided.output
    assert (undecided.exit_code, decided.exit_code) == (1, 0)


# --- roles ----------------------------------------------------------------------------------------------------------


def test_who_holds_a_role_is_listed_by_rank_and_loses_it(machine: Machine) -> None:
    async def staff(tx: Any, keys: Keyring) -> None:
        now = system_clock()
        for user, name, role in (("u2", "Hà Mẫu Chi", Role.MEMBER), ("u1", "Lò Mẫu An", Role.HEAD)):
            await people.add_user(tx, keys, NewUser(user, name, "bac", "vi"), now)
            await people.grant(tx, user, RoleAt(role, "04123-06"), None, now)
            for address in ("1", "2"):
                await people.link(tx, "telegram", "7", user + address, user, now)

    machine.look(staff)
    listed = machine.run("roles", "--unit", "04123-06")
    revoked = machine.run("revoke-role", "u1", "--role", "head", "--unit", "04123-06")
    again = machine.run("revoke-role", "u1", "--role", "head", "--unit", "04123-06")
    left = machine.run("roles", "--unit", "04123-06", language="vi")

    assert [line.split("   ")[0] for line in listed.output.splitlines()] == ["u2", "u1"]
    assert "Lò Mẫu An" in listed.output
    assert (revoked.exit_code, again.exit_code) == (0, 1)
    assert "at 04123-06 is taken back" in revoked.output
    assert "tungnha roles --unit 04123-06" in again.output
    assert left.output == "u2   member   Thành viên Tổ COVID cộng đồng, Hà Mẫu Chi\n"


def test_a_unit_without_roles_and_one_that_is_not_there_are_told_apart(machine: Machine) -> None:
    nobody = machine.run("roles", "--unit", "04123-06")
    nowhere = machine.run("roles", "--unit", "99999")

    assert nobody.output == "Nobody holds a role at 04123-06.\n"
    assert (nobody.exit_code, nowhere.exit_code) == (0, 1)
    assert "No unit has the code 99999." in nowhere.output


# --- check ----------------------------------------------------------------------------------------------------------


def test_a_machine_that_is_ready_has_no_problems(machine: Machine) -> None:
    machine.look(staff_every_commune)

    assert machine.problems(accepts) == []


def test_each_problem_is_one_sentence(machine: Machine) -> None:
    machine.key.unlink()
    machine.config.write_text(machine.config.read_text() + 'invite_days = 3\n[schedule]\ndigest = "10:30"\n')

    found = machine.problems(refuses)

    assert [problem.split(":")[0] for problem in found[:3]] == [
        "schedule.deadline",
        "Telegram refuses this token. Get it again from @BotFather.",
        "The key cannot be used",
    ]
    assert found[3].startswith("Thị trấn Hát Lót (04105) has no official.")
    assert len(found) == 3 + 22


def test_an_unreachable_platform_is_named_without_the_token(machine: Machine) -> None:
    machine.look(staff_every_commune)

    assert machine.problems(silent, "vi") == [
        "Không liên lạc được với https://api.telegram.org. Kiểm tra mạng và base_url.",
    ]


def test_every_channel_that_has_a_token_is_asked_and_named(machine: Machine) -> None:
    machine.look(staff_every_commune)
    machine.config.write_text(machine.config.read_text() + f'[zalo]\ntoken = "{TOKEN}"\n')

    assert machine.problems(accepts) == []
    assert machine.problems(refuses) == [
        "Telegram refuses this token. Get it again from @BotFather.",
        "Zalo refuses this token. Get it again from Zalo Bot Creator.",
    ]
    assert machine.problems(silent)[1].startswith("https://bot-api.zaloplatforms.com cannot be reached")


def test_zalo_alone_is_enough(machine: Machine) -> None:
    machine.look(staff_every_commune)
    machine.config.write_text(machine.config.read_text().replace("[telegram]", "[zalo]"))

    assert machine.problems(accepts) == []
    assert machine.problems(refuses) == ["Zalo refuses this token. Get it again from Zalo Bot Creator."]


def test_what_is_missing_at_the_beginning_is_told_at_once(bare: Machine) -> None:
    bare.config.write_text(bare.config.read_text().replace(TOKEN, "").replace("UBND huyện Mai Sơn", ""))

    assert [problem.split("(")[0].strip() for problem in bare.problems(accepts)] == [
        "The bot has no token",
        "The authority that answers for the data is not named",
        f"The key cannot be used: {bare.key} does not exist; make it with: tungnha key {bare.key}",
        "The database is not at the program's version. Run: tungnha migrate",
    ]
    assert not bare.database.exists()


def test_no_units_is_a_problem(bare: Machine) -> None:
    Keyring.create(bare.key)
    bare.run("migrate")

    assert bare.problems(accepts) == ["There are no units. Run: tungnha units import FILE.csv"]


def test_another_databases_key_is_found(machine: Machine) -> None:
    machine.run("invite", "--role", "admin")
    machine.look(staff_every_commune)
    machine.key.unlink()
    Keyring.create(machine.key)

    assert machine.problems(accepts) == [
        "The key file is not the key of this database. Find the right one ([privacy] key_file)."
    ]


@pytest.mark.parametrize(
    ("obstacle", "says"),
    [
        ("a folder", "The database cannot be opened for writing: unable to open database file."),
        ("a folder that is a file", "The database is not at the program's version. Run: tungnha migrate"),
        ("not a database", "The database cannot be opened for writing: file is not a database."),
    ],
)
def test_a_database_that_cannot_be_written_is_found(machine: Machine, obstacle: str, says: str) -> None:
    shutil.rmtree(machine.database.parent)
    match obstacle:
        case "a folder":
            machine.database.mkdir(parents=True)
        case "a folder that is a file":
            machine.database.parent.write_text("")
        case _:
            machine.database.parent.mkdir()
            machine.database.write_bytes(b"not a database" * 100)

    (problem,) = machine.problems(accepts)

    assert problem == says


def test_a_database_server_that_does_not_answer_is_found(machine: Machine) -> None:
    machine.url = "postgresql+asyncpg://tungnha:hush@127.0.0.1:1/tungnha"
    machine.configure()

    (problem,) = machine.problems(accepts)

    assert problem.startswith("The database cannot be opened for writing: ")
    assert "Connect call failed" in problem
    assert "hush" not in problem


def test_check_tells_all_and_leaves_with_status_1(bare: Machine) -> None:
    bare.configure(mode="pigeon")

    result = bare.run("check")

    assert result.exit_code == 1
    assert result.stdout.startswith("telegram.mode: ")
    assert len(result.stdout.splitlines()) == 1


async def _getme(status: int, body: str) -> str | None:
    """What ``ask_platform`` makes of this answer."""

    async def answer(request: web.Request) -> web.Response:
        assert request.path == f"/bot{TOKEN}/getMe"
        return web.Response(status=status, text=body)

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with TestServer(app) as server:
        try:
            await ask_platform(str(server.make_url("")).rstrip("/"), TOKEN)
        except (TokenRefused, Unreachable) as error:
            return f"{type(error).__name__}: {error}"
    return None


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (200, '{"ok": true, "result": {"id": 1}}', None),
        (401, '{"ok": false}', "TokenRefused: getMe"),
        (404, "", "TokenRefused: getMe"),
        (502, "<html>", "Unreachable: getMe: 502"),
        (200, "<html>", "Unreachable: getMe: 200"),
        (200, '{"ok": false}', "Unreachable: getMe: 200"),
        (200, '{"ok": false, "error_code": 401}', "TokenRefused: getMe"),
        (200, '{"ok": false, "error_code": 429}', "Unreachable: getMe: 429"),
        (200, "[]", "Unreachable: getMe: 200"),
    ],
)
async def test_the_platforms_answer_about_a_token_is_understood(status: int, body: str, means: str | None) -> None:
    assert await _getme(status, body) == means


async def test_a_platform_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable) as error:
        await ask_platform("http://127.0.0.1:1", TOKEN)

    assert TOKEN not in str(error.value)
    assert error.value.__cause__ is None


# --- digest ---------------------------------------------------------------------------------------------------------


def test_a_digest_is_printed_as_it_was_issued_and_as_it_is_known_now(machine: Machine) -> None:
    day = date(2021, 9, 9)

    async def issue(tx: Any, _keys: Keyring) -> None:
        tree = Tree(await units.load(tx), day)
        at = datetime(2021, 9, 9, 2, 45, tzinfo=UTC)
        await issued.issue(tx, tree, "04123", issued.MORNING, day, at, Timetable())

    machine.look(issue)
    as_issued = machine.run("digest", "--unit", "04123", "--date", "2021-09-09")
    known_now = machine.run("digest", "--unit", "04123", "--date", "2021-09-09", "--known-now")

    assert as_issued.exit_code == known_now.exit_code == 0
    assert as_issued.output.startswith("The digest as it was sent at 09:45 09/9/2021:\n")
    assert known_now.output.startswith("As it is known at ")
    for result in (as_issued, known_now):
        assert "Bản Cây Đa (mẫu)" in result.output


def test_a_digest_that_was_not_issued_is_said_so(machine: Machine) -> None:
    result = machine.run("digest", "--unit", "04123", "--date", "2021-09-08", language="vi")

    assert result.exit_code == 1
    assert result.output == "Chưa có bản tổng hợp nào của Xã Chiềng Mung cho ngày 08/9/2021.\n"


# --- run and demo ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_serves_ends_in_order_when_told_to(number: signal.Signals) -> None:
    script = """
import asyncio
from bot.commands.serve import serve

async def service():
    print("serving", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print("in order", flush=True)

serve("en", service)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)

    assert (rest, errors, process.returncode) == ("in order\n", "", 0)


def test_run_refuses_a_bad_configuration_with_one_sentence(bare: Machine) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--config", str(bare.config), "--language", "en"],
        capture_output=True,
        text=True,
        env={**os.environ, "TUNGNHA_TELEGRAM__MODE": "webhook"},
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr.startswith('web.public_url: is missing; telegram.mode "webhook" needs it')
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(("now", "says"), [("2021-09-09T07:00", "needs its offset"), ("seven", "an instant like")])
def test_demo_wants_an_instant_with_its_offset(now: str, says: str) -> None:
    result = CliRunner().invoke(cli, ["demo", "--now", now])

    assert result.exit_code == 2
    assert says in result.stderr


# --- the command line itself ----------------------------------------------------------------------------------------


def test_every_command_says_what_it_does() -> None:
    def commands(command: Any) -> list[Any]:
        return [command, *(below for child in getattr(command, "commands", {}).values() for below in commands(child))]

    assert [command.name for command in commands(typer.main.get_command(cli)) if not command.help] == []


def test_help_imports_neither_the_database_nor_the_platform() -> None:
    script = """
import sys
from bot.__main__ import cli
try:
    cli(["--help"])
except SystemExit:
    print(sorted({"sqlalchemy", "telegram", "aiohttp", "babel"} & set(sys.modules)))
"""

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert result.stdout.splitlines()[-1] == "[]"


def test_the_command_line_knows_every_language() -> None:
    assert tuple(Language) == languages()


def test_the_check_logs_in_at_the_mail_server_and_says_what_is_wrong(machine: Machine) -> None:
    async def refused(server: MailServer) -> None:
        assert (server.host, server.username) == ("mail.example", "xa")
        raise TokenRefused("mail: login refused, 535")

    with machine.config.open("a") as config:
        config.write(
            '[mail]\nhost = "mail.example"\nuser = "xa"\nsender = "a@mail.example"\nrecipients = { "999" = ["b@c.example"] }\n'
        )

    async def collect() -> list[str]:
        return [Voice("en")(problem) async for problem in problems(machine.config, accepts, system_clock, refused)]

    found = asyncio.run(collect())

    assert any("mail.example:587 refuses the login or the encryption: mail: login refused, 535" in line for line in found)
    assert any("the unit 999, which does not exist" in line for line in found)


def test_opening_balances_come_from_a_list_all_or_none(machine: Machine, tmp_path: Path) -> None:
    head = "unit_code,indicator,n,as_of,source\n"
    file = tmp_path / "dau-ky.csv"
    good = "04123,F0 khỏi,12,31/8/2021,Báo cáo số 12 (mẫu)\n04123-01,away_total,1.200,31/8/2021,Sổ mẫu\n"
    file.write_text(head + good + "99,away_total,x,31/8/2999,\n04123,f0_recovered,1,31/8/2021,Sổ\n", encoding="utf-8")

    refused = machine.run("openings", "import", file)

    assert refused.exit_code == 1
    assert "Line 4, column unit_code: There is no commune or village 99." in refused.output
    assert "Line 4, column n: " in refused.output
    assert "Line 5, column unit_code: This figure of this unit stands in a row above." in refused.output
    file.write_text(head + good, encoding="utf-8")
    assert "Imported 2 opening balances." in machine.run("openings", "import", file).output
    held = machine.look(lambda tx, keys: openings.of_units(tx, keys, ["04123", "04123-01"]))
    assert [(one.unit, one.indicator, one.n) for one in held] == [
        ("04123", "f0_recovered", 12),
        ("04123-01", "away_total", 1200),
    ]
    file.write_text("unit_code,n\n", encoding="utf-8")
    assert "column indicator: This column is missing." in machine.run("openings", "import", file).output
