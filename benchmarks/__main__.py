"""``make bench``: durable steps a second and CPU a step of this bot, of the ordinary bot, and of a bare sender.

Everything in one run on one machine, so that the ratios hold where the absolute numbers do not.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from pathlib import Path

from benchmarks import filling
from benchmarks.measure import Plan, Result, measure, running

NAMES = {"ours": "this bot", "ordinary": "ordinary bot", "bare": "bare sender"}
LATENCIES = (0, 50)  # milliseconds
ORDINARY_CHATS = 10  # it answers one at a time however many wait; so each gets through a whole walk

HEAD = "latency  bot          chats   steps  steps/s  CPU ms/step  calls/step  confirmed  stored  lost  astray"
NOTES = """A step counts when its answer reached the stub. Then the bot was killed without warning:
lost    updates that the platform will not send again and that are not in the database;
astray  chats that would go on at another question than the one that stood open."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--latencies", type=int, nargs="+", default=LATENCIES, help="milliseconds until a send is answered")
    parser.add_argument("--seconds", type=float, default=6, help="measured span of each run")
    parser.add_argument("--rounds", type=int, default=2, help="how often each bot has its turn")
    parser.add_argument("--warm-up", type=float, default=3, help="seconds before it")
    parser.add_argument("--data", type=Path, help="a folder on the disk to measure on; by default the temporary folder")
    parser.add_argument("--profile", action="store_true", help="instead: where the time of this bot goes")
    options = parser.parse_args(arguments)
    plans = [
        Plan(bot, latency, chats, options.warm_up, options.seconds)
        for latency in options.latencies
        for bot, chats in (("ours", options.chats), ("ordinary", min(options.chats, ORDINARY_CHATS)), ("bare", options.chats))
    ]
    print(_machine(options.data))
    if options.profile:
        for plan in plans:
            if plan.bot == "ours":
                _profile(plan, options.data)
    else:
        # In turns, so that what else the machine does meanwhile meets all of them.
        rounds = [[_measured(plan, options.data) for plan in plans] for _ in range(options.rounds)]
        print(table([reduce(add, runs) for runs in zip(*rounds, strict=True)]))
        print(f"\n{filling.line()}")
        print(_machine(options.data))
    return 0


def _measured(plan: Plan, folder: Path | None) -> Result:
    print(f"{NAMES[plan.bot]} at {plan.latency} ms …", file=sys.stderr)
    return measure(plan, folder)


def table(results: Sequence[Result]) -> str:
    """The numbers for people."""
    lines = [HEAD]
    for one in results:
        line = f"{one.plan.latency:4} ms  {NAMES[one.plan.bot]:13}{one.plan.chats:6}{one.steps:8}{one.rate:9.1f}"
        line += f"{one.cpu_per_step:13.2f}{one.calls / one.steps:12.2f}{one.confirmed:11}"
        if one.plan.bot != "bare":
            line += f"{one.stored:8}{one.confirmed - one.stored:6}{one.astray:8}"
        lines.append(line)
    lines.append("")
    for latency in sorted({one.plan.latency for one in results}):
        at = {one.plan.bot: one for one in results if one.plan.latency == latency}
        lines += [_ratio(latency, at["ours"], at[other]) for other in ("ordinary", "bare")]
    return "\n".join([*lines, "", NOTES])


def _ratio(latency: int, one: Result, other: Result) -> str:
    return (
        f"{latency:4} ms  this bot / {NAMES[other.plan.bot]}: {one.rate / other.rate:6.2f} of the steps/s,"
        f" {one.cpu_per_step / other.cpu_per_step:5.2f} of the CPU/step"
    )


def _machine(folder: Path | None) -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f},"
        f" a durable write of 4 KB takes {1000 * _fsync(folder):.2f} ms"
    )


def _fsync(folder: Path | None) -> float:
    """Seconds for one small write that reaches the disk."""
    with tempfile.TemporaryFile(dir=folder) as file:
        begin = time.perf_counter()
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - begin) / 50


def _profile(plan: Plan, parent: Path | None) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder,
        running(plan, Path(folder), "profile") as (stub, worker),
    ):
        worker.ask("report")
        cpu, steps = worker.ask("cpu"), stub.ask("counts")["steps"]
        time.sleep(plan.seconds)
        seen, cpu, steps = worker.ask("report"), worker.ask("cpu") - cpu, stub.ask("counts")["steps"] - steps
    print(f"\n{plan.latency} ms: {steps} steps, {1000 * cpu / max(1, steps):.2f} ms of CPU each, all threads;", end=" ")
    print(f"the event loop waits for news in {seen['idle']:.0%} of {seen['samples']} looks. Of the others:")
    _print_shares("in code of", seen["packages"].items())
    _print_shares("in the function itself", seen["functions"].items())
    _print_shares("in ours and all below it", seen["own"].items())


def _print_shares(title: str, shares: Iterable[tuple[str, float]]) -> None:
    print(f"  {title}")
    for name, share in shares:
        print(f"    {share:6.1%}  {name}")


if __name__ == "__main__":
    sys.exit(main())
