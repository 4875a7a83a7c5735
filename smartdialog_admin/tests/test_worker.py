import gc

from celery import signals

import smartdialog_admin.celery  # noqa: F401  what a worker imports


def test_a_worker_looks_for_no_garbage_in_what_it_has_loaded():
    before, loaded = gc.get_freeze_count(), [[] for _ in range(100)]

    signals.worker_ready.send(sender=None)

    assert gc.get_freeze_count() >= before + len(loaded)
