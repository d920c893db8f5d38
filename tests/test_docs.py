"""What is written about the program is true of it: commands, keys, jobs, tables, indicators, links, and what to tap."""

from __future__ import annotations

import json
import re
import sys
import tomllib
import types
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.__main__ import cli
from bot.clock import window_of
from bot.config import PREFIX, Config
from bot.conversation.form import Form, steps
from bot.demo.people import demo_people
from bot.domain.access import Role
from bot.domain.deadlines import Timetable
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.indicators import indicators
from bot.domain.isolation import Why
from bot.domain.isolation_rules import Rule, national
from bot.forms import forms
from bot.handlers.routes import COMMANDS
from bot.reports.own_table.headings import meaning, told_by_words
from bot.storage.schema import Sealed, metadata
from bot.texts import Voice, catalogue, languages
from scheduler.jobs import OCCASIONS, timetable_of

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))  # made by "make pictures"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text(page: str | Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def without_code(markdown: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", markdown, flags=re.MULTILINE | re.DOTALL)


def sections(markdown: str) -> dict[str, str]:
    """Each heading with what stands below it, up to the next heading of any level."""
    parts = re.split(r"^#+ (.+)$", markdown, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(markdown: str) -> dict[str, list[str]]:
    """The rows of all tables by what stands in backticks in their first cell."""
    found = {}
    for line in markdown.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and (name := re.match(r"`([^`]+)`", cells[0])):
            found[name[1]] = cells
    return found


# --- pages --------------------------------------------------------------------------------------------------------------


def links(page: Path) -> Iterator[str]:
    written = without_code(text(page))
    for target in re.findall(r"\]\(([^)\s]+)\)", written) + re.findall(r'<img src="([^"]+)"', written):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: Path) -> set[str]:
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in sections(text(page))}


@each_page
def test_links_and_images_lead_somewhere(page: Path) -> None:
    broken = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)

    assert broken == []


@each_page
def test_no_page_names_a_path_of_one_machine(page: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:work|root|tmp|home)/\S*", text(page)) == []


def test_every_page_is_linked_from_another() -> None:
    linked = {(page.parent / target.partition("#")[0]).resolve() for page in PAGES for target in links(page)}

    assert [page for page in PAGES if page not in linked and page != ROOT / "README.md"] == []


def test_every_picture_is_shown_and_told_to_those_who_cannot_see_it() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for target in links(page)}
    untold = [
        tag for page in PAGES for tag in re.findall(r"<img [^>]*>|!\[\]", text(page)) if not re.search(r'alt="[^"]+"', tag)
    ]

    assert PICTURES
    assert set(PICTURES) - shown == set()
    assert untold == []


def test_the_changelog_knows_this_version() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]

    assert version in sections(text("CHANGELOG.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "docs" / "decisions").glob("0*.md"))

    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]


# --- words on the screen --------------------------------------------------------------------------------------------------

THEIRS = {"Start"}  # the platform's own button


def words_on_screen() -> set[str]:
    """In Vietnamese, but for the page's own words, which a reader of English may have in English."""
    page = [json.loads(text(f"bot/sandbox/page/words.{language}.json")).values() for language in ("vi", "en")]
    people = {person.name for person in demo_people()}
    return {*map(str, catalogue("vi").values()), *page[0], *page[1], *people, *THEIRS}


def bold(markdown: str) -> set[str]:
    """What is printed bold, but times and the beginnings of paragraphs, which end with a colon or a full stop."""
    found = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", markdown, flags=re.DOTALL)}
    return {words for words in found if words[-1] not in ":." and not re.fullmatch(r"\d\d:\d\d", words)}


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(lambda: sections(text("README.md"))["One morning in two minutes"], id="README"),
        *(
            pytest.param(lambda page=page: text(page), id=page)
            for page in (
                "docs/how-to/practice-a-morning.md",
                "docs/vi/danh-cho-to.md",
                "docs/vi/danh-cho-can-bo.md",
            )
        ),
    ],
)
def test_what_is_to_be_tapped_is_what_stands_on_the_screen(told: Callable[[], str]) -> None:
    tapped = bold(told())

    assert len(tapped) > 3
    assert tapped - words_on_screen() == set()


