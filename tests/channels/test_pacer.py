import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.pacer import Pacer, next_on_grid


class HandClock:
    """A monotonic clock that only sleeping moves, as exactly as asked or later by ``oversleep``."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.oversleep = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.oversleep
        await asyncio.sleep(0)


@pytest.fixture
def clock():
    return HandClock()


async def grants(pacer: Pacer, clock: HandClock, count: int) -> list[float]:
    instants = []
    for _ in range(count):
        await pacer.wait()
        instants.append(round(clock.now - 1000, 6))
    return instants


async def test_each_message_takes_one_point_of_the_grid(clock):
    pacer = Pacer(4, clock, clock.sleep)

    assert await grants(pacer, clock, 4) == [0, 0.25, 0.5, 0.75]


async def test_a_quiet_minute_brings_no_burst(clock):
    pacer = Pacer(4, clock, clock.sleep)
    await pacer.wait()
    clock.now += 60.1

    assert await grants(pacer, clock, 3) == [60.25, 60.5, 60.75]


async def test_points_slept_through_are_gone(clock):
    pacer = Pacer(4, clock, clock.sleep)
    await pacer.wait()
    clock.oversleep = 0.6
    await pacer.wait()  # meant for 0.25, woke at 0.85
    clock.oversleep = 0.0

    assert await grants(pacer, clock, 2) == [1.0, 1.25]


async def test_a_pause_stops_everyone_and_a_shorter_one_does_not_end_it(clock):
    pacer = Pacer(4, clock, clock.sleep)

    pacer.pause(10)
    pacer.pause(1)

    assert await grants(pacer, clock, 2) == [10, 10.25]


async def test_a_pause_that_begins_while_somebody_waits_holds_them_too(clock):
    async def sleep_and_be_refused(seconds: float) -> None:
        if not refused:
            refused.append(True)
            pacer.pause(5)
        await clock.sleep(seconds)

    refused: list[bool] = []
    pacer = Pacer(4, clock, sleep_and_be_refused)
    await pacer.wait()

    assert await grants(pacer, clock, 1) == [5]


async def test_a_chat_that_was_refused_rests_while_others_go_on(clock):
    pacer = Pacer(4, clock, clock.sleep)
    pacer.hold("7", 30)

    await pacer.wait("8")
    assert clock.now == 1000
    assert pacer.not_before("7") == 1030
    assert pacer.not_before("8") <= clock.now
    await pacer.wait("7")
    assert clock.now == 1030


async def test_holds_that_are_over_are_forgotten(clock):
    pacer = Pacer(4, clock, clock.sleep)
    pacer.hold("7", 30)
    clock.now += 31

    pacer.hold("8", 1)

    assert pacer.not_before("7") <= clock.now


async def test_without_a_rate_nobody_waits_except_for_a_pause(clock):
    pacer = Pacer(None, clock, clock.sleep)

    assert await grants(pacer, clock, 3) == [0, 0, 0]
    pacer.pause(2)
    assert await grants(pacer, clock, 2) == [2, 2]


async def test_callers_leave_in_the_order_in_which_they_came(clock):
    pacer = Pacer(10, clock, clock.sleep)
    left = []

    async def sender(number: int) -> None:
        await pacer.wait()
        left.append(number)

    await asyncio.gather(*(sender(number) for number in range(8)))

    assert left == list(range(8))


@given(
    rate=st.floats(0.1, 100),
    origin=st.floats(0, 1e7),
    elapsed=st.floats(0, 1e6),
)
def test_the_next_point_is_on_the_grid_and_the_first_not_before_now(rate, origin, elapsed):
    step, now = 1 / rate, origin + elapsed

    point = next_on_grid(now, origin, step)

    assert now - step * 1e-3 <= point <= now + step * 1.001
    assert next_on_grid(point, origin, step) == pytest.approx(point, abs=step * 1e-3)


@given(rate=st.floats(1, 100), pauses=st.lists(st.floats(0, 3), max_size=20))
def test_never_more_than_the_rate_in_any_second(rate, pauses):
    clock = HandClock()
    pacer = Pacer(rate, clock, clock.sleep)
    instants = []

    async def send_all() -> None:
        for idle in pauses:
            clock.now += idle
            for _ in range(5):
                await pacer.wait()
                instants.append(clock.now)

    asyncio.run(send_all())

    assert all(later - earlier >= 0.999 / rate for earlier, later in pairwise(instants))
