"""Who has signed in, and what becomes of their grant."""

import json
from contextlib import ExitStack

import jwt
import pytest
import responses
from django.conf import settings

from accounts.models import AuditEvent, User
from gateway import clock
from gateway.models import Connection
from gateway.sign_in import oauth, signing_in
from gateway.sign_in.identity import Identity, identity_of
from gateway.sign_in.oauth import SignInFailed, Tokens
from gateway.sign_in.signing_in import Deactivated
from gateway.views import signing_in as views
from gateway.views.signing_in import TOLD

pytestmark = pytest.mark.django_db

KEY = "only-the-shape-of-a-token-matters-here-and-not-its-signature"
OURS = {
    "iss": settings.SMARTDIALOG_TOKEN_URL.partition("/arenafi")[0] + "/tenant/v2.0/",
    "aud": settings.SMARTDIALOG_CLIENT_ID,
    "nonce": "n",
    "sub": "id-sub",
    "name": "Id Token",
}


def token(**claims: object) -> str:
    return jwt.encode(claims, KEY, algorithm="HS256")


def tokens(access: str, id_token: str = "") -> Tokens:
    return Tokens(access, "refresh", clock.after(3600), "", id_token)


def later() -> int:
    return int(clock.after(3600).timestamp())


def test_the_id_token_says_who_it_is_when_there_is_one():
    both = tokens(token(sub="access-sub", name="Access"), token(**OURS, exp=later()))

    assert identity_of(both, nonce="n") == Identity("id-sub", "Id Token")


@pytest.mark.parametrize(
    ("claims", "who"),
    [
        ({"sub": "s-123", "oid": "o-123", "name": "Aino"}, Identity("s-123", "Aino", "o-123")),
        ({"oid": "o-123", "name": "Aino"}, Identity("o-123", "Aino", "o-123")),
        ({"sub": "s-123"}, Identity("s-123", "")),
        ({"sub": "s-123", "name": ["Aino"]}, Identity("s-123", "")),
    ],
)
def test_else_the_access_tokens_claims_do(claims, who):
    assert identity_of(tokens(token(**claims)), nonce="n") == who


@pytest.mark.parametrize("access", ["opaque", token(name="Nobody"), token(oid=7), token(sub="", oid="")])
def test_a_sign_in_that_says_neither_is_no_identity(access):
    with pytest.raises(SignInFailed) as refusal:
        identity_of(tokens(access), nonce="n")

    assert refusal.value.code == "no-identity"


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another-application"},
        {"nonce": "another"},
        {"exp": 1},
        {"iss": "https://e.test/tenant/v2.0/"},
        {"iss": "https://\ud800x.example/"},
        {"iss": None},
        {"aud": None},
        {"nonce": None},
        {"exp": None},
    ],
)
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(wrong):
    claims = {name: value for name, value in ({**OURS, "exp": later()} | wrong).items() if value is not None}

    with pytest.raises(SignInFailed) as refusal:
        identity_of(tokens(token(sub="s-123"), token(**claims)), nonce="n")
    assert str(refusal.value).encode(), "a page can say it"


def test_an_admin_with_a_password_takes_a_smartdialog_identity_once():
    root = User.objects.create_superuser("root", password="long-enough-to-count")

    assert signing_in.get_or_create_user(Identity("s-123", "Aino"), tokens("a"), signed_in=root) == root
    root.refresh_from_db()
    other = signing_in.get_or_create_user(Identity("t", "Other"), tokens("b"), signed_in=root)

    assert (root.subject, root.name, root.is_admin) == ("s-123", "Aino", True)
    assert other != root
    assert not other.is_approved


def test_a_newcomer_is_made_once_and_asks_once():
    for access in ("a", "b"):
        signing_in.get_or_create_user(Identity("s-123", "Nina"), tokens(access), signed_in=None)

    assert User.objects.count() == AuditEvent.objects.filter(verb="person.asked_to_join").count() == 1
    assert Connection.objects.get().access_token == "b"


def test_the_grant_of_a_deactivated_person_is_not_kept(mikko):
    User.objects.filter(pk=mikko.pk).update(is_active=False)

    with pytest.raises(Deactivated):
        signing_in.get_or_create_user(Identity(mikko.subject, "Mikko"), tokens("a"), signed_in=None)

    assert not Connection.objects.exists()


