"""python -m tests.bench [NAME ...] [--quick] [--json]: run each NAME_bench.py beside this file.

A benchmark is a module with `run(*, quick: bool) -> Iterable[Result]`; it may use the test database
that is made for this process and thrown away after it.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

from smartdialog_admin.celery import app, keep_what_is_loaded
from tests.database import temporary_database

HERE = Path(__file__).parent
ENDING = "_bench"


def main() -> int:
    options = _options()
    django.setup()
    app.conf.update(
        broker_url="memory://localhost/", broker_transport_options={}
    )  # nobody beside us is woken
    well = True
    with temporary_database():
        keep_what_is_loaded()  # as a worker does
        for name in options.names or available():
            for result in importlib.import_module(f"tests.bench.{name}{ENDING}").run(quick=options.quick):
                print(result.json() if options.json else result.line(), flush=True)
                well = well and result.ok
    return 0 if well else 1


def available() -> list[str]:
    return sorted(path.stem.removesuffix(ENDING) for path in HERE.glob(f"*{ENDING}.py"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure what people wait for.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(available())}; all by default"
    )
    parser.add_argument("--quick", action="store_true", help="smaller amounts: under a minute")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if unknown := set(options.names) - set(available()):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there is {', '.join(available())}")
    return options


if __name__ == "__main__":
    sys.exit(main())
