"""The call limit, kept by several processes and used up; who waits for an answer; what rest costs.

Real workers beside the sandbox, at the real limit and in real minutes: the sandbox's own clock is the judge.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import slot_reservation
from tests.bench.result import Result
from tests.faults.cluster import Cluster, running_cluster
from tests.faults.rate_limit import LIMIT, WINDOW, fullest_window, limit_utilisation, turnover_rate
from tests.faults.stack import wait_until

WORKERS, PEOPLE = 4, 10
EVERY = 5.0  # seconds between two interactive calls of a connection
MIN_USED = 0.95
MAX_WAIT, MAX_RATIO = 1.0, 1.5  # seconds; times as long as at rest
MAX_STATEMENTS = 250  # a minute at rest
MAX_CPU = 0.02  # of one core, for each process at rest
FEW = 2  # connections
ANSWER = 3  # seconds that the platform takes for one
ANSWERING = 1.4  # seconds between two replies of a busy person


def run(*, quick: bool) -> Iterator[Result]:
    yield slot_reservation.reservation(quick=quick)
    with TemporaryDirectory() as folder:
        counted = {
            "DJANGO_SETTINGS_MODULE": "tests.bench.counting_settings",
            "STATEMENTS": f"{folder}/statements",
            "LOG_LEVEL": "WARNING",
        }
        with running_cluster(Path(folder), workers=WORKERS, people=PEOPLE, **counted) as cluster:
            yield from _at_rest(cluster, seconds=8 if quick else 60)
            cluster.add_interactive_calls(times=2 if quick else 20, every=2)
            yield from _under_load(cluster, ramp=3 if quick else 10, seconds=15 if quick else 3 * WINDOW)
    yield from _with_few(_late_answers, quick=quick)
    yield from _with_few(_busy_person, quick=quick)


def _with_few(case: Callable[..., Iterator[Result]], *, quick: bool) -> Iterator[Result]:
    """A case with a cluster of its own, where the machine is not what is measured."""
    with (
        TemporaryDirectory() as folder,
        running_cluster(Path(folder), workers=2, people=FEW, LOG_LEVEL="WARNING") as cluster,
    ):
        yield from case(cluster, quick=quick)


def _late_answers(cluster: Cluster, *, quick: bool) -> Iterator[Result]:
    """Once the first window has been filled: then each slot is used from when the one before it came free.

    A slot is used until 60 s after its answer, since the platform may take the call as late as it answers:
    100 slots make 100 calls in 63 s at the best, which is 95.2 % of the budget.
    """
    late = {"do": "hold_after_accept", "ms": 1000 * ANSWER}
    cluster.sandbox.post("/_faults", {"faults": [late]}).raise_for_status()
    cluster.add_backlog(each=1000)
    time.sleep(5 if quick else WINDOW + 10)
    since = time.monotonic()
    time.sleep(15 if quick else 3 * (WINDOW + ANSWER))
    told, most = f"answers of {ANSWER} s", fullest_window(arrivals := cluster.arrivals())
    yield _result(f"{told}: fullest window", most, "calls", goal=f"at most {LIMIT}", ok=most <= LIMIT)
    used = min(turnover_rate(arrivals, since=since)) * WINDOW / LIMIT
    goal = f"at least {MIN_USED:.0%}"
    yield _result(f"{told}: budget used", 100 * used, "%", goal=goal, ok=used >= MIN_USED)


def _busy_person(cluster: Cluster, *, quick: bool) -> Iterator[Result]:
    """Who answers one message after the other in the middle of a push, from its first minute on."""
    cluster.add_backlog(each=500 if quick else 10_000)
    cluster.add_interactive_calls(times=10 if quick else int(3 * WINDOW / ANSWERING), every=ANSWERING)
    waits, most = cluster.waits(), fullest_window(cluster.arrivals())
    told = f"a reply every {ANSWERING} s"
    yield _result(f"{told}: fullest window", most, "calls", goal=f"at most {LIMIT}", ok=most <= LIMIT)
    wait, goal = slot_reservation.p99(waits), f"under {MAX_WAIT:g} s"
    yield _result(f"{told}: p99 wait of {len(waits)}", wait, "s", goal=goal, ok=wait < MAX_WAIT)


def _under_load(cluster: Cluster, *, ramp: float, seconds: float) -> Iterator[Result]:
    """In less than a window only the pace can be seen, not whether a window is full to the end."""
    at_rest = cluster.waits()
    cluster.add_backlog(each=1000)
    time.sleep(ramp)
    since = time.monotonic()
    with ThreadPoolExecutor(1) as page:
        asked = page.submit(cluster.add_interactive_calls, times=int(seconds / EVERY), every=EVERY)
        time.sleep(max(0, since + seconds - time.monotonic()))
        asked.result()
    waits = cluster.waits()[len(at_rest) :]
    arrivals = cluster.arrivals()
    told, most = f"{WORKERS} workers, {PEOPLE} connections", fullest_window(arrivals)
    yield _result(f"{told}: fullest window", most, "calls", goal=f"at most {LIMIT}", ok=most <= LIMIT)
    refused = sum(call.status == 429 for call in arrivals)
    yield _result(f"{told}: answers of 429", refused, "answers", goal="none", ok=not refused)
    used = limit_utilisation(arrivals, since=since, seconds=seconds)
    yield _result(
        f"budget used over {seconds:.0f} s, least of {PEOPLE}",
        100 * min(used),
        "%",
        goal=f"at least {MIN_USED:.0%}",
        ok=min(used) >= MIN_USED,
    )
    yield _waited(f"{len(waits)} interactive calls: median wait", statistics.median, waits, at_rest)
    yield _waited(f"{len(waits)} interactive calls: p99 wait", slot_reservation.p99, waits, at_rest)


def _waited(
    case: str, of: Callable[[list[float]], float], waits: list[float], at_rest: list[float]
) -> Result:
    """The floor is the same wait while nothing else waits."""
    value, floor = of(waits), of(at_rest)
    return Result(
        bench="limiter",
        case=case,
        value=value,
        unit="s",
        floor=floor,
        ratio=value / floor,
        goal=f"under {MAX_WAIT:g} s, or {MAX_RATIO:g}x at rest",
        ok=value < MAX_WAIT or value <= MAX_RATIO * floor,
    )


def _at_rest(cluster: Cluster, *, seconds: float) -> Iterator[Result]:
    """Workers and beat with nothing to do: what they ask of the database, and of the processor."""
    time.sleep(5)
    wait_until(lambda: _rests(cluster), "the workers to have started")
    statements, cpu, since = _statements(cluster), _cpu(cluster), time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - since
    statements, cpu = (_statements(cluster) - statements) * 60 / took, (_cpu(cluster) - cpu) / took
    yield _result(
        "at rest: SQL statements a minute",
        statements,
        "",
        goal=f"at most {MAX_STATEMENTS}",
        ok=statements <= MAX_STATEMENTS,
    )
    each = cpu / len(cluster.children)
    yield _result(
        f"at rest: a core, each of {len(cluster.children)} processes",
        100 * each,
        "%",
        goal=f"at most {MAX_CPU:.0%}",
        ok=each <= MAX_CPU,
    )


def _rests(cluster: Cluster) -> bool:
    """Whether in this second the processor had hardly anything to do for them."""
    before = _cpu(cluster)
    time.sleep(1)
    return _cpu(cluster) - before < 0.2


def _statements(cluster: Cluster) -> int:
    return Path(cluster.environment["STATEMENTS"]).stat().st_size


def _cpu(cluster: Cluster) -> float:
    """Seconds of the processor that the workers and beat have had."""
    ticks = 0
    for child in cluster.children:
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def _result(case: str, value: float, unit: str, *, goal: str = "", ok: bool = True) -> Result:
    return Result(bench="limiter", case=case, value=value, unit=unit, goal=goal, ok=ok)
