"""The task queue's settings. Its messages are wake-ups only: the database says what is to be done."""

import sys
from typing import Any

from django.conf import settings

from smartdialog_admin import broker

# Seconds. Intervals only: schedules by the clock go wrong when the clock is changed.
INTERVALS = {
    "gateway.tasks.sweep": 5,
    "gateway.tasks.recover_connections": 15,
    "gateway.tasks.process_events": 5,
    "gateway.tasks.read_directories": 60,
    "gateway.tasks.prune": 3600,
    "messaging.campaigns.tasks.advance_campaigns": 5,
    "messaging.campaigns.tasks.mend_counts": 3600,
    "messaging.campaigns.tasks.recover_campaigns": 15,
    "messaging.inbox.tasks.wake_snoozed": 15,
    "messaging.inbox.tasks.forget_answer_turns": 600,
    "messaging.inbox.tasks.mail_notifications": 60,
    "messaging.inbox.tasks.forget_notifications": 3600,
    "contacts.tasks.sweep_jobs": 5,
    "contacts.tasks.sweep_opt_outs": 60,
    "messaging.whatsapp.tasks.poll_template_lists": 15,
}
BROKER_TIMEOUT = 1.0  # seconds to reach a broker
BROKER_SILENCE = 3.0  # seconds until one that is asked says something: it may wait one for a message
_OF_REDIS = {"socket_connect_timeout": BROKER_TIMEOUT, "socket_timeout": BROKER_SILENCE}
ONE_TRY = {"max_retries": 0}  # of whoever sends: the next wake-up is the next try
POLLING_INTERVAL = 0.1  # seconds between two looks into the embedded broker's folder


def _schedule() -> dict[str, dict[str, Any]]:
    """Each message expires before the next one, so that none pile up while no worker runs."""
    return {
        name: {"task": name, "schedule": float(seconds), "options": {"expires": seconds}}
        for name, seconds in INTERVALS.items()
    }


def _transport(url: str) -> dict[str, Any]:
    if url.startswith(broker.ALIAS):
        return _embedded()
    return ONE_TRY | (_OF_REDIS if url.startswith("redis") else {})


def _embedded() -> dict[str, Any]:
    folder = settings.DATA_DIR / "broker"
    broker.register()
    broker.prepare(folder)
    return ONE_TRY | {"folder": str(folder), "polling_interval": POLLING_INTERVAL}


broker_url = settings.CELERY_BROKER_URL
broker_transport_options = _transport(broker_url)
broker_connection_retry_on_startup = True
broker_connection_timeout = BROKER_TIMEOUT
broker_connection_max_retries = None  # a worker outlives any outage of its broker
CELERY_DB_REUSE_MAX = (
    sys.maxsize
)  # Celery closes none: gateway.workers.task_connections does, when they are old
task_publish_retry = False
task_ignore_result = True
task_acks_late = False
worker_prefetch_multiplier = 1
worker_hijack_root_logger = False
enable_utc = True
timezone = "UTC"
beat_schedule = _schedule()
beat_schedule_filename = str(settings.DATA_DIR / "beat-schedule")
beat_max_loop_interval = 5  # seconds
