"""The dashboard's own settings, with throw-away secrets where none are given."""

import os
from tempfile import gettempdir

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "0123456789" * 4)
os.environ.setdefault("SECURITY_CONTACT", "security@dashboard.example")
os.environ.setdefault("TOKEN_ENCRYPTION_KEYS", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=")

from smartdialog_admin.settings import *  # noqa: F403

CAMPAIGN_GRACE = 0  # nobody takes anything back, but where that is what is tested

SMARTDIALOG_MAX_BURST = 5.0  # a few calls wait for no pace

COMPARES_AT_START = False  # the database of the tests is made later

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Each browser of a test has a middleware of its own, and the files are the same for all.
MIDDLEWARE = [
    each.replace("whitenoise.middleware.WhiteNoiseMiddleware", "tests.static_files.ListedOnce")
    for each in MIDDLEWARE  # noqa: F405
]

# A file, as in real life: of a database in memory, the threads of a live server share one connection, and
# with it each other's transactions.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{gettempdir()}/smartdialog-tests-{os.getpid()}.sqlite3"}  # noqa: F405
    # Tests ask thousands of different things, and preparing a statement anew takes three times its answer.
    DATABASES["default"]["OPTIONS"]["cached_statements"] = 1000  # noqa: F405
