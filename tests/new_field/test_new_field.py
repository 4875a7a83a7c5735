"""One entry and one migration make a field: whoever deals with fields reads the catalogue."""

import os
import subprocess
import sys
from pathlib import Path

CONSUMERS = Path(__file__).with_name("consumers.py")


def test_a_new_field_is_an_entry_and_a_migration():
    """In a process of its own: the catalogue is read when its readers are imported."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.new_field.plugin"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}

    ran = subprocess.run([*command, str(CONSUMERS)], env=alone, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
