"""The outermost floor: settings, addresses and processes. It only wires."""

from smartdialog_admin.celery import app as celery_app

__all__ = ["celery_app"]
