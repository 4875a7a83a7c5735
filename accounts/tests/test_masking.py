import logging
import sys

import pytest

from accounts.trail.masking import MaskingFormatter, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+358401234567 is no number", "+358•••67 is no number"),
        ("/groupcontact/c/g/%2B358401234567", "/groupcontact/c/g/%2B358•••67"),
        ("address=358401234567&status=x", "address=358•••67&status=x"),
        ("0401234567,0407654321", "040•••67,040•••21"),
        ("Service Unavailable: /hooks/inbound/s3cret_-x/", "Service Unavailable: /hooks/inbound/•••/"),
        ("/hooks/dlr/s3cret/?c=5", "/hooks/dlr/•••/?c=5"),
        ("/oauth/callback/?code=abc.def&state=xyz", "/oauth/callback/?code=•••&state=•••"),
        ("Authorization: Bearer eyJ0.eyJ1.x", "Authorization: Bearer •••"),
        ("refresh_token=abc&client_secret=def", "refresh_token=•••&client_secret=•••"),
    ],
)
def test_numbers_and_secrets_are_masked(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 05:36:02,214 INFO gateway.smartdialog.client GetUserCustomers 200 in 12 ms",
        "task 22222222-2222-4222-8222-222222222222 took 0.1234567 s",
        "operation 123456 of connection 7: 503",
        "",
    ],
)
def test_what_is_no_number_and_no_secret_is_left(text):
    assert masked(text) == text


def test_what_an_exception_says_is_masked_too():
    try:
        raise ValueError("no such number: +358401234567")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())

    line = MaskingFormatter("%(message)s").format(record)

    assert "ValueError" in line
    assert "1234" not in line
