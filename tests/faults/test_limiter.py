"""The call limit under several processes, judged by when the calls came to the sandbox; never by how fast."""

import time
from collections.abc import Sequence
from subprocess import Popen

import pytest

from tests.faults.crew import LIMIT, Crew, by_connection, fullest_window, running_crew
from tests.faults.stack import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(400)]

SECONDS = 130.0  # two windows and a little
WINDOW = 15.0  # seconds: where it may be shorter than in real life
STEP = 300.0  # seconds that a host's clock is set ahead, and another's back

# Eight threads that want every slot. Calls come to the platform late, and their answers too; the host's clock
# is set in the middle. On SQLite there is one host: there no clock is set.
HAMMER = """
import random, threading, time
from datetime import timedelta
from django.db import connection as database
from django.utils import timezone
from gateway import clock, ledger
from gateway.api import SmartDialog
from gateway.client import Client
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
            ledger.answered(slot, status=200)
        else:
            time.sleep(min(1, max(0.01, (slot.at - clock.now()).total_seconds())))

def set_clock(seconds):
    timezone.now = lambda: real_now() + timedelta(seconds=seconds)
    time.time = lambda: real_time() + seconds

for _ in range(8):
    threading.Thread(target=hammer, daemon=True).start()
time.sleep({seconds} / 2)
if database.vendor == "postgresql":
    set_clock({step})
time.sleep(600)
"""


# Few enough connections that a slow machine fills their windows; `bin/bench limiter` has ten.
def test_l7_three_backlogs_on_four_workers_keep_to_the_limit_though_one_is_killed(tmp_path):
    with running_crew(tmp_path, people=3) as crew:
        since = time.monotonic()
        crew.add_backlog(each=400)
        crew.ask_now_and_then(times=5, every=5)
        crew.workers[0].kill()
        crew.workers[0].start()
        time.sleep(max(0, since + SECONDS - time.monotonic()))
        arrivals = crew.arrivals()

        assert len(crew.waits()) == 5 * crew.people, "not every interactive call was made"

    assert 0.9 * LIMIT < fullest_window(arrivals) <= LIMIT, "it is the limit that holds them up"
    assert [call for call in arrivals if call.status != 200] == []


def test_f14_four_processes_with_late_answers_and_clocks_that_are_set_keep_to_the_limit(tmp_path):
    with running_crew(tmp_path, workers=0, people=1, sandbox_limit=6000) as crew:
        late = {"do": "hold_after_accept", "ms": 0, "jitter": 3000}
        crew.sandbox.post("/_faults", {"faults": [late], "seed": 14}).raise_for_status()
        hammers = [start_hammer(crew, step) for step in (STEP, -STEP, 0, 0)]
        wait_until(lambda: len(crew.arrivals()) > LIMIT / 2, "the hammers to begin")
        time.sleep(WINDOW)
        kill(hammers[3:])
        hammers[3] = start_hammer(crew, step=0)
        time.sleep(3 * WINDOW)
        assert [hammer.poll() for hammer in hammers] == [None] * 4, "a hammer broke"
        kill(hammers)
        arrivals = crew.arrivals()

    [times] = by_connection(arrivals).values()
    assert len(times) > 2 * LIMIT, "no window can have been full"
    assert fullest_window(arrivals, seconds=WINDOW) <= LIMIT
    assert {call.status for call in arrivals} == {200}


def start_hammer(crew: Crew, step: float) -> "Popen[bytes]":
    return crew.start_asking(HAMMER.format(window=WINDOW, late=3, seconds=2 * WINDOW, step=step))


def kill(hammers: "Sequence[Popen[bytes]]") -> None:
    for hammer in hammers:
        hammer.kill()
        hammer.wait()
