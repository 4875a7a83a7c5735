from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import AuditEvent, RecoveryCode, SecondFactor, User
from accounts.people import user_admin
from accounts.sign_in import second_factor
from tests.people import PASSWORD, client_of

pytestmark = pytest.mark.django_db

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238's
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def standing_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def factor(root) -> SecondFactor:
    return SecondFactor.objects.create(user=root, secret=SECRET)


def code(off: int = 0) -> str:
    return second_factor.code_at(SECRET, NOW // 30 + off)


def with_password() -> Client:
    browser = Client()
    browser.post("/sign-in/", {"username": "root", "password": PASSWORD, "next": "/settings/"})
    return browser


def enter(browser: Client, typed: str):
    return browser.post("/sign-in/code/", {"code": typed})


@pytest.mark.parametrize(
    ("at", "expected"),
    [(59, "287082"), (1111111109, "081804"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(at, expected):
    assert second_factor.code_at(SECRET, at // 30) == expected


def test_a_password_alone_signs_nobody_in(factor):
    browser = with_password()

    assert browser.get("/preferences/").status_code == 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_code_of_now_or_its_neighbours_leads_to_the_page_that_was_asked_for(factor, off):
    assert enter(with_password(), code(off)).headers["Location"] == "/settings/"


@pytest.mark.parametrize("typed", ["000000", "12345", "", "１２３４５６", "1234567", "x" * 41])
def test_a_wrong_code_does_not(factor, typed):
    answer = enter(with_password(), typed)

    assert answer.status_code == 200
    assert AuditEvent.objects.filter(verb="person.signed_in").count() == 0


def test_codes_further_off_are_wrong(factor):
    assert enter(with_password(), code(-2)).status_code == 200
    assert enter(with_password(), code(2)).status_code == 200


def test_a_code_is_right_once(factor):
    assert enter(with_password(), code()).status_code == 302
    assert enter(with_password(), code()).status_code == 200
    assert enter(with_password(), code(-1)).status_code == 200  # older ones, too


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_code_one_gets_in(root):
    SecondFactor.objects.create(user=root, secret=SECRET)
    [kept, *_] = second_factor.renew_recovery_codes(root)
    now = code()

    def use(typed: str) -> bool:
        try:
            return second_factor.is_right(root, typed)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, [now] * 6)) == 1
        assert sum(pool.map(use, [kept] * 6)) == 1


def test_guesses_are_limited_however_often_the_password_is_given_anew(factor):
    statuses = [enter(with_password(), f"{number:06}").status_code for number in range(12)]

    assert statuses == [200] * 10 + [429] * 2
    refused = enter(with_password(), code())
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_password_that_was_changed_meanwhile_leads_no_further(factor, root):
    browser = with_password()
    root.set_password("another-long-password")
    root.save()

    assert enter(browser, code()).headers["Location"] == "/sign-in/"


def test_who_was_deactivated_meanwhile_gets_no_further(factor, root, aino):
    browser = with_password()
    User.objects.filter(pk=root.pk).update(is_active=False)

    assert enter(browser, code()).headers["Location"] == "/sign-in/"


def test_after_ten_minutes_the_password_is_asked_for_again(factor):
    browser = with_password()

    with time_machine.travel(NOW + 601, tick=False):
        assert enter(browser, code(20)).headers["Location"] == "/sign-in/"


def test_setting_it_up_shows_recovery_codes_once_and_keeps_only_hashes(root):
    browser = client_of(root)
    browser.get("/preferences/second-factor/")
    page = browser.get("/preferences/second-factor/")
    assert not SecondFactor.objects.exists()

    done = browser.post(
        "/preferences/second-factor/", {"code": second_factor.code_at(page.context["secret"], NOW // 30)}
    )

    codes = done.context["codes"]
    assert len(set(codes)) == 10
    assert not set(codes) & set(RecoveryCode.objects.values_list("digest", flat=True))
    assert SecondFactor.objects.get().secret == page.context["secret"]
    assert page.context["secret"] not in str(list(SecondFactor.objects.values_list("secret")))
    assert browser.get("/preferences/second-factor/").status_code == 302


def test_the_secret_waits_sealed_in_the_session(root):
    browser = client_of(root)
    page = browser.get("/preferences/second-factor/")

    assert page.context["secret"] not in str(dict(browser.session))


def test_a_wrong_first_code_switches_nothing_on(root):
    browser = client_of(root)

    answer = browser.post("/preferences/second-factor/", {"code": "000000"})

    assert b"That code is not right" in answer.content
    assert not SecondFactor.objects.exists()


def test_a_recovery_code_signs_in_once_however_it_is_spelled(factor, root):
    [kept, *_] = second_factor.renew_recovery_codes(root)

    assert enter(with_password(), f" {kept.upper().replace('-', ' ')} ").status_code == 302
    assert enter(with_password(), kept).status_code == 200


def test_a_recovery_code_of_somebody_else_is_wrong(factor, root, aino):
    [theirs, *_] = second_factor.renew_recovery_codes(aino)

    assert enter(with_password(), theirs).status_code == 200


def test_it_is_switched_off_and_codes_renewed_only_with_the_password(factor, root):
    browser = client_of(root)

    for path in ("/preferences/second-factor/removal/", "/preferences/recovery-codes/"):
        assert b"That is not your password" in browser.post(path, {"password": "wrong"}).content
    assert SecondFactor.objects.exists()
    browser.post("/preferences/second-factor/removal/", {"password": PASSWORD})

    assert not SecondFactor.objects.exists()


def test_an_admin_resets_anothers_with_audit_and_ends_their_sessions(factor, root):
    lead = User.objects.create_superuser("lead", password=PASSWORD)
    browser = client_of(root)

    client_of(lead).post(f"/settings/people/{root.pk}/second-factor/")

    event = AuditEvent.objects.get(verb="person.second_factor_off")
    assert (event.actor, event.subject) == (lead, f"user:{root.pk}")
    assert browser.get("/preferences/").status_code == 302
    assert not user_admin.reset_second_factor(root, by=lead)


def test_the_command_line_resets_it_when_nobody_else_can(factor, root):
    call_command("reset_second_factor", "root")

    assert not SecondFactor.objects.exists()
    assert AuditEvent.objects.filter(verb="person.second_factor_off", actor=None).exists()
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "nobody")


def test_an_admin_for_whom_it_is_required_gets_no_further_without_it(root, settings):
    settings.SECOND_FACTOR_FOR_ADMINS = True
    browser = with_password()

    assert browser.get("/settings/").headers["Location"] == "/preferences/second-factor/"
    page = browser.get("/preferences/second-factor/")
    browser.post(
        "/preferences/second-factor/", {"code": second_factor.code_at(page.context["secret"], NOW // 30)}
    )

    assert browser.get("/settings/").status_code == 200


def test_who_has_no_password_is_told_where_their_second_step_is(mikko):
    assert b"where you sign" in client_of(mikko).get("/preferences/second-factor/").content
    client_of(mikko).post("/preferences/second-factor/", {"code": "123456"})

    assert not SecondFactor.objects.exists()
