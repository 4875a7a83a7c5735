"""Whom an admin sees and decides about."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Customer, Role, User
from accounts.people import user_admin
from accounts.trail import audit
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

POSTS = {
    "approval": {"role": "admin"},
    "refusal": {},
    "role": {"role": "viewer"},
    "activity": {"active": "false"},
    "sign_outs": {},
    "second_factor_reset": {},
    "work": {"cancel": "true"},
}


@pytest.fixture
def olga(outsider_oy: Customer) -> User:
    """Admin of another customer."""
    return make_person("Olga", Role.ADMIN, outsider_oy)


def post(browser, name: str, person: User):
    return browser.post(reverse(f"settings:{name}", args=[person.pk]), POSTS[name])


@pytest.mark.parametrize("name", POSTS)
def test_an_admin_decides_nothing_about_people_of_other_customers(olga, aino, mikko, vera, nina, name):
    before = list(User.objects.order_by("pk").values("role", "is_active", "approved_at"))

    for person in (aino, mikko, vera, nina):
        assert post(client_of(olga), name, person).status_code == 404

    assert list(User.objects.order_by("pk").values("role", "is_active", "approved_at")) == before


def test_nor_sees_them(olga, aino, vera, nina):
    audit.record(actor=aino, customer=None, verb="person.approved", subject=vera)
    browser = client_of(olga)

    for path in ("/settings/", "/settings/audit/", f"/settings/audit/?actor={aino.pk}"):
        page = browser.get(path).content
        assert not [each for each in (b"Aino", b"Vera", b"Nina", b"Kahvila") if each in page]


def test_somebody_of_no_customer_yet_is_decided_about_by_any_admin(olga):
    newcomer = make_person("Uuno", Role.VIEWER, approved=False)

    post(client_of(olga), "approval", newcomer)

    newcomer.refresh_from_db()
    assert newcomer.is_approved


def test_who_runs_the_installation_decides_about_all(root, aino, otto, olga):
    browser = client_of(root)

    assert post(browser, "role", otto).status_code == 302
    otto.refresh_from_db()
    assert otto.role == Role.VIEWER
    assert {b"Aino", b"Otto", b"Olga"} <= set(
        browser.get("/settings/").content.replace(b"<", b">").split(b">")
    )


@pytest.mark.parametrize("name", POSTS)
def test_no_other_admin_decides_about_who_runs_the_installation(root, aino, kahvila, name):
    kahvila.memberships.create(user=root)

    assert post(client_of(aino), name, root).status_code == 404


def test_a_newcomer_is_refused_once_and_may_ask_again(aino, nina):
    browser = client_of(aino)
    assert b"Refuse Nina?" in browser.get(reverse("settings:refusal", args=[nina.pk])).content
    post(browser, "refusal", nina)

    nina.refresh_from_db()
    assert not nina.is_active
    assert not user_admin.refuse(nina, by=aino)
    assert not user_admin.approve(nina, role=Role.ADMIN, by=aino)
    assert AuditEvent.objects.filter(verb="person.refused").count() == 1
    browser.post(reverse("settings:activity", args=[nina.pk]), {"active": "true"})
    assert list(User.objects.waiting()) == [nina]


def test_a_person_is_deactivated_after_it_was_asked(aino, mikko):
    asked = client_of(aino).get(reverse("settings:activity", args=[mikko.pk]))

    mikko.refresh_from_db()
    assert mikko.is_active
    assert b"Deactivate Mikko?" in asked.content


def test_the_last_admin_is_told_so_and_stays(aino):
    page = client_of(aino).post(
        reverse("settings:activity", args=[aino.pk]), {"active": "false"}, follow=True
    )

    aino.refresh_from_db()
    assert aino.is_active
    assert b"last admin" in page.content
