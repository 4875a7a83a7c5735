"""Background work: nudges on commit, and sweeps that find what a nudge missed. Settings: CELERY_*."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")
TRANSPORT_ALIASES["filesystem"] = "smartdialog_admin.broker:Transport"

app = Celery("smartdialog_admin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
