"""The configuration says what is wrong, where it is explained, and never shows a secret."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import EXAMPLE, Config, Schedule, example_line, inspect, load
from bot.domain.deadlines import Timetable
from bot.errors import ConfigError

Write = Callable[[str], Path]
TOKEN = "123456789:AAE-invented_token"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def keys_of_config() -> set[str]:
    return {f"{section}.{key}" for section, value in Config() for key in type(value).model_fields}


def test_the_example_is_the_default_configuration() -> None:
    assert load(EXAMPLE) == Config()


def test_the_example_has_every_key_and_no_other() -> None:
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))

    assert {f"{section}.{key}" for section, table in example.items() for key in table} == keys_of_config()


def test_every_key_of_the_example_is_explained_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = {key: example_line(key) for key in keys_of_config()}

    assert [key for key, line in found.items() if line is None or not lines[line - 2].startswith("# ")] == []


def test_the_environment_wins_over_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("TUNGNHA_SCHEDULE__DIGEST", "09:30")

    config = load(write('[telegram]\ntoken = "1:other"\nrate = 20\n[schedule]\ndigest = "09:40"\n'))

    assert config.telegram.token == SecretStr(TOKEN)
    assert config.telegram.rate == 20
    assert config.schedule.timetable == Timetable(digest=time(9, 30))


def test_a_configuration_built_by_hand_does_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_TELEGRAM__TOKEN", TOKEN)

    assert Config().telegram.token is None


def test_no_secret_shows_in_a_configuration(write: Write) -> None:
    config = load(
        write(f'[telegram]\ntoken = "{TOKEN}"\n[storage]\nurl = "postgresql+asyncpg://tungnha:hush-hush@localhost/tungnha"\n')
    )

    assert config.telegram.token == SecretStr(TOKEN)
    for shown in (repr(config), str(config)):
        assert TOKEN not in shown
        assert "hush-hush" not in shown


def test_a_configuration_cannot_be_changed(write: Write) -> None:
    config = load(write(""))

    with pytest.raises(ValueError):
        config.app.controller = "UBND"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ('[telegram]\ntoken = "hush hush"', "telegram.token", "BotFather"),
        ('[telegram]\nmode = "webhook"', "web.public_url", 'telegram.mode "webhook" needs it'),
        ('[zalo]\nmode = "webhook"', "web.public_url", 'zalo.mode "webhook" needs it'),
        ('[web]\npublic_url = "http://bot.example.vn"', "web.public_url", "https://"),
        ('[web]\npublic_url = "bot.example.vn"', "web.public_url", "https://"),
        ('[web]\npublic_url = "http://localhost.example.vn"', "web.public_url", "https://"),
        ("[web]\nport = 0", "web.port", "greater than or equal to 1"),
        ("[web]\nlink_hours = 73", "web.link_hours", "72"),
        ('[telegram]\nmode = "push"', "telegram.mode", "polling"),
        ('[telegram]\nbase_url = "api.telegram.org"', "telegram.base_url", "https://"),
        ("[telegram]\nrate = 31", "telegram.rate", "30"),
        ("[telegram]\nrate = 0", "telegram.rate", "greater than 0"),
        ('[telegram]\ntokn = "1:a"', "telegram.tokn", "did you mean token?"),
        ('[post]\nhost = "x"', "post", "not known"),
        ("telegram = 3", "telegram", "dictionary"),
        ('[storage]\nurl = "sqlite:///data/tungnha.db"', "storage.url", "sqlite+aiosqlite"),
        ('[storage]\nurl = "hush hush"', "storage.url", "postgresql+asyncpg"),
        ('[schedule]\ndigest = "9:45"', "schedule.digest", "07:30"),
        ("[schedule]\ndigest = 945", "schedule.digest", "07:30"),
        ('[schedule]\ndigest = "11:00"', "schedule.deadline", "later than schedule.digest"),
        ('[schedule]\ndigest = "10:00"', "schedule.deadline", "later than schedule.digest"),
        ("[privacy]\nretention_days = 0", "privacy.retention_days", "1"),
        ('[app]\ndefault_language = "fr"', "app.default_language", "vi, en"),
        ("[app]\ninvite_days = 91", "app.invite_days", "90"),
    ],
)
def test_a_mistake_names_its_key_and_the_line_that_explains_it(write: Write, text: str, key: str, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(write(text))

    line = example_line(key) or example_line(key.partition(".")[0])
    assert refused.value.key == key
    assert says in refused.value.hint
    assert line is None or f"line {line} of config.example.toml" in refused.value.hint
    assert "hush" not in str(refused.value)


def test_a_section_misspelt_in_the_environment_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_TELEGRAMM__TOKEN", TOKEN)

    with pytest.raises(ConfigError, match="telegramm: is not known; did you mean telegram"):
        load(write(""))


def test_a_key_misspelt_in_the_environment_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_TELEGRAM__TOKNE", TOKEN)

    with pytest.raises(ConfigError, match=r"telegram\.tokne: is not known; did you mean token"):
        load(write(""))


def test_all_mistakes_are_found_at_once(write: Write) -> None:
    config, problems = inspect(write('[telegram]\nmode = "push"\nrate = 99\n[app]\ninvite_days = 0\n'))

    assert config is None
    assert [problem.key for problem in problems] == ["telegram.mode", "telegram.rate", "app.invite_days"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://bot.example.vn/", "https://bot.example.vn"),
        ("https://example.vn:8443/tungnha", "https://example.vn:8443/tungnha"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
        ("http://localhost/", "http://localhost"),
    ],
)
def test_a_webhook_has_a_public_address_and_one_of_this_machine_may_do_without_tls(
    write: Write, address: str, kept: str
) -> None:
    config = load(write(f'[telegram]\nmode = "webhook"\n[web]\npublic_url = "{address}"\n'))

    assert config.web.public_url == kept


def test_without_a_token_everything_but_the_platform_works(write: Write) -> None:
    assert load(write('[telegram]\ntoken = ""')).telegram.token is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[telegram\n", "not TOML"),
        ('[app]\ncontroller = "Sơn La"\n'.encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=says) as refused:
        load(path)
    assert refused.value.key == str(path)


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "elsewhere.toml")


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert load() == Config()


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[app]\ninvite_days = 3\n")

    assert load(path).app.invite_days == 3


def test_times_may_be_written_as_toml_times(write: Write) -> None:
    assert load(write("[schedule]\nevening = 16:30:00")).schedule == Schedule(evening=time(16, 30))


def test_the_levels_of_units_may_be_others_but_begin_with_the_village(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[units]\nlevels = ["village", "commune", "area", "province"]\n', encoding="utf-8")
    assert load(file).units.levels == ("village", "commune", "area", "province")

    file.write_text('[units]\nlevels = ["commune", "village"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"units\.levels"):
        load(file)


def test_mail_needs_a_server_and_a_sender_and_addresses_that_are_some(write: Write) -> None:
    for text, key in (
        ('[mail]\nhost = "mail.example"\n', "mail.sender"),
        ('[mail]\nsender = "a@b.example"\n', "mail.host"),
        ('[mail]\nrecipients = { "1" = ["nobody"] }\n', "mail.recipients.1.0"),
    ):
        with pytest.raises(ConfigError) as refused:
            load(write(text))
        assert refused.value.key == key


def test_a_unit_overrides_what_is_set_for_all_letters(write: Write) -> None:
    letter = load(write('[letter]\nsigner = "Lò Mẫu An"\nsymbol = "BC"\n[letter.units."1"]\nsigner = "Cà Mẫu Bình"\n')).letter

    assert letter.of("1") == {"signer": "Cà Mẫu Bình", "symbol": "BC"}
    assert letter.of("2") == {"signer": "Lò Mẫu An", "symbol": "BC"}


def test_a_provinces_rules_are_looked_at_before_anything_starts(tmp_path: Path) -> None:
    wrong = tmp_path / "province.toml"
    wrong.write_text('[[rule]]\nid = "x"\n', encoding="utf-8")
    config = tmp_path / "config.toml"

    for path, hint in ((tmp_path / "none.toml", "cannot be read"), (wrong, "is no table of rules")):
        config.write_text(f'[rules]\noverride = "{path.as_posix()}"\n', encoding="utf-8")
        with pytest.raises(ConfigError, match=hint):
            load(config)
