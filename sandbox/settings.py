"""Settings of the sandbox. Everything the platform leaves unsaid is a switch: see `sandbox.switches`."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or PACKAGE.parent / "var")

# The sandbox holds made-up data only and answers nobody but this machine, so its key may be public.
SECRET_KEY = "sandbox-only-never-a-secret"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SANDBOX_PORT = int(os.environ.get("SANDBOX_PORT") or 8800)
CALLS_PER_MINUTE = int(os.environ.get("SANDBOX_CALLS_PER_MINUTE") or 100)
CALLBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}

INSTALLED_APPS = ["sandbox"]
MIDDLEWARE = ["sandbox.middleware.loopback_only", "django.middleware.csrf.CsrfViewMiddleware"]
ROOT_URLCONF = "sandbox.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SANDBOX_DATABASE") or DATA_DIR / "sandbox.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # A process that is killed loses nothing; what a power cut takes was made up.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Cookies ignore ports: another name keeps them apart from those of the dashboard beside us.
CSRF_COOKIE_NAME = "sandbox_csrftoken"

TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "sandbox": {"handlers": ["console"], "level": "INFO"},
        "django.request": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}
