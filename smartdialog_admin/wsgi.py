"""The pages, for any WSGI server. Live updates need smartdialog_admin.asgi."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")

application = get_wsgi_application()
