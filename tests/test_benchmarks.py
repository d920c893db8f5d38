"""The benchmark works end to end. What it measures is for people to read: no test here looks at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import nation
from benchmarks.commune import LIMITS, play, table

ROOT = Path(__file__).parents[1]
TINY = ("--chats", "3", "--latencies", "0", "--rounds", "1", "--seconds", "0.3", "--warm-up", "0.2")


async def test_in_a_tiny_commune_no_way_of_reporting_takes_more_acts_than_promised(tmp_path: Path) -> None:
    commune = await play(tmp_path, villages=2, people_=16, days=2)

    assert set(commune.tallies) == set(LIMITS)
    assert {name: max(commune.tallies[name].acts) <= most for name, most in LIMITS.items() if most} == dict.fromkeys(
        [name for name, most in LIMITS.items() if most], True
    )
    assert "NO)" not in table(commune)


async def test_in_a_tiny_nation_the_digest_says_what_was_invented(tmp_path: Path) -> None:
    urls = (f"sqlite+aiosqlite:///{tmp_path}/{n}.db" for n in range(2))

    year, tenth = await nation.compare(urls, communes=44, days=40, times=1)

    assert year.postings > 5 * tenth.postings
    assert nation.line("sqlite", year, tenth).startswith("digest of a day, 44 communes, sqlite: ")


def test_a_tiny_run_shows_all_three_bots_and_that_ours_lost_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks", *TINY]

    printed = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()

    names = ("this bot", "ordinary bot", "bare sender")
    ours, ordinary, bare = (next(line for line in printed if line.startswith(f"   0 ms  {name}")).split() for name in names)
    *_, confirmed, stored, lost, astray = ours
    assert int(confirmed) > 0
    assert (stored, lost, astray) == (confirmed, "0", "0")
    assert len(ordinary) == len(ours)
    assert len(bare) == len(ours) - 3
    assert sum("of the steps/s" in line for line in printed) == 2
