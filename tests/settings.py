"""The dashboard's own settings, with throw-away secrets where none are given."""

import os

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "0123456789" * 4)
os.environ.setdefault("TOKEN_ENCRYPTION_KEYS", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=")

from smartdialog_admin.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
