"""The command line at a glance. What a command does is imported only when it is called, so that ``--help`` is quick."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.access import Role


class Language(StrEnum):
    VI = "vi"
    EN = "en"


ConfigFile = Annotated[Path | None, typer.Option("--config", help="The configuration; config.toml here if there is one.")]
In = Annotated[Language, typer.Option("--language", help="The language of what is printed.")]

# Rich tracebacks print local variables, tokens among them.
cli = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
units = typer.Typer(no_args_is_help=True)
cli.add_typer(units, name="units")
openings = typer.Typer(no_args_is_help=True)
cli.add_typer(openings, name="openings")


@cli.callback()
def tungnha() -> None:
    """Từng Nhà: community teams report in chat, officials get true figures on time."""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("an instant like 2021-09-09T07:00+07:00") from None
    if moment.tzinfo is None:
        raise typer.BadParameter("needs its offset, as in 2021-09-09T07:00+07:00")
    return moment


@cli.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The page is at http://127.0.0.1:PORT; 0 takes a free one.")
    ] = 8080,
    data: Annotated[Path, typer.Option(file_okay=False, help="Where practice data is kept.")] = Path("data/practice"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: delete what was practised.")] = False,
    now: Annotated[datetime | None, typer.Option(parser=_moment, help="Where the clock stands at the start.")] = None,
    language: In = Language.VI,
) -> None:
    """Practise with invented people, without a network."""
    from bot.commands.serve import serve
    from bot.practice import demo

    serve(language, lambda: demo(port=port, data=data, fresh=fresh, now=now))


@cli.command()
def run(config: ConfigFile = None, language: In = Language.VI) -> None:
    """Run the bot on Telegram until it is stopped."""
    from bot.commands.serve import run, serve

    serve(language, lambda: run(config))


@cli.command()
def check(config: ConfigFile = None, language: In = Language.VI) -> None:
    """Say what is wrong; exit status 1 if anything is."""
    from bot.clock import system_clock
    from bot.commands import check as check_
    from bot.commands.speaking import act

    act(language, lambda say: check_.check(say, config, check_.ask_platform, system_clock))


@cli.command()
def key(
    path: Annotated[Path, typer.Argument(help="The file to write, such as data/tungnha.key.")], language: In = Language.VI
) -> None:
    """Make the key that seals names, phones and answers."""
    from bot.commands.setup import make_key
    from bot.commands.speaking import act

    act(language, lambda say: make_key(say, path))


@cli.command()
def migrate(config: ConfigFile = None, language: In = Language.VI) -> None:
    """Bring the database to this program's version."""
    from bot.commands.setup import bring_up_to_date
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: bring_up_to_date(say, load(config)))


@units.callback()
def units_group() -> None:
    """The places that report."""


