"""The call limit under several processes, judged by when the calls came to the sandbox; never by how fast."""

import os
import time
from collections.abc import Sequence
from subprocess import Popen

import pytest

from gateway import clock
from tests.faults.cluster import Cluster, running_cluster
from tests.faults.rate_limit import LIMIT, arrival_times, fullest_window
from tests.faults.stack import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(400)]

SECONDS = 130.0  # two windows and a little
WINDOW = 15.0  # seconds: where it may be shorter than in real life
STEP = 300.0  # seconds that a host's clock is set ahead, and another's back

# Eight threads that want every slot. Calls come to the platform late, and their answers too; the host's clock
# is set at given moments of its steady clock, and what the sweep does about that is done.
HAMMER = """
import random, threading, time
from datetime import timedelta
from django.utils import timezone
from gateway import clock
from gateway.rate_limit import ledger
from gateway.workers import sweeping
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.models import Call, Connection, Lane

ledger.WINDOW = {window}
real_now, real_time = timezone.now, time.time

def hammer():
    connection = Connection.objects.get()
    api = SmartDialog(Client(connection.access_token))
    while True:
        slot = ledger.reserve(connection, name="hammer", lane=Lane.INTERACTIVE)
        if isinstance(slot, Call):
            time.sleep(random.uniform(0, {late}))
            api.customers()
            ledger.record_answer(slot, status=200)
        else:
            time.sleep(min(1, max(0.01, (slot.at - clock.now()).total_seconds())))

def set_clock(seconds):
    timezone.now = lambda: real_now() + timedelta(seconds=seconds)
    time.time = lambda: real_time() + seconds

def sleep_until(moment):
    while clock.monotonic() < moment:
        sweeping.sync_host_clock()
        time.sleep(0.5)

sweeping.sync_host_clock()
for _ in range(8):
    threading.Thread(target=hammer, daemon=True).start()
for moment, seconds in {settings}:
    sleep_until(moment)
    set_clock(seconds)
sleep_until(float("inf"))
"""


# Few enough connections that a slow machine fills their windows; `bin/bench limiter` has ten.
def test_three_backlogs_on_four_workers_keep_to_the_limit_though_one_is_killed(tmp_path):
    with running_cluster(tmp_path, people=3) as cluster:
        since = time.monotonic()
        cluster.add_backlog(each=400)
        cluster.add_interactive_calls(times=5, every=5)
        cluster.workers[0].kill()
        cluster.workers[0].start()
        time.sleep(max(0, since + SECONDS - time.monotonic()))
        arrivals = cluster.arrivals()

        assert len(cluster.waits()) == 5 * cluster.people, "not every interactive call was made"

    assert 0.9 * LIMIT < fullest_window(arrivals) <= LIMIT, "it is the limit that holds them up"
    assert [call for call in arrivals if call.status != 200] == []


def test_four_processes_with_late_answers_and_clocks_that_are_set_keep_to_the_limit(tmp_path):
    with running_cluster(tmp_path, workers=0, people=1, sandbox_limit=6000) as cluster:
        late = {"do": "hold_after_accept", "ms": 0, "jitter": 3000}
        cluster.sandbox.post("/_faults", {"faults": [late], "seed": 14}).raise_for_status()
        clocks = clocks_that_are_set()
        hammers = [start_hammer(cluster, settings) for settings in clocks]
        wait_until(lambda: len(cluster.arrivals()) > LIMIT / 2, "the hammers to begin")
        time.sleep(WINDOW)
        kill(hammers[3:])
        hammers[3] = start_hammer(cluster, clocks[3])
        time.sleep(3 * WINDOW)
        assert [hammer.poll() for hammer in hammers] == [None] * 4, "a hammer broke"
        kill(hammers)
        arrivals = cluster.arrivals()

    [times] = arrival_times(arrivals).values()
    assert len(times) > 2 * LIMIT, "no window can have been full"
    assert fullest_window(arrivals, seconds=WINDOW) <= LIMIT
    assert {call.status for call in arrivals} == {200}


def clocks_that_are_set() -> list[list[tuple[float, float]]]:
    """Of each process: when its host's clock is set, and by how much it is wrong from then on."""
    first, second = clock.monotonic() + 2 * WINDOW, clock.monotonic() + 3.5 * WINDOW
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):  # four hosts
        return [[(first, STEP)], [(first, -STEP)], [], []]
    return [[(first, STEP), (second, -STEP)]] * 4


def start_hammer(cluster: Cluster, settings: list[tuple[float, float]]) -> "Popen[bytes]":
    return cluster.start_python(HAMMER.format(window=WINDOW, late=3, settings=settings))


def kill(hammers: "Sequence[Popen[bytes]]") -> None:
    for hammer in hammers:
        hammer.kill()
        hammer.wait()
