"""What the administrator decides: ``config.toml`` and the environment, checked once, never changed while running.

The environment wins over the file: ``TUNGNHA_TELEGRAM__TOKEN`` is ``[telegram] token``. An unknown key is refused. Every
mistake is a ``ConfigError`` that names the key and the line of ``config.example.toml`` that explains it; no message and no
``repr`` holds a secret.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Sequence
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.domain.deadlines import Timetable
from bot.domain.isolation_rules import rules_here
from bot.domain.units import COMMUNE, LEVELS, VILLAGE
from bot.errors import ConfigError
from bot.texts import languages

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
PREFIX = "TUNGNHA_"
ZALO_FILE_HOSTS = ("zdn.vn", "zadn.vn", "dlfl.vn", "dlmd.me", "flchat.vn")
"""Domains of the platform's storage, as updates of its bots and clients name them (photo-stal-1.zdn.vn, f2-voice-aac-dl.zdn.vn,
file-stal-13.dlfl.vn and where that leads on to); no list is published."""

DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


def _token(value: object) -> object:
    if value == "":
        return None
    if isinstance(value, str) and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        raise ValueError("is not a token; @BotFather gives one like 123456789:AAE…")
    return value


def _zalo_token(value: object) -> object:
    if value == "":
        return None
    if isinstance(value, str) and not re.fullmatch(r"[^\s/?#:]+:[^\s/?#]+", value):
        raise ValueError("is not a token; Zalo Bot Creator gives one like 123456789:abc…")
    return value


def _base_url(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError('should be an address like "https://api.telegram.org"')
    return value.rstrip("/")


def _public_url(value: object) -> object:
    if value == "":
        return value
    pattern = r"(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[^\s?#]*)?"
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError('should be an address like "https://bot.example.vn"; http:// is for 127.0.0.1 and localhost only')
    return value.rstrip("/")


def _database(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(tuple(f"{driver}://" for driver in DRIVERS)):
        raise ValueError(f"should begin with {DRIVERS[0]}:// or {DRIVERS[1]}://")
    return value


def _host(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", value):
        raise ValueError('should be a domain like "zdn.vn"')
    return value


def _wall(value: object) -> object:
    written = f"{value:%H:%M}" if isinstance(value, time) else value
    if not isinstance(written, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", written):
        raise ValueError('should be a time of day like "07:30"')
    return time.fromisoformat(written)


def _language(value: object) -> object:
    if value not in languages():
        raise ValueError(f"should be one of {', '.join(languages())}")
    return value


def _levels(value: object) -> object:
    words = tuple(value) if isinstance(value, (list, tuple)) else ()
    if len(set(words)) != len(words) or words[:1] != (VILLAGE,) or COMMUNE not in words:
        raise ValueError(f'should list levels from the smallest up, "{VILLAGE}" first and "{COMMUNE}" among them')
    return words


def _rules(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("should be the path of a file")
    try:
        rules_here(value)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"is no table of rules: {error}") from None
    return value


Wall = Annotated[time, BeforeValidator(_wall)]
Mode = Literal["polling", "webhook"]
_DAY = Timetable()


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Telegram(_Section):
    token: Annotated[SecretStr | None, BeforeValidator(_token)] = None
    base_url: Annotated[str, BeforeValidator(_base_url)] = "https://api.telegram.org"
    mode: Mode = "polling"
    rate: float = Field(default=25, gt=0, le=30)


class Zalo(_Section):
    token: Annotated[SecretStr | None, BeforeValidator(_zalo_token)] = None
    base_url: Annotated[str, BeforeValidator(_base_url)] = "https://bot-api.zaloplatforms.com"
    file_hosts: tuple[Annotated[str, BeforeValidator(_host)], ...] = ZALO_FILE_HOSTS
    mode: Mode = "polling"
    rate: float = Field(default=10, gt=0, le=30)


class Web(_Section):
    listen: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8090, ge=1, le=65535)
    public_url: Annotated[str, BeforeValidator(_public_url)] = ""
    link_hours: int = Field(default=12, ge=1, le=72)


class Storage(_Section):
    url: Annotated[str, BeforeValidator(_database)] = Field(default="sqlite+aiosqlite:///data/tungnha.db", repr=False)
    lease_seconds: float = Field(default=10, ge=1, le=300)


class Schedule(_Section):
    first_nudge: Wall = _DAY.first_nudge
    second_nudge: Wall = _DAY.second_nudge
    cut_off: Wall = _DAY.cut_off
    forecast: Wall = _DAY.forecast
    digest: Wall = _DAY.digest
    deadline: Wall = _DAY.deadline
    evening: Wall = _DAY.evening
    open_from: Wall = _DAY.open_from
    quiet_from: Wall = _DAY.quiet_from
    quiet_until: Wall = _DAY.quiet_until

    @property
    def timetable(self) -> Timetable:
        return Timetable(**dict(self))


class Units(_Section):
    levels: Annotated[tuple[str, ...], BeforeValidator(_levels)] = LEVELS


class Rules(_Section):
    override: Annotated[str, BeforeValidator(_rules)] = ""


class Privacy(_Section):
    key_file: Path = Path("data/tungnha.key")
    retention_days: int = Field(default=90, ge=1, le=3650)
    legal_basis: str = ""


def _mail_address(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[^\s@<>\",;]+@[^\s@<>\",;]+", value):
        raise ValueError('should be a mail address like "vanphong@huyen.example.vn"')
    return value


MailAddress = Annotated[str, BeforeValidator(_mail_address)]


class Mail(_Section):
    """Empty ``host``: no mail. ``recipients`` and ``reply_to`` by the code of the unit whose report it is."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Literal[""] | MailAddress = ""
    sender_name: str = ""
    ca_file: str = ""
    recipients: dict[str, tuple[MailAddress, ...]] = {}
    reply_to: dict[str, MailAddress] = {}


