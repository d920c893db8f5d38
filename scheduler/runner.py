"""The schedule at work: a tick, what is due, a claim, what it queues.

``job_runs`` is the truth. A run is claimed in the transaction that queues what it says, and that transaction first checks
the lease; so with three processes, a restart or a crash at any instant, each run happens once. How far the schedule got
(``schedule_until``) only spares looking back: a run that is looked at twice is found claimed. APScheduler is the tick and
nothing else: its own memory of jobs is lost on restart, and three processes on one job store fired three times.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, vietnam_day
from bot.domain.deadlines import Timetable
from bot.errors import LostLease, StorageError, TransientStorage
from bot.messages import FILES
from bot.storage import jobs, outbox, settings
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.units import UnitTrees
from scheduler.due import Due, Standing, due_between, jumped
from scheduler.jobs import OCCASIONS, WORDS_KEPT, Duty, Occasion, timetable_of
from scheduler.round import Round

log = logging.getLogger(__name__)

UNTIL = "schedule_until"
CHUNK = 5
"""Units in one transaction: the writer is shared with the conversation, which must not wait long. Five digests with their
files take 60 ms, the nudges of five communes with 20 teams of 3 people each 40 ms (measured)."""

COMPLAIN_EVERY = 3600.0  # seconds

DROPPED_CHUNK = 500
"""What is only noted as dropped costs next to nothing."""


@dataclass(frozen=True)
class Ran:
    """One run and how it ended: ``ran``, ``late`` or ``dropped``."""

    job: str
    unit: str
    due_at: datetime
    outcome: str


class Runner:
    """Runs what is due. Several may share a database; only the one whose ``lease`` holds does anything."""

    def __init__(
        self,
        db: Database,
        keys: Keyring,
        trees: UnitTrees,
        clock: Clock,
        timetable: Timetable,
        lease: Callable[[], jobs.Lease | None],
        wake: Callable[[], None],
        words_kept: timedelta = WORDS_KEPT,
        duties: Sequence[Duty] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        carries_files: Collection[str] = FILES,
        mailed: Collection[str] = (),
        occasions: Sequence[Occasion] = OCCASIONS,
    ) -> None:
        self._db = db
        self._keys = keys
        self._trees = trees
        self._clock = clock
        self._timetable = timetable
        self._lease = lease
        self._wake = wake
        self._duties = tuple(duties) if duties is not None else timetable_of(timetable, words_kept)
        self._occasions = tuple(occasions)
        self._monotonic = monotonic
        self._carries_files = carries_files
        self._mailed = mailed
        self._sound: tuple[datetime, float] | None = None  # clock and monotonic time of the last tick that went well
        self._complained: float | None = None
        self._turn = asyncio.Lock()
        self._ticker: AsyncIOScheduler | None = None

    # --- the tick ---------------------------------------------------------------------------------------------------

    def start(self, every: float = 15) -> None:
        """Look for due runs now and then every so many real seconds, until ``stop``."""
        self._ticker = AsyncIOScheduler(timezone=UTC)
        self._ticker.add_job(
            self.tick,
            "interval",
            seconds=every,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        self._ticker.start()

    async def stop(self) -> None:
        """Start nothing more; a round that is under way ends first."""
        if self._ticker is None:
            return
        self._ticker.pause()
        async with self._turn:
            self._ticker.shutdown(wait=False)
        self._ticker = None

    async def tick(self) -> None:
        """Run what is due now; what fails is logged. Nothing is run by a clock that has jumped ahead of this process's time.

        It would say the digests of days that are not over yet. The first tick has nothing to compare with: whatever passed
        before it was an outage.
        """
        now, mark = self._clock(), self._monotonic()
        if self._sound is not None and jumped(now, self._sound[0], timedelta(seconds=mark - self._sound[1])):
            if self._complained is None or mark - self._complained >= COMPLAIN_EVERY:
                self._complained = mark
                log.error("schedule: the clock jumped to %s, nothing is run; if it is right, start again", now.isoformat())
            return
        try:
            await self.run_due(now)
            self._sound, self._complained = (now, mark), None
        except StorageError as error:
            log.warning("schedule: %s, trying again at the next tick", type(error).__name__)
        except Exception as error:
            log.error("schedule: %s, trying again at the next tick", _what(error))

    # --- what is due ------------------------------------------------------------------------------------------------

    async def instants(self, until: datetime) -> list[datetime]:
        """The instants up to ``until`` at which something is due and not done yet, in order."""
        async with self._db.read() as tx:
            reached = await settings.get(tx, UNTIL)
        after = datetime.fromisoformat(reached) if reached else self._clock()
        return sorted({due.due_at for due in await self._between(after, until)})

    async def _between(self, after: datetime, until: datetime) -> list[Due[Duty | Occasion]]:
        """What is due in (after, until], in order: what the timetable has, and what people set an hour for."""
        found: list[Due[Duty | Occasion]] = [Due(due.due_at, due.job) for due in due_between(self._duties, after, until)]
        async with self._db.read() as tx:
            for one in self._occasions:
                found += [Due(instant, one) for instant in await one.moments(tx, self._keys, after, until)]
        return sorted(found, key=lambda due: due.due_at)

    async def run_due(self, until: datetime | None = None) -> list[Ran]:
        """Run everything due up to ``until``, by default now, in order; say what ran. Nothing while another leads.

        The first call ever only notes where the schedule begins. A run that fails is logged and tried again by the next
        call, until it is too late for it; it stops no other. Raises ``TransientStorage`` and ``LostLease``: what was
        claimed before that stays, the rest is due at the next call.
        """
        async with self._turn:
            if self._lease() is None:
                return []
            now = until or self._clock()
            ran: list[Ran] = []
            reached = await self._reached(now)
            dues = await self._between(reached, now)
            first_failure: datetime | None = None
            for due in dues:
                done, complete = await self._run(due, now)
                ran += done
                if not complete and first_failure is None:
                    first_failure = due.due_at
            settled = [due.due_at for due in dues if first_failure is None or due.due_at < first_failure]
            if settled and settled[-1] > reached:
                async with self._leading() as tx:
                    await settings.set_(tx, UNTIL, settled[-1].isoformat())
            return ran

    async def _reached(self, now: datetime) -> datetime:
        async with self._db.read() as tx:
            reached = await settings.get(tx, UNTIL)
        if reached is None:
            async with self._leading() as tx:
                await settings.set_(tx, UNTIL, now.isoformat())
            return now
        return datetime.fromisoformat(reached)

    @asynccontextmanager
    async def _leading(self) -> AsyncIterator[Tx]:
        held = self._lease()
        if held is None:
            raise LostLease("schedule")
        async with self._db.write() as tx:
            await jobs.require(tx, held)
            yield tx

    # --- running ----------------------------------------------------------------------------------------------------

    async def _run(self, due: Due[Duty | Occasion], now: datetime) -> tuple[list[Ran], bool]:
        """One job at all of its units. What ran, and whether all of it did."""
        try:
            async with self._db.read() as tx:
                tree = await self._trees.on(tx, vietnam_day(due.due_at))
                units = await due.job.units_at(tx, self._keys, tree, due.due_at)
                claimed = await jobs.already(tx, due.job.name, due.due_at)
        except TransientStorage:
            raise
        except Exception as error:
            _report(due, {_what(error): ["every unit"]})
            return [], False
        left = [unit for unit in units if unit not in claimed]
        ran: list[Ran] = []
        failed: dict[str, list[str]] = {}
        size = DROPPED_CHUNK if due.standing(now) is Standing.TOO_LATE else CHUNK
        for chunk in (left[start : start + size] for start in range(0, len(left), size)):
            try:
                ran += await self._transaction(due, now, chunk)
            except (TransientStorage, LostLease):
                raise
            except Exception:
                # One of them has a trouble that is not the others': each for itself, then.
                for unit in chunk:
                    try:
                        ran += await self._transaction(due, now, [unit])
                    except (TransientStorage, LostLease):
                        raise
                    except Exception as error:
                        failed.setdefault(_what(error), []).append(unit)
        _report(due, failed)
        return ran, not failed

    async def _transaction(self, due: Due[Duty | Occasion], now: datetime, units: Sequence[str]) -> list[Ran]:
        standing = due.standing(now)
        async with self._leading() as tx:
            claimed = await jobs.already(tx, due.job.name, due.due_at)
            left = [unit for unit in units if unit not in claimed]
            round_ = Round(
                tx=tx,
                keys=self._keys,
                tree=await self._trees.on(tx, vietnam_day(due.due_at)),
                timetable=self._timetable,
                job=due.job.name,
                due_at=due.due_at,
                now=now,
                late=standing is Standing.LATE,
                carries_files=self._carries_files,
                mailed=self._mailed,
            )
            decided = {} if standing is Standing.TOO_LATE else await due.job.work(round_, left)
            ran = []
            for unit in left:
                outcome = jobs.DROPPED if unit not in decided else jobs.LATE if round_.late else jobs.RAN
                if not await jobs.claim(tx, due.job.name, unit, due.due_at, now, outcome):
                    raise RuntimeError("a run was claimed beside the writer's lock")
                ran.append(Ran(due.job.name, unit, due.due_at, outcome))
            posts = [post for unit in left for post in decided.get(unit, ())]
            await outbox.queue(tx, self._keys, posts, now)
        if posts:
            self._wake()
        return ran


def _report(due: Due[Duty | Occasion], failed: Mapping[str, Sequence[str]]) -> None:
    """A line for each kind of failure, however many units it met."""
    for what, units in failed.items():
        log.error(
            "schedule: %s due %s failed at %s%s and is tried again: %s",
            due.job.name,
            due.due_at.isoformat(),
            ", ".join(units[:5]),
            f" and {len(units) - 5} more" if len(units) > 5 else "",
            what,
        )


def _what(error: Exception) -> str:
    """The error's type and our line that met it. Its text is left out: a database's holds the row."""
    here = Path(__file__).parent.parent
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if any(Path(frame.filename).is_relative_to(here / package) for package in ("bot", "scheduler"))
    ]
    return f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else type(error).__name__
