"""The Celery app; every process that imports the settings has it. Configured on first use."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")

from celery import Celery

app = Celery("smartdialog_admin")
app.config_from_object("smartdialog_admin.celeryconfig")
app.autodiscover_tasks()
