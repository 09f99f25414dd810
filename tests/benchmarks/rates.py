"""Requests a second of several pages, measured in turns so that what slows the machine slows them all."""

import http.client
import statistics
import threading
import time
from collections.abc import Mapping

ROUNDS = 5
SECONDS = 1.5
CLIENTS = 4


def rates_of(port: int, paths: Mapping[str, str], cookie: str) -> dict[str, float]:
    """The median over five interleaved rounds of answers a second, by name; every answer is a 200."""
    found: dict[str, list[float]] = {name: [] for name in paths}
    for path in paths.values():
        _rate(port, path, cookie, seconds=0.5)  # warm
    for _ in range(ROUNDS):
        for name, path in paths.items():
            found[name].append(_rate(port, path, cookie, seconds=SECONDS))
    return {name: statistics.median(rates) for name, rates in found.items()}


def _rate(port: int, path: str, cookie: str, *, seconds: float) -> float:
    counts = [0] * CLIENTS
    wrong: list[int] = []
    ends_at = time.monotonic() + seconds

    def ask(number: int) -> None:
        # A connection each: kept ones may all have landed at one of the two workers.
        while time.monotonic() < ends_at and not wrong:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path, headers={"Cookie": cookie, "Connection": "close"})
            response = connection.getresponse()
            response.read()
            connection.close()
            if response.status != 200:
                wrong.append(response.status)
            counts[number] += 1

    begun_at = time.monotonic()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, f"{path} answered {wrong}"
    return sum(counts) / (time.monotonic() - begun_at)
