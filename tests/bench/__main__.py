"""python -m tests.bench [NAME ...] [--quick] [--json]: run each NAME_bench.py beside this file.

A benchmark is a module with `run(*, quick: bool) -> Iterable[Result]`; it may use the test database
that is made for this process and thrown away after it.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

from smartdialog_admin.celery import app

HERE = Path(__file__).parent
ENDING = "_bench"


def main() -> int:
    options = _options()
    django.setup()
    app.conf.update(
        broker_url="memory://localhost/", broker_transport_options={}
    )  # nobody beside us is nudged
    well = True
    with throw_away_database():
        for name in options.names or available():
            for result in importlib.import_module(f"tests.bench.{name}{ENDING}").run(quick=options.quick):
                print(result.json() if options.json else result.line(), flush=True)
                well = well and result.ok
    return 0 if well else 1


def available() -> list[str]:
    return sorted(path.stem.removesuffix(ENDING) for path in HERE.glob(f"*{ENDING}.py"))


@contextmanager
def throw_away_database() -> Iterator[None]:
    """The tests' own way of making one, but a file: an SQLite in memory would flatter."""
    from django.conf import settings

    with TemporaryDirectory() as folder:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{folder}/bench.sqlite3"
        runner = get_runner(settings)(verbosity=0, interactive=False)
        setup_test_environment()
        databases = runner.setup_databases()
        try:
            yield
        finally:
            runner.teardown_databases(databases)
            teardown_test_environment()


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
