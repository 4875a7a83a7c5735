"""What is dangerous in the settings is said as a process starts, and by `check --deploy`."""

from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from gateway.installation_checks import start_warnings

GOOD = {
    "DEBUG": False,
    "HOST": "127.0.0.1",
    "PUBLIC_URL": "https://dashboard.kahvila.fi",
    "SMARTDIALOG_API_URL": "https://api.arena.fi/api-integrations/v1",
    "SMARTDIALOG_AUTHORIZE_URL": "https://sign-in.arena.fi/authorize",
    "SMARTDIALOG_TOKEN_URL": "https://sign-in.arena.fi/token",
    "SMARTDIALOG_USERINFO_URL": "https://sign-in.arena.fi/userinfo",
    "UPLOADS_S3_ENDPOINT": "",
    "USES_SANDBOX": False,
    "CELERY_BROKER_URL": "redis://broker",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
}
SANDBOX = {
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "SMARTDIALOG_API_URL": "http://127.0.0.1:8800/v1",
    "SMARTDIALOG_AUTHORIZE_URL": "http://127.0.0.1:8800/authorize",
    "SMARTDIALOG_TOKEN_URL": "http://127.0.0.1:8800/token",
    "USES_SANDBOX": True,
}


@pytest.mark.parametrize("settings_of", [GOOD, GOOD | SANDBOX])
def test_of_good_settings_nothing_is_said(settings_of):
    assert start_warnings.all_of(SimpleNamespace(**settings_of)) == []


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"DEBUG": True}, "DEBUG is on"),
        (
            {"PUBLIC_URL": "http://dashboard.kahvila.fi"},
            "PUBLIC_URL is http://dashboard.kahvila.fi, without https",
        ),
        (
            {"SMARTDIALOG_API_URL": "http://api.arena.fi/v1"},
            "SMARTDIALOG_API_URL is http://api.arena.fi/v1, without",
        ),
        ({"SMARTDIALOG_TOKEN_URL": "http://arena.fi/token"}, "SMARTDIALOG_TOKEN_URL is"),
        ({"SMARTDIALOG_USERINFO_URL": "http://arena.fi/who"}, "SMARTDIALOG_USERINFO_URL is"),
        ({"UPLOADS_S3_ENDPOINT": "http://minio.kahvila.fi:9000"}, "UPLOADS_S3_ENDPOINT is"),
        (
            {"PUBLIC_URL": "https://10.0.0.8"},
            "PUBLIC_URL is https://10.0.0.8, which SmartDialog cannot reach",
        ),
        ({"HOST": "0.0.0.0", "CELERY_BROKER_URL": "filesystem://"}, "CELERY_BROKER_URL is not set"),
    ],
)
def test_of_a_dangerous_setting_it_is_said_what_to_do(changed, begins):
    (words,) = start_warnings.all_of(SimpleNamespace(**GOOD | changed))

    assert words.startswith(begins)
    assert "et " in words or "use Redis" in words


def test_the_check_for_deployment_says_the_same(settings):
    settings.DEBUG = True

    found = run_checks(tags=["security"], include_deployment_checks=True)

    assert "smartdialog.W001" in {each.id for each in found}