class OfficeLetter(_Section):
    """What is one office's own on its official report. What is empty here is as for every office; ``{unit}`` is its name."""

    authority: str = ""
    agency: str = ""
    symbol: str = ""
    place: str = ""
    addressees: tuple[str, ...] = ()
    signing: tuple[str, ...] = ()
    signer: str = ""
    recipients: tuple[str, ...] = ()


class Letter(OfficeLetter):
    """``units`` overrides by unit code. ``libreoffice``: "auto" searches it, "none" does without, else its path."""

    units: dict[str, OfficeLetter] = {}
    libreoffice: str = Field(default="auto", min_length=1)

    def of(self, unit: str) -> dict[str, str | tuple[str, ...]]:
        """What is set for this unit."""
        own, names = self.units.get(unit, OfficeLetter()), OfficeLetter.model_fields
        found = {name: getattr(own, name) or getattr(self, name) for name in names}
        return {name: value for name, value in found.items() if value}


class App(_Section):
    default_language: Annotated[str, BeforeValidator(_language)] = "vi"
    controller: str = ""
    invite_days: int = Field(default=7, ge=1, le=90)


class Config(_Section):
    """The whole configuration. Built by hand it is what it says; only ``load`` looks at files and the environment."""

    telegram: Telegram = Telegram()
    zalo: Zalo = Zalo()
    web: Web = Web()
    storage: Storage = Storage()
    schedule: Schedule = Schedule()
    units: Units = Units()
    rules: Rules = Rules()
    privacy: Privacy = Privacy()
    mail: Mail = Mail()
    letter: Letter = Letter()
    app: App = App()


class _Sources(BaseSettings, Config):
    """Config as found in the environment and in the table that was read from the file, in this order."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def load(path: Path | None = None) -> Config:
    """The configuration of this file; without one, of ``config.toml`` here if it exists. Raises ConfigError."""
    config, problems = inspect(path)
    if problems:
        raise problems[0]
    assert config is not None
    return config


def inspect(path: Path | None = None) -> tuple[Config | None, Sequence[ConfigError]]:
    """Everything that is wrong at once, and the configuration if it can be read at all. For ``tungnha check``."""
    try:
        table = _table(path)
        _known_sections(table)
        sources = _Sources(**table)
    except ConfigError as error:
        return None, [error]
    except SettingsError:
        return None, [ConfigError(PREFIX + "*", "a variable of the environment that names a whole section must hold JSON")]
    except ValidationError as error:
        return None, [_explained(wrong) for wrong in error.errors(include_input=False, include_url=False)]
    config = Config.model_validate(dict(sources))
    wrong = [
        _refusal(f"schedule.{later}", f"must be later than schedule.{earlier}")
        for earlier, later in sources.schedule.timetable.out_of_order()
    ]
    hooked = [name for name in ("telegram", "zalo") if getattr(config, name).mode == "webhook"]
    if hooked and not config.web.public_url:
        wrong.append(_refusal("web.public_url", f'is missing; {hooked[0]}.mode "webhook" needs it'))
    wrong += _mail_problems(config.mail)
    return config, wrong


def _mail_problems(mail: Mail) -> list[ConfigError]:
    if mail.host and not mail.sender:
        return [_refusal("mail.sender", "is missing; the address from which mail is sent")]
    if not mail.host and (mail.recipients or mail.sender):
        return [_refusal("mail.host", "is missing; the server to which mail is handed")]
    return []


def example_line(key: str) -> int | None:
    """The line of ``config.example.toml`` that sets this dotted key; None if it has none or the file is not at hand."""
    if not EXAMPLE.is_file():
        return None
    section, _, name = key.partition(".")
    here = ""
    for number, line in enumerate(EXAMPLE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("["):
            here = line.strip("[] ")
            if here == key:
                return number
        elif here == section and line.startswith(f"{name} ="):
            return number
    return None


def _table(path: Path | None) -> dict[str, Any]:
    if path is None:
        path = Path("config.toml")
        if not path.exists():
            return {}
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}; start from config.example.toml") from None
    except UnicodeDecodeError:
        raise ConfigError(str(path), "is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"is not TOML: {error}") from None


def _known_sections(table: dict[str, Any]) -> None:
    """Refuse unknown sections of the file and of the environment, where a misspelt one would be passed over in silence."""
    named = {name[len(PREFIX) :].split("__")[0].lower() for name in os.environ if name.startswith(PREFIX) and "__" in name}
    for section in sorted((table.keys() | named) - Config.model_fields.keys()):
        raise _refusal(section, f"is not known{_like(section, Config.model_fields)}")


def _explained(wrong: ErrorDetails) -> ConfigError:
    key = ".".join(str(part) for part in wrong["loc"])
    match wrong["type"]:
        case "extra_forbidden":
            section, _, name = key.partition(".")
            kind = Config.model_fields[section].annotation
            return _refusal(key, f"is not known{_like(name, getattr(kind, 'model_fields', {}))}")
        case "value_error":
            return _refusal(key, str(wrong["ctx"]["error"]))
        case _:
            return _refusal(key, wrong["msg"][:1].lower() + wrong["msg"][1:])


def _like(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""


def _refusal(key: str, hint: str) -> ConfigError:
    line = example_line(key) or example_line(key.partition(".")[0])
    return ConfigError(key, f"{hint} (line {line} of config.example.toml explains it)" if line else hint)
