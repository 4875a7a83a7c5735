import io
import logging

import pytest
from django.core.exceptions import DisallowedHost, PermissionDenied

from smartdialog_admin.quiet_logs import (
    ALIKE,
    EQUAL,
    LONGEST_LINE,
    LONGEST_RECORD,
    WINDOW,
    ShortLines,
    WithoutRepeats,
)


class Log:
    """A logger of its own: what it wrote, line by line, at a time that is set."""

    def __init__(self) -> None:
        self.now, self._text = 0.0, io.StringIO()
        handler = WithoutRepeats(clock=lambda: self.now)
        handler.setStream(self._text)
        handler.setFormatter(ShortLines("%(levelname)s %(message)s"))
        self.logger = logging.getLogger("quiet")
        self.logger.handlers, self.logger.propagate = [handler], False

    @property
    def lines(self) -> list[str]:
        return self._text.getvalue().splitlines()


@pytest.fixture
def log() -> Log:
    return Log()


def fail(log: Log, error: Exception, words: str = "It failed.") -> None:
    try:
        raise error
    except type(error):
        log.logger.exception(words)


def test_a_long_line_is_cut_and_says_how_much_is_left_out(log):
    log.logger.warning("Not Found: /%s", "a" * 60_000)

    [line] = log.lines
    assert len(line) < LONGEST_LINE + 50
    assert line.endswith("a … 58,020 characters left out")


def test_many_lines_at_once_are_cut_too_and_short_ones_are_whole(log):
    log.logger.warning("x\n" * 50_000)
    assert sum(len(line) + 1 for line in log.lines) < LONGEST_RECORD + 50

    log.logger.warning("A short one.")
    assert log.lines[-1] == "WARNING A short one."


def test_a_number_is_masked_before_a_line_is_cut(log):
    log.logger.warning("%s +358401234567", "a" * (LONGEST_LINE - len("WARNING  +35840")))

    assert "+358•" in log.lines[0]


@pytest.mark.parametrize("error", [PermissionDenied("no"), DisallowedHost("x")])
def test_what_a_caller_did_has_no_traceback(log, error):
    fail(log, error)

    assert log.lines == ["ERROR It failed."]


def test_a_fault_of_ours_has_its_traceback_the_first_time(log):
    fail(log, ValueError("why"))
    fail(log, ValueError("why"))
    fail(log, ValueError("why"), "Another did, at the same place.")
    assert log.lines[-3:] == ["ValueError: why", "ERROR It failed.", "ERROR Another did, at the same place."]

    fail(log, KeyError("else"))
    assert [line.startswith("Traceback") for line in log.lines].count(True) == 2


def test_equal_lines_are_told_once_with_how_many_there_were(log):
    for _ in range(500):
        log.logger.warning("The broker is away.")
    log.logger.warning("Another.")
    assert log.lines == ["WARNING The broker is away."] * EQUAL + ["WARNING Another."]

    log.now += WINDOW
    log.logger.warning("The broker is away.")

    assert log.lines[-2:] == [
        "WARNING The broker is away. (this was repeated 500 times in 60 s)",
        "WARNING The broker is away.",
    ]


def test_lines_that_differ_in_what_a_stranger_asked_for_are_limited_too(log):
    for number in range(ALIKE + 500):
        log.logger.warning("Not Found: /%s", number)
    log.logger.warning("Another.")
    assert len(log.lines) == ALIKE + 1

    log.now += WINDOW
    log.logger.warning("Yet another.")

    assert f"(this or its like was repeated {ALIKE + 500:,} times in 60 s)" in log.lines[-2]
