"""The dashboard's clock, set ahead."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.db import clock


@pytest.fixture
def later(monkeypatch) -> Callable[[float], None]:
    """Set our clock, which leases, pauses and schedules go by, so many seconds ahead."""

    def move(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(seconds=seconds))

    return move
