"""python -m tests.contract FOLDER: check us against SmartDialog's published contract.

FOLDER holds smartdialog.swagger.json, record_proxy.py and contract_check.py. All 20 operations are made
through our client, by way of the recording proxy, against the sandbox; the record must show 20 clean ones.
What the sandbox says of itself must agree with the published definition too.
"""

import argparse
import os
import sys
from pathlib import Path

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

    from tests.contract.proxy_check import exit_code

    return exit_code(folder)


if __name__ == "__main__":
    sys.exit(main())
