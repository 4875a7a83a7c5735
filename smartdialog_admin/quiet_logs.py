"""What a log is spared: long lines, tracebacks of what strangers do, and the same over and over."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from traceback import walk_tb
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation

from accounts.trail.masking import MaskingFormatter

LONGEST_LINE, LONGEST_RECORD = 2_000, 20_000  # characters
WINDOW = 60.0  # seconds
EQUAL, ALIKE = 3, 100  # lines in a window: in the same words, and from the same place
OF_CALLERS = (PermissionDenied, SuspiciousOperation)  # what they did, and no fault of ours


class ShortLines(MaskingFormatter):
    """Masks first: half a number would not be known for one."""

    def format(self, record: logging.LogRecord) -> str:
        lines = [_cut(line, LONGEST_LINE) for line in super().format(record).split("\n")]
        return _cut("\n".join(lines), LONGEST_RECORD)


class WithoutRepeats(logging.StreamHandler):
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._repeats = Repeats(clock)

    def emit(self, record: logging.LogRecord) -> None:
        for summary in self._repeats.summaries():
            super().emit(summary)
        if not self._repeats.lets_through(record):
            return
        if record.exc_info and not self._repeats.is_new_fault(record.exc_info[1]):
            record = _changed(record, exc_info=None, exc_text=None)
        super().emit(record)


class Repeats:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = 0.0
        self._seen: Counter[Any] = Counter()
        self._kept_back: dict[Any, tuple[logging.LogRecord, str]] = {}

    def lets_through(self, record: logging.LogRecord) -> bool:
        words = record.name, record.levelno, record.getMessage()
        if words not in self._seen and self._is_one_too_many(record):
            return False
        self._seen[words] += 1
        if self._seen[words] <= EQUAL:
            return True
        self._kept_back.setdefault(words, (record, "this"))
        return False

    def is_new_fault(self, error: BaseException | None) -> bool:
        """Whether it is a fault of ours, for the first time in the window from where it was raised."""
        where = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__ if error else None)][-1:]
        self._seen[type(error), *where] += 1
        return not isinstance(error, OF_CALLERS) and self._seen[type(error), *where] == 1

    def _is_one_too_many(self, record: logging.LogRecord) -> bool:
        place = record.pathname, record.lineno, record.msg if record.args else ""
        self._seen[place] += 1
        if self._seen[place] <= ALIKE:
            return False
        self._kept_back.setdefault(place, (record, "this or its like"))
        return True

    def summaries(self) -> Iterator[logging.LogRecord]:
        """Once a window is over: how often each line came that was kept back in it."""
        if self._clock() < self._until:
            return
        for key, (record, what) in self._kept_back.items():
            yield _summary(record, f"{what} was repeated {self._seen[key]:,} times in {WINDOW:.0f} s")
        self._seen, self._kept_back = Counter(), {}
        self._until = self._clock() + WINDOW


def _summary(record: logging.LogRecord, words: str) -> logging.LogRecord:
    text = f"{_cut(record.getMessage(), 200)} ({words})"
    return _changed(record, msg=text, args=(), exc_info=None, exc_text=None)


def _changed(record: logging.LogRecord, **fields: Any) -> logging.LogRecord:
    return logging.makeLogRecord(vars(record) | fields)


def _cut(text: str, length: int) -> str:
    left_out = len(text) - length
    return text if left_out <= 0 else f"{text[:length]} … {left_out:,} characters left out"
