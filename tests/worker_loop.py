"""What a worker and its alarms do, in this process."""

import time

from gateway import clock
from gateway.outbox.draining import drain

MAX_SLEEP = 2.0  # seconds


def drain_until_idle(connection_id: int) -> None:
    """One turn after the other, until the next one is far away or there is none."""
    while again_at := drain(connection_id):
        nap = (again_at - clock.now()).total_seconds()
        if nap > MAX_SLEEP:
            return
        time.sleep(max(0.0, nap))
