"""The people of every test are known everywhere, but for the sandbox: it knows no dashboard."""

from django.conf import settings

pytest_plugins = ["tests.people"] if "accounts" in settings.INSTALLED_APPS else []