@units.command("import")
def import_units(
    file: Annotated[Path, typer.Argument(help="CSV: code,name,level,parent_code[,label,valid_from,valid_to], UTF-8.")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the good rows although others are bad.")] = False,
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """Import units from a file: all rows or none. Units that exist are changed."""
    from bot.commands.speaking import act
    from bot.commands.units import import_units
    from bot.config import load

    act(language, lambda say: import_units(say, load(config), file, skip_bad))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day like 2021-09-16") from None


def _part(text: str) -> tuple[str, str]:
    code, _, name = text.partition("=")
    if not code.strip() or not name.strip():
        raise typer.BadParameter('a new unit like "04123-07=Ban Mau"')
    return code.strip(), name.strip()


On = Annotated[date | None, typer.Option(parser=_day, help="The first day on which it is there no more. Default: today.")]


@units.command("close")
def close_unit(
    code: Annotated[str, typer.Argument(help="The code of a unit with none below it.")],
    on: On = None,
    into: Annotated[str, typer.Option(help="The unit beside it to which its people and its team go.")] = "",
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """End a unit. What was counted there stays counted there; its people go to another."""
    from bot.clock import system_clock
    from bot.commands.speaking import act
    from bot.commands.units import close_unit
    from bot.config import load

    act(language, lambda say: close_unit(say, load(config), system_clock, code, on, into))


@units.command("split")
def split_unit(
    code: Annotated[str, typer.Argument(help="The code of a unit with none below it.")],
    into: Annotated[list[str], typer.Option(help="CODE=NAME of a new unit; once for each.")],
    on: On = None,
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """End a unit and begin several in its place. Its people and its team go to the first of them."""
    from bot.clock import system_clock
    from bot.commands.speaking import act
    from bot.commands.units import split_unit
    from bot.config import load

    parts = [_part(one) for one in into]
    act(language, lambda say: split_unit(say, load(config), system_clock, code, on, parts))


@units.command("history")
def unit_history(
    code: Annotated[str, typer.Argument(help="The code of a unit, also of one that ended.")],
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """What a unit was on which days, what it came from and what it became."""
    from bot.commands.speaking import act
    from bot.commands.units import history
    from bot.config import load

    act(language, lambda say: history(say, load(config), code))


@openings.callback()
def openings_group() -> None:
    """What units counted before they reported here."""


@openings.command("import")
def import_openings(
    file: Annotated[Path, typer.Argument(help="XLSX or CSV: unit_code,indicator,n,as_of,source.")],
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """Import opening balances from a file: all rows or none. One that is there gets its next version."""
    from bot.clock import system_clock
    from bot.commands.openings import import_openings
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: import_openings(say, load(config), system_clock, file))


@cli.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the person will be.")],
    unit: Annotated[
        str | None, typer.Option(help="The code of their unit; not needed for an admin under a single top.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=90, help="Days for which it can be used.")] = None,
    count: Annotated[int, typer.Option(min=1, max=500, help="How many, one for each person.")] = 1,
    bot_username: Annotated[str | None, typer.Option(help="Print links to this bot as well.")] = None,
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """Make invites for people to come in with.

    Each is a code of 8 characters that can be used once. It is shown only now.
    """
    from bot.clock import system_clock
    from bot.commands.invite import invite
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: invite(say, load(config), system_clock, role, unit, days, count, bot_username))


@cli.command()
def revoke_invite(
    code: Annotated[str, typer.Argument(help="The code of an invite that was not used.")],
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """Make an invite unusable."""
    from bot.clock import system_clock
    from bot.commands.invite import revoke
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: revoke(say, load(config), system_clock, code))


@cli.command()
def roles(
    unit: Annotated[str, typer.Option(help="The code of a unit.")], config: ConfigFile = None, language: In = Language.VI
) -> None:
    """List who holds which role at a unit, with names and ids."""
    from bot.clock import system_clock
    from bot.commands.roles import show
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: show(say, load(config), system_clock, unit))


@cli.command()
def revoke_role(
    user: Annotated[str, typer.Argument(help="The id of a person, as the command roles prints it.")],
    role: Annotated[Role, typer.Option(help="What the person no longer is.")],
    unit: Annotated[str, typer.Option(help="The code of the unit where they were.")],
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """Take a role back. What the person reported stays."""
    from bot.clock import system_clock
    from bot.commands.roles import revoke
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: revoke(say, load(config), system_clock, user, role, unit))


@cli.command()
def digest(
    unit: Annotated[str, typer.Option(help="The code of a commune or district.")],
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the digest.")],
    known_now: Annotated[bool, typer.Option("--known-now", help="With everything that became known since.")] = False,
    config: ConfigFile = None,
    language: In = Language.VI,
) -> None:
    """Print a past digest as issued, or as known now."""
    from bot.clock import system_clock
    from bot.commands.digest import show
    from bot.commands.speaking import act
    from bot.config import load

    act(language, lambda say: show(say, load(config), system_clock, unit, date.date(), known_now))


def main() -> None:
    cli()


if __name__ == "__main__":
    main()
