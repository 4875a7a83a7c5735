import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from tests.people import client_of

pytestmark = pytest.mark.django_db

DJANGOS_OWN = "django.contrib.auth.backends.ModelBackend"
PAGE = "/contacts/"


def test_who_is_made_inactive_is_signed_out_at_once(mikko):
    browser = client_of(mikko)
    assert browser.get(PAGE).status_code == 200

    mikko.is_active = False
    mikko.save()

    assert browser.get(PAGE).status_code == 302


def test_a_customer_whom_they_no_longer_reach_is_gone_with_the_next_page(mikko, kahvila, trattoria):
    browser = client_of(mikko)
    assert {each.pk for each in browser.get(PAGE).context["customers"]} == {kahvila.pk, trattoria.pk}

    Membership.objects.filter(user=mikko, customer=kahvila).delete()

    assert browser.get(PAGE).context["customers"] == [trattoria]


def test_a_session_that_began_by_djangos_own_backend_goes_on(mikko, kahvila, client):
    client.force_login(mikko, backend=DJANGOS_OWN)

    assert kahvila in client.get(PAGE).context["customers"]


@pytest.mark.only_on("postgresql")
def test_a_person_and_whom_they_reach_are_read_in_one_go(mikko):
    browser = client_of(mikko)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        browser.get(PAGE)

    assert len([each for each in seen if "accounts_membership" in each["sql"]]) == 1
    assert len([each for each in seen if 'FROM "accounts_user"' in each["sql"]]) == 1
