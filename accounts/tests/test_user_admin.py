import pytest

from accounts.models import AuditEvent, Role, User
from accounts.people import user_admin
from accounts.people.user_admin import LastAdmin
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_an_admin_approves_a_newcomer_once(aino, nina):
    assert user_admin.approve(nina, role=Role.MARKETER, by=aino)
    assert not user_admin.approve(nina, role=Role.ADMIN, by=aino)

    nina.refresh_from_db()
    assert nina.is_approved
    assert nina.role == Role.MARKETER
    assert AuditEvent.objects.filter(verb="person.approved", actor=aino).count() == 1


def test_a_newcomer_reaches_nothing_but_the_waiting_page(nina):
    browser = client_of(nina)

    assert browser.get("/settings/").headers["Location"] == "/waiting/"
    assert b"let you in first" in browser.get("/waiting/").content


def test_a_role_change_is_in_the_audit_trail_with_before_and_after(aino, mikko):
    client_of(aino).post(f"/settings/people/{mikko.pk}/role/", {"role": "viewer"})

    event = AuditEvent.objects.get(verb="person.role_changed")
    assert (event.before, event.after) == ({"role": "marketer"}, {"role": "viewer"})


def test_a_role_that_does_not_exist_changes_nothing(aino, mikko):
    client_of(aino).post(f"/settings/people/{mikko.pk}/role/", {"role": "emperor", "is_superuser": "on"})

    mikko.refresh_from_db()
    assert (mikko.role, mikko.is_superuser) == (Role.MARKETER, False)


def test_the_last_admin_stays_admin(aino):
    with pytest.raises(LastAdmin):
        user_admin.change_role(aino, role=Role.VIEWER, by=aino)


def test_a_deactivated_person_is_signed_out_at_once(aino, mikko):
    browser = client_of(mikko)
    assert browser.get("/preferences/").status_code == 200

    client_of(aino).post(f"/settings/people/{mikko.pk}/activity/", {"active": "false"})

    assert browser.get("/preferences/").headers["Location"].startswith("/sign-in/")


def test_a_superuser_is_an_admin_who_needs_no_approval(db):
    root = User.objects.create_superuser("root", password="long-enough-to-count")

    assert root.is_admin
    assert root.is_approved


def test_an_admin_without_smartdialog_sees_no_customer(outsider_oy):
    root = User.objects.create_superuser("root", password="long-enough-to-count")

    assert not root.customers.exists()


def test_the_customer_switcher_takes_only_ones_own(mikko, trattoria, outsider_oy):
    browser = client_of(mikko)

    assert browser.post("/customer/", {"customer": trattoria.pk}).status_code == 302
    assert browser.session["customer"] == trattoria.pk
    assert browser.post("/customer/", {"customer": outsider_oy.pk}).status_code == 404
    assert browser.post("/customer/", {"customer": "1e5"}).status_code == 404
    assert browser.session["customer"] == trattoria.pk