@pytest.mark.parametrize("told", [{}, {"code": ""}])
def test_a_way_back_without_a_code_asks_for_no_token(client, monkeypatch, told):
    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError("the token service was asked")

    monkeypatch.setattr(oauth, "exchange_code", asked)
    address = client.post("/oauth/start/", {"next": "/contacts/?q=a&sort=name"}).headers["Location"]
    state = address.partition("state=")[2].partition("&")[0]

    page = client.get("/oauth/callback/", {"state": state, **told})

    assert b"SmartDialog refused the sign-in" in page.content
    assert b"/sign-in/?next=%2Fcontacts%2F%3Fq%3Da%26sort%3Dname" in page.content


def come_back(client, **told: str):
    address = client.post("/oauth/start/").headers["Location"]
    state = address.partition("state=")[2].partition("&")[0]
    return client.get("/oauth/callback/", {"state": state, **told})


def test_a_sign_in_service_that_hangs_holds_few_of_the_threads_that_serve_pages(client, db, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE", 0.1)
    asked = []
    monkeypatch.setattr(oauth, "exchange_code", lambda *_, **__: asked.append(1) or tokens("a"))
    with ExitStack() as hanging:
        for _ in range(views.EXCHANGES_AT_ONCE):
            hanging.enter_context(views._exchanges)
        answer = come_back(client, code="c")
    assert (answer.status_code, asked) == (503, [])
    assert "Try again in a minute" in answer.content.decode()

    come_back(client, code="c")
    assert asked


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"exp": 1}, "The clocks do not agree"),
        ({"aud": "another"}, "answer was not for this sign-in"),
        ({"nonce": "another"}, "answer was not for this sign-in"),
    ],
)
def test_what_is_not_believed_here_is_not_said_to_be_smartdialogs(client, db, monkeypatch, claims, said):
    given = tokens("a", token(**OURS | {"exp": later()} | claims))
    monkeypatch.setattr(oauth, "exchange_code", lambda *_, **__: given)

    page = come_back(client, code="c").content.decode()

    assert said in page
    assert "Found here:" in page
    assert "refused the sign-in" not in page
    assert "SmartDialog said" not in page


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"error": "access_denied", "error_description": "AADB2C90091"}, "cancelled"),
        ({"error": "server_error"}, "refused"),
        ({"code": "of-nobody"}, "no-identity"),
    ],
)
def test_a_sign_in_that_is_refused_or_cancelled_is_in_the_trail(client, db, monkeypatch, told, wrong):
    monkeypatch.setattr(oauth, "exchange_code", lambda *_args, **_named: tokens("opaque"))

    come_back(client, **told)

    event = AuditEvent.objects.get()
    assert (event.verb, event.actor) == ("sign_in.failed", None)
    assert event.after == {"address": "127.0.0.1", "with": "SmartDialog", "wrong": wrong}


def test_of_an_address_few_are_written_down(client, db):
    for _ in range(TOLD.most + 3):
        assert come_back(client, error="access_denied").status_code == 200

    assert AuditEvent.objects.count() == TOLD.most


@pytest.mark.parametrize("wanted", ["//e.test", "/\\e.test", "https://e.test", "/%0d%0aa"])
def test_the_error_page_leads_back_to_this_site_only(client, wanted):
    address = client.post("/oauth/start/", {"next": wanted}).headers["Location"]
    state = address.partition("state=")[2].partition("&")[0]

    page = client.get("/oauth/callback/", {"state": state, "error": "access_denied", "next": wanted})

    assert b'href="/sign-in/?next=%2F"' in page.content


LITERALS = [
    "Not supported currently. Use oid claim.",
    "Not supported currently. Use oid claim",
    "use oid",
    "null",
    "None",
    "notsupported",
    "Not-Supported",
    "n/a",
    "-",
    "0",
    "nil",
    "00",
    "x",
    "00000000-0000-0000-0000-000000000000",
    settings.SMARTDIALOG_CLIENT_ID,
    " ",
    "a\n",
    ["a"],
    7,
]


@pytest.mark.parametrize("sub", LITERALS)
def test_a_sub_that_anybody_may_have_is_nobodys(sub):
    assert identity_of(tokens(token(sub=sub, oid="o-123", name="A")), nonce="n") == Identity(
        "o-123", "A", "o-123"
    )
    with pytest.raises(SignInFailed):
        identity_of(tokens(token(sub=sub)), nonce="n")


