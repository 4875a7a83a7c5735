#!/usr/bin/env python3
"""Django's command line, with this project's settings."""

import os
import sys

from django.core.management import execute_from_command_line

from smartdialog_admin.launcher import local_secrets

if __name__ == "__main__":
    os.umask(0o077)  # what a command writes has people and keys in it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")
    local_secrets.use(local_secrets.data_dir())
    execute_from_command_line(sys.argv)
