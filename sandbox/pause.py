"""Waiting that ends when the process does, so that a held call never delays a stop."""

import threading

stopping = threading.Event()


def pause(*, milliseconds: float) -> None:
    stopping.wait(milliseconds / 1000)