def test_an_id_token_without_who_it_is_leaves_it_to_the_access_token():
    id_token = token(**OURS | {"sub": LITERALS[0]}, exp=later())

    assert identity_of(tokens(token(oid="o-123"), id_token), nonce="n") == Identity(
        "o-123", "Id Token", "o-123"
    )


def test_the_first_oid_of_any_token_goes_before_a_sub():
    id_token = token(**OURS | {"sub": "any-word-for-all"}, exp=later())
    first, second = (
        identity_of(tokens(token(oid=oid), id_token), nonce="n") for oid in ("oid-one", "oid-two")
    )

    assert (first.object_id, second.object_id) == ("oid-one", "oid-two")
    users = [
        signing_in.get_or_create_user(who, tokens("a"), signed_in=None) for who in (first, second, first)
    ]
    assert users[0] == users[2] != users[1]


def test_a_short_number_is_somebody():
    assert identity_of(tokens(token(sub="7")), nonce="n").subject == "7"


def test_two_long_subs_that_begin_alike_are_two():
    first, second = (identity_of(tokens(token(sub="x" * 400 + end)), nonce="").subject for end in "ab")

    assert first != second
    assert len(first) <= 200


def come(subject, oid="", name="A"):
    return signing_in.get_or_create_user(Identity(subject, name, oid), tokens(name), signed_in=None)


def test_two_oids_never_share_one_user_though_their_sub_is_the_same():
    anna, bertta = come("same", "o1"), come("same", "o2")

    assert anna != bertta
    assert [come("same", oid) for oid in ("o1", "o2", "o1")] == [anna, bertta, anna]
    assert come("same") not in {anna, bertta}  # a sub that tells nobody apart opens nobody's account


def test_who_was_known_by_sub_or_by_oid_alone_is_so_still():
    by_sub, by_oid = come("s1"), come("o2", "")

    assert come("s1", "o1") == by_sub
    assert come("s2", "o2") == by_oid
    assert come("s1") == by_sub
    assert come("changed", "o1") == by_sub
    assert come("s1", "another") != by_sub
    assert User.objects.count() == 3


def test_a_literal_of_before_is_nobodys_account():
    merged = User.objects.create(username="merged", subject=LITERALS[0])

    assert come("o1", "o1") != merged


def test_a_subject_that_is_somebodys_username_is_another_person():
    root = User.objects.create_superuser("root", password="long-enough-to-count")

    assert come("root") != root
    assert come("root") == come("root")


@pytest.mark.parametrize("host", ["login.microsoftonline.com", "arenafi.b2clogin.com"])
def test_microsofts_own_names_are_taken_for_an_issuer(host):
    id_token = token(**OURS | {"iss": f"https://{host}/t/v2.0/"}, exp=later())

    assert identity_of(tokens("opaque", id_token), nonce="n").subject == "id-sub"


def test_another_issuer_is_named_with_the_line_that_allows_it(settings):
    id_token = token(**OURS | {"iss": "https://sso.arena.test/t"}, exp=later())
    with pytest.raises(SignInFailed) as refusal:
        identity_of(tokens("opaque", id_token), nonce="n")
    assert refusal.value.line == "SMARTDIALOG_ISSUER=https://sso.arena.test"

    settings.SMARTDIALOG_ISSUER = "https://sso.arena.test"
    assert identity_of(tokens("opaque", id_token), nonce="n").subject == "id-sub"


@pytest.mark.parametrize(
    ("body", "who"), [({"sub": "u-123", "oid": "o-123"}, "o-123"), ([1], None), ("<p>", None)]
)
def test_userinfo_says_who_it_is_where_tokens_do_not(settings, body, who):
    settings.SMARTDIALOG_USERINFO_URL = "https://sso.arena.test/userinfo"
    with responses.RequestsMock() as service:
        service.get(
            settings.SMARTDIALOG_USERINFO_URL, body=body if isinstance(body, str) else json.dumps(body)
        )
        if who:
            assert identity_of(tokens("opaque"), nonce="").object_id == who
        else:
            with pytest.raises(SignInFailed):
                identity_of(tokens("opaque"), nonce="")
