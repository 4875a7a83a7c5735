"""A password sign-in that has yet to set up its second factor: nothing else is open to it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.sign_in import sessions
from gateway.sign_in import signing_in
from tests.access.access_table import ACCESS_TABLE, AccessLevel
from tests.access.addresses import Address, addresses
from tests.access.conftest import sign_in
from tests.access.sample_rows import MISSING_IDS
from tests.factories import make_service

pytestmark = pytest.mark.django_db

SETUP = "/preferences/second-factor/"
OPEN = {"accounts:second_factor", "accounts:sign_out"}
CLOSED = [
    each for each in addresses() if ACCESS_TABLE[each.name] != AccessLevel.PUBLIC and each.name not in OPEN
]


@pytest.fixture
def half_way(root: User, settings) -> Client:
    settings.SECOND_FACTOR_FOR_ADMINS = True
    browser = Client()
    sign_in(browser, root)
    assert browser.session[sessions.NEEDS_FACTOR]
    return browser


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_every_address_leads_to_the_set_up(half_way, method):
    def led_to(each: Address) -> str:
        answer = getattr(half_way, method)(each.path(MISSING_IDS))
        return answer.headers.get("Location") or f"{answer.status_code}"

    assert {each.name: led for each in CLOSED if (led := led_to(each)) != SETUP} == {}


def test_no_file_of_theirs_is_read(half_way, kahvila):
    group = make_service(kahvila, kind="group")

    file = SimpleUploadedFile("a.csv", b"Puhelin\n0401234567\n" * 50_000)
    answer = half_way.post(f"/contacts/{group.pk}/import/", {"file": file})

    assert answer.headers["Location"] == SETUP
    assert not answer.wsgi_request.FILES


def test_no_smartdialog_identity_is_joined_to_their_account(half_way, root):
    half_way.post("/oauth/start/", {"join": root.pk})

    [begun] = half_way.session[signing_in.SESSION_KEY].values()
    assert begun["join"] is None