# --- the district's own table -----------------------------------------------------------------------------------------------

OWN_TABLE = sections(text(REFERENCE / "own-table.md"))


def test_every_example_of_a_heading_means_what_is_documented() -> None:
    documented = rows(OWN_TABLE["What a heading means"])

    assert set(documented) == told_by_words()
    read = {
        (target, heading): meaning(heading.split(" > ")).target
        for target, cells in documented.items()
        for heading in re.findall(r"`([^`]+)`", cells[1])
    }
    assert {key: found for key, found in read.items() if key[0] != found} == {}


def test_what_is_documented_as_asked_is_asked() -> None:
    line = re.search(r"^\| asked \|(.+)\|$", OWN_TABLE["What a heading means"], re.MULTILINE)
    assert line is not None
    headings = re.findall(r"`([^`]+)`", line[1])

    assert headings
    assert [heading for heading in headings if meaning(heading.split(" > ")).target is not None] == []


@pytest.mark.parametrize(("heading", "group"), [("What is refused", "refused"), ("What is told", "notice")])
def test_every_sentence_about_a_template_is_documented(heading: str, group: str) -> None:
    keys = re.findall(r"^\| (`.+?) \|", OWN_TABLE[heading], re.MULTILINE)
    documented = {key for cell in keys for key in re.findall(r"`([a-z_]+)`", cell)}

    assert documented == {key.rsplit(".", 1)[1] for key in catalogue("vi") if key.startswith(f"own_table.{group}.")}


# --- commands -------------------------------------------------------------------------------------------------------------


def cli_commands() -> Iterator[tuple[str, Any]]:
    waiting = [("tungnha", typer.main.get_command(cli))]
    while waiting:
        name, command = waiting.pop()
        below = getattr(command, "commands", {})
        waiting += [(f"{name} {key}", value) for key, value in below.items()]
        if not below:
            yield name, command


