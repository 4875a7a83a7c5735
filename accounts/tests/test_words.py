import pytest

from accounts.models import AuditEvent
from accounts.templatetags.ui import spelled
from tests.people import client_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("person.role_changed", "Person: role changed"),
        ("contact.create", "Contact: create"),
        ("sweep", "Sweep"),
        ("", ""),
    ],
)
def test_names_of_acts_and_calls_are_spelled_out(name, words):
    assert spelled(name) == words


def test_the_audit_trail_says_what_was_done_in_words(aino, mikko):
    browser = client_of(aino)

    browser.post(f"/settings/people/{mikko.pk}/role/", {"role": "viewer"})

    page = browser.get("/settings/audit/").content.decode()
    assert "Person: role changed" in page
    assert AuditEvent.objects.get().verb not in page
