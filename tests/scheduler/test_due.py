"""What is due between two instants."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import at, local
from bot.domain.deadlines import Timetable
from scheduler.due import Job, Standing, due_between
from scheduler.jobs import timetable_of

CHAIN = timetable_of(Timetable())
DAY = timedelta(days=1)

instants = st.datetimes(datetime(2021, 9, 1), datetime(2021, 9, 12), timezones=st.just(UTC))  # noqa: DTZ001
walls = st.times().map(lambda wall: wall.replace(fold=0))
chains = st.lists(st.builds(Job, st.sampled_from("abc"), walls, st.just(DAY)), max_size=5)


def test_a_day_is_the_chain_in_order() -> None:
    day = datetime(2021, 9, 9).date()  # noqa: DTZ001

    due = due_between(CHAIN, at(day, time(0, 0)), at(day, time(23, 59)))

    assert [(f"{local(one.due_at):%H:%M}", one.job.name) for one in due] == [
        ("00:01", "deputies_over"),
        ("03:30", "upkeep"),
        ("07:00", "nudge_first"),
        ("07:00", "contacts_to_complete"),
        ("07:00", "visits"),
        ("07:00", "transfers_waiting"),
        ("07:30", "nudge_second"),
        ("08:00", "overdue"),
        ("08:00", "discrepancies"),
        ("09:15", "forecast"),
        ("09:45", "digest"),
        ("10:00", "late_list"),
        ("12:00", "visits_1200"),
        ("14:00", "visits_1400"),
        ("17:00", "evening"),
        ("17:00", "visits_1700"),
        ("18:00", "visits_1800"),
        ("19:00", "visits_1900"),
    ]


@given(chains, st.lists(instants, min_size=2, max_size=6))
def test_an_interval_cut_anywhere_gives_the_same_runs_once(jobs: list[Job], cuts: list[datetime]) -> None:
    cuts.sort()

    whole = due_between(jobs, cuts[0], cuts[-1])
    parts = [due for start, end in pairwise(cuts) for due in due_between(jobs, start, end)]

    assert parts == whole


@given(chains, instants, instants)
def test_runs_are_in_order_and_inside_the_half_open_interval(jobs: list[Job], after: datetime, until: datetime) -> None:
    due = due_between(jobs, after, until)

    assert [one.due_at for one in due] == sorted(one.due_at for one in due)
    assert all(after < one.due_at <= until for one in due)


@given(chains, instants, st.integers(0, 5))
def test_whole_days_hold_every_job_once_a_day(jobs: list[Job], after: datetime, days: int) -> None:
    assert len(due_between(jobs, after, after + days * DAY)) == days * len(jobs)


def test_a_run_is_in_time_then_late_then_too_late() -> None:
    nudge = Job("nudge", time(7, 0), timedelta(minutes=30))
    due_at = at(datetime(2021, 9, 9).date(), time(7, 0))  # noqa: DTZ001
    (due,) = due_between([nudge], due_at - DAY, due_at)

    standing = [due.standing(due_at + timedelta(minutes=n)) for n in (0, 0.9, 1, 29, 30)]

    assert standing == [Standing.IN_TIME, Standing.IN_TIME, Standing.LATE, Standing.LATE, Standing.TOO_LATE]
