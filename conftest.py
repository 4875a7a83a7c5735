"""For every suite: the people of the tests, --no-skips and --database-only."""

from collections.abc import Generator

import pytest
from django.conf import settings
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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("database_only"):
        return
    others = [item for item in items if not _may_ask_the_database(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if _may_ask_the_database(item)]


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
