"""For every suite: the people of the tests, --no-skips, --database-only and --part."""

import gc
from collections.abc import Generator
from zlib import crc32

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis_settings

pytest.register_assert_rewrite("tests.faults.invariants")  # so that a failed invariant shows its values

# Not for the sandbox: it knows no dashboard.
if "accounts" in settings.INSTALLED_APPS:
    pytest_plugins = ["tests.people", "tests.migrated", "tests.later"]


# Speeds are measured by bin/bench: how long a case takes on a busy machine says nothing of it.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="a skipped test fails, and so does no test at all"
    )
    parser.addoption(
        "--database-only",
        action="store_true",
        help="only tests that may ask one; others say the same on any",
    )
    parser.addoption("--part", default="1/1", help="2/3: the second of three parts of the tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = [item for item in items if is_in_part(item.nodeid, config.getoption("part"))]
    chosen = [item for item in chosen if _is_of_this_database(item)]
    if config.getoption("database_only"):
        chosen = [item for item in chosen if _may_ask_the_database(item)]
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen


def _is_of_this_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is None or connection.vendor == marker.args[0]


def pytest_collection_finish() -> None:
    """Ten thousand tests and all they import stay to the end: the garbage collector need not look at them.

    It looks at what tests leave behind after 50,000 objects more, not after 700.
    """
    gc.freeze()
    gc.set_threshold(50_000)


def is_in_part(name: str, part: str) -> bool:
    """`part`: 2/3 is the second of three. Each name has its part by itself, whatever others there are."""
    number, _, of = part.partition("/")
    return crc32(name.encode()) % int(of) == int(number) - 1


def _may_ask_the_database(item: pytest.Item) -> bool:
    """Tests with processes of their own are told by their marker."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "faults", "browser"))
    return marked or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("no_skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be: {report.longrepr[2]}"
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.getoption("no_skips"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
