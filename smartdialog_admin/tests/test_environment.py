import pytest
from django.core.exceptions import ImproperlyConfigured

from smartdialog_admin import environment

KNOWN = ("status", "address")


def test_other_names_are_read_by_ours(monkeypatch):
    monkeypatch.setenv("NAMES", " status=tila,state  address=to ")

    assert environment.aliases("NAMES", KNOWN) == {"status": ("tila", "state"), "address": ("to",)}


@pytest.mark.parametrize("text", ["state=x", "status", "status=", "=x"])
def test_a_name_that_is_none_of_ours_stops_the_start_with_what_to_write(monkeypatch, text):
    monkeypatch.setenv("NAMES", text)

    with pytest.raises(ImproperlyConfigured, match="OURS of status, address"):
        environment.aliases("NAMES", KNOWN)
