"""``python -m bot.sandbox``: the platforms in a process of their own, without the application. For load and kill tests."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from bot.sandbox.server import SandboxServer

DEFAULT_TOKEN = "1000000001:practice-mode-only"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of its database")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--zalo-token", help="be Zalo too, at /zalo")
    parser.add_argument("--limits", action="store_true", help="answer 429 above the platforms' limits")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to every Bot API call")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    latency = options.latency_ms / 1000
    server = SandboxServer(options.data, options.token, None, options.limits, latency, options.zalo_token)
    await server.start("127.0.0.1", options.port)
    print(f"ready {server.url}", flush=True)
    await stopped.wait()
    await server.stop()


if __name__ == "__main__":
    main()
