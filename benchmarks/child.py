"""What each measured process tells about itself, from a thread that sleeps until it is asked."""

from __future__ import annotations

import json
import resource
import sys
import threading
from collections.abc import Callable

DATABASE, PICKLE = "bench.db", "bench.pickle"  # in the folder of the run
CONVERSATION = "returnee"  # its name in the pickle


def cpu_seconds() -> float:
    """User and system time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ready(report: Callable[[], object] | None = None) -> None:
    """Say "ready", then answer each line on stdin: "cpu" with the seconds, "report" with what ``report`` returns, as JSON."""

    def tell() -> None:
        for line in sys.stdin:
            answer = report() if line.strip() == "report" and report is not None else cpu_seconds()
            print(json.dumps(answer), flush=True)

    threading.Thread(target=tell, daemon=True).start()
    print("ready", flush=True)
