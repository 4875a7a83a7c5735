"""The pages, for any WSGI server. Live updates need smartdialog_admin.asgi."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")

application = get_wsgi_application()

from gateway.installation_checks import installation

if settings.COMPARES_AT_START:
    with ThreadPoolExecutor(1) as thread:  # uvicorn imports this in its loop, where no database is asked
        thread.submit(installation.require_equal).result()
