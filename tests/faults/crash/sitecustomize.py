"""An import hook that kills a process at a failpoint: Python runs this where PYTHONPATH names this folder.

CRASH_AT="answer read:2" kills it at its second pass (SIGKILL); STOP_AT stops it there (SIGSTOP). It wraps the
failpoint's function as its module is loaded, so that nothing of the product knows of this.
"""

import functools
import importlib.machinery
import os
import signal
import sys
import time

from failpoints import FAILPOINTS, Failpoint


def arm(failpoint: Failpoint, at_pass: int, number: signal.Signals) -> None:
    """Have the signal strike at that pass, from the moment the failpoint's module has been loaded."""
    sys.meta_path.insert(0, FailpointImporter(failpoint, at_pass, number))


class FailpointImporter(importlib.machinery.PathFinder):
    def __init__(self, failpoint: Failpoint, at_pass: int, number: signal.Signals) -> None:
        self.failpoint, self.left, self.number = failpoint, at_pass, number

    def find_spec(self, name, path=None, target=None):
        if name != self.failpoint.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module

        def load_and_wrap(module) -> None:
            load(module)
            self.wrap(module)

        spec.loader.exec_module = load_and_wrap
        return spec

    def wrap(self, module) -> None:
        *outer, name = self.failpoint.function.split(".")
        owner = functools.reduce(getattr, outer, module)
        function = getattr(owner, name)

        @functools.wraps(function)
        def watched(*arguments, **named):
            if self.failpoint.before:
                self.strike()
                return function(*arguments, **named)
            result = function(*arguments, **named)
            self.strike()
            return result

        setattr(owner, name, watched)

    def strike(self) -> None:
        self.left -= 1
        if not self.left:
            time.sleep(self.failpoint.pause)
            os.kill(os.getpid(), self.number)


for variable, number in (("CRASH_AT", signal.SIGKILL), ("STOP_AT", signal.SIGSTOP)):
    if told := os.environ.get(variable):
        failpoint, _, at_pass = told.partition(":")
        arm(FAILPOINTS[failpoint], int(at_pass or 1), number)
