"""For every suite: the people of the tests, and --no-skips."""

from collections.abc import Generator

import pytest
from django.conf import settings

pytest.register_assert_rewrite("tests.faults.oracle")  # so that the judge says what it found

# Not for the sandbox: it knows no dashboard.
pytest_plugins = ["tests.people"] if "accounts" in settings.INSTALLED_APPS else []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="a skipped test fails, and so does no test at all"
    )


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