@pytest.mark.parametrize(("name", "command"), list(cli_commands()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_and_option_is_documented(name: str, command: Any) -> None:
    section = sections(text(REFERENCE / "commands.md")).get(name)
    assert section is not None
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")} - {"--help"}

    assert set(re.findall(r"`(--[a-z-]+)`", section)) == options


def test_no_command_is_documented_that_is_not_there() -> None:
    documented = {name for name in sections(text(REFERENCE / "commands.md")) if name.startswith("tungnha ")}

    assert documented == {name for name, _ in cli_commands()}


def test_the_sandbox_options_are_documented() -> None:
    section = sections(text(REFERENCE / "commands.md"))["python -m bot.sandbox"]

    assert set(re.findall(r"`(--[a-z-]+)`", section)) == set(re.findall(r'"(--[a-z-]+)"', text("bot/sandbox/__main__.py")))


@pytest.mark.parametrize("role", Role)
def test_every_role_is_documented(role: Role) -> None:
    assert f"`{role}`" in sections(text(REFERENCE / "commands.md"))["tungnha invite"]
    assert f"`{role}`" in text("docs/how-to/invite.md")


def chat_commands() -> dict[str, str]:
    """Vietnamese name -> English name."""
    known = {command.names[0]: command.names[-1] for command in COMMANDS}
    vi, en = Voice("vi"), Voice("en")
    for form in forms().values():
        if form.files and form.alone:
            known[vi.word(f"form.{form.name}.command")] = en.word(f"form.{form.name}.command")
    return known


def test_every_chat_command_is_documented_in_both_languages() -> None:
    table = rows(sections(text(REFERENCE / "commands.md"))["In the chat"])
    documented = {name.removeprefix("/"): cells[1].strip("`/") for name, cells in table.items()}

    assert documented == chat_commands()


# --- reference --------------------------------------------------------------------------------------------------------------


def configuration_keys() -> dict[str, str]:
    """Every key with its default as the example writes it."""
    found, section = {}, ""
    for line in text("config.example.toml").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        elif setting := re.fullmatch(r"(\w+) = (.+)", line):
            found[f"{section}.{setting[1]}"] = setting[2]
    return found


def test_every_configuration_key_is_documented_with_its_default_and_variable() -> None:
    written = rows(text(REFERENCE / "configuration.md"))
    known = {
        f"{section}.{key}"
        for section, field in Config.model_fields.items()
        for key in getattr(field.annotation, "model_fields", {})
    }
    expected = {
        key: [f"`{default}`", f"`{PREFIX}{key.upper().replace('.', '__')}`"] for key, default in configuration_keys().items()
    }

    assert set(expected) == known
    assert {key: cells[1:3] for key, cells in written.items()} == expected


def test_every_indicator_is_documented_with_its_kind_and_what_it_counts() -> None:
    written = {key: tuple(cells[1:3]) for key, cells in rows(text(REFERENCE / "indicators.md")).items()}

    assert written == {key: (str(indicator.kind), indicator.counts) for key, indicator in indicators().items()}


def test_indicators_say_which_of_them_nothing_posts_yet() -> None:
    posting = "".join(
        text(path)
        for path in [
            *(ROOT / "bot/forms").glob("*.py"),
            ROOT / "bot/handlers/filing.py",
            ROOT / "bot/domain/person.py",
            ROOT / "bot/domain/due.py",
        ]
    )
    unused = {key for key, cells in rows(text(REFERENCE / "indicators.md")).items() if cells[-1] == "nothing yet"}

    assert unused == {key for key in indicators() if f'"{key}"' not in posting}


def test_every_job_is_documented_with_its_time() -> None:
    written = {job: cells[1] for job, cells in rows(text(REFERENCE / "schedule.md")).items()}

    daily = {job.name: f"{job.wall:%H:%M}" for job in timetable_of(Timetable())}
    assert written == daily | {one.name: "as asked" for one in OCCASIONS}


def test_every_table_and_column_is_documented_and_says_what_is_sealed() -> None:
    written = {name: rows(section) for name, section in sections(text(REFERENCE / "schema.md")).items()}

    expected = {
        table.name: {column.name: isinstance(column.type, Sealed) for column in table.columns}
        for table in metadata.tables.values()
    }

    assert {
        name: {column: "**sealed**" in cells[1] for column, cells in columns.items()}
        for name, columns in written.items()
        if columns
    } == expected


def test_every_theme_of_the_texts_is_documented() -> None:
    written = set(rows(sections(text(REFERENCE / "texts.md"))["Texts"]))

    assert written == {path.name for path in (ROOT / "bot/texts/vi").glob("*.toml")}


def test_every_route_of_the_practice_api_is_documented() -> None:
    page = text(REFERENCE / "practice-api.md")
    routes = re.findall(r'web\.(get|post)\("([^"]+)"', text("bot/sandbox/practiceapi.py"))

    assert [f"{method.upper()} {path}" for method, path in routes if f"`{method.upper()} {path}" not in page] == []


# --- the rules ------------------------------------------------------------------------------------------------------------


def days(number: int) -> str:
    return f"{number} days" if number else "–"


def condition_of(rule: Rule) -> str:
    if rule.when is None:
        alone = sum((other.document, other.category) == (rule.document, rule.category) for other in national().rule) == 1
        return "any" if alone else "otherwise"
    doses = [f"{rule.when.doses} doses" if rule.when.doses > 1 else "a dose"]
    doses += [f"{rule.when.dose_days} days"] if rule.when.dose_days else []
    doses += [f"{rule.when.dose_months} months at most"] if rule.when.dose_months else []
    recovered = f"; or recovered {rule.when.recovered_months} months at most" if rule.when.recovered_months else ""
    return ", ".join(doses) + recovered


def written_rule(rule: Rule) -> list[str]:
    """The cells of a rule in the table, after its name."""
    whom = f"{rule.category}, `{rule.area}`" if rule.area else str(rule.category)
    isolate = days(rule.isolate_days)
    if rule.needs_negative:
        isolate += (
            f", ends negative, else {days(rule.without_negative_days)}" if rule.without_negative_days else ", ends negative"
        )
    tests = "if symptoms" if rule.tests_if_symptoms else ", ".join(map(str, rule.test_days))
    return [
        whom,
        rule.valid_from.isoformat(),
        f"{rule.source}, {rule.issued.day}/{rule.issued.month}/{rule.issued.year}",
        condition_of(rule),
        isolate,
        " or ".join(rule.places) or "–",
        days(rule.monitor_days),
        tests,
        "yes" if rule.verified else "**no**",
    ]


def test_every_rule_of_isolation_is_documented_as_it_is() -> None:
    written = rows(sections(text(REFERENCE / "isolation.md"))["Rules"])

    assert {name: cells[1:] for name, cells in written.items()} == {rule.id: written_rule(rule) for rule in national().rule}


def test_every_reason_to_ask_an_official_is_documented() -> None:
    assert set(rows(sections(text(REFERENCE / "isolation.md"))["When an official is asked"])) == set(Why)


def test_every_limit_and_visit_is_documented_as_it_is() -> None:
    page, rules = sections(text(REFERENCE / "isolation.md")), follow_up_rules()
    limits = {
        name: [
            f"{vital.lowest:f} to {vital.highest:f}",
            f"{vital.alarm_from} and above"
            if vital.alarm_from
            else f"above {vital.alarm_above}"
            if vital.alarm_above
            else f"below {vital.alarm_below}",
            "cases" if vital.cases_only else "everyone",
            vital.source,
            "yes" if vital.verified else "**no**",
        ]
        for name, vital in rules.vital.items()
    }
    visits = {
        slot.slot: [
            ", ".join(sorted(slot.categories)),
            f"{slot.opens:%H:%M}",
            f"{slot.closes:%H:%M}",
            ", ".join(f"{step.to} {step.at:%H:%M}" for step in slot.climbs),
            slot.source,
            "yes" if slot.verified else "**no**",
        ]
        for slot in rules.visit
    }

    assert {name: cells[1:] for name, cells in rows(page["What is measured"]).items()} == limits
    assert {name: cells[1:] for name, cells in rows(page["Visits"]).items()} == visits


# --- the worked example -------------------------------------------------------------------------------------------------------


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(page), flags=re.MULTILINE | re.DOTALL)


def flat(table: dict[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> type[Form]:
    module = types.ModuleType("bot.forms.example")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(blocks("docs/how-to/add-a-form.md", "python")[0], vars(module))
    form: type[Form] = module.Supplies
    return form


def test_the_example_of_a_form_has_words_for_everything_it_asks(example: type[Form]) -> None:
    _, *texts = (set(flat(tomllib.loads(block))) for block in blocks("docs/how-to/add-a-form.md", "toml"))
    needed = {f"form.{example.name}.{word}" for word in ("title", "menu", "command")}
    for step in steps(example):
        needed |= {f"form.{example.name}.{step.name}.{word}" for word in ("ask", "label")}
        needed |= {f"{step.vocabulary}.{option}" for option in step.options}

    assert len(texts) == len(languages())
    assert [needed - words for words in texts] == [set(), set()]


def test_the_example_of_a_form_counts_what_it_says(example: type[Form]) -> None:
    indicator, *_ = (tomllib.loads(block) for block in blocks("docs/how-to/add-a-form.md", "toml"))
    today = date(2021, 9, 9)
    filled = example.model_validate({"kind": "masks", "quantity": "50"}, context={"today": today})

    assert set(filled.entries(window_of(today, Timetable().cut_off))) == set(indicator)
