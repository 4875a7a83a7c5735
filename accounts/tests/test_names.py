import pytest

from accounts.models import AuditEvent, User
from accounts.people import renaming
from accounts.people.renaming import NameRefused
from accounts.trail import audit, timeline
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "Aino",
        "AINO",
        " aino ",
        "A i n o",
        "Ai\u200bno",
        "А\u0456no",  # Cyrillic
        "Ａｉｎｏ",
        "Aíno",
        "Alno",
        "Aino.",
        "\u202eAino",
        "Ain0",
        "Ai\u3164no",  # a letter that nobody sees
        "\u13aaino",  # Cherokee
        "\u13aa\u13a5\u13c1\u13be",
        "\ua4eeino",  # Lisu
        "ΑΙΝΟ",  # Greek, all of it, as the next
        "Αιηο",
        "ᴀɪɴᴏ",
        "Ainø",
        "Aiոo",  # Armenian
        "Ain\u1d11",
    ],
)
def test_nobody_takes_a_name_that_looks_like_anothers(aino, mikko, name):
    with pytest.raises(NameRefused):
        renaming.rename(mikko, name)

    mikko.refresh_from_db()
    assert mikko.name == "Mikko"


@pytest.mark.parametrize(
    "name",
    [
        "SmartDialog Admin",
        "smartdialog  admin",
        "SmartDia1og Admin",
        "The SmartDialog Admin",
        "system",
        "SΥSΤΕΜ",
        "ΑDΜΙΝ",
        "ꜱmartᴅialog",
        "🙂",
        "—",
    ],
)
def test_nobody_is_called_like_the_dashboard_or_nothing_at_all(mikko, name):
    with pytest.raises(NameRefused):
        renaming.rename(mikko, name)


@pytest.mark.parametrize(
    "name",
    ["Νίκος Παπαδόπουλος", "Анна Петрова", "王小明 Ming", "さくらサクラ桜", "Jørgen Ñuñez", "O\u02bcBrien-Ş"],
)
def test_people_are_called_as_they_are_in_any_alphabet(aino, mikko, name):
    renaming.rename(mikko, name)

    mikko.refresh_from_db()
    assert mikko.name == name


def test_capitals_make_no_other_name_of_one_whose_capitals_look_otherwise(aino, mikko):
    renaming.rename(aino, "Νίκος")

    with pytest.raises(NameRefused):
        renaming.rename(mikko, "νίκος")


def test_the_page_says_so_and_keeps_what_was_there(aino, mikko):
    answer = client_of(mikko).post("/preferences/", {"name": "Aino", "time_zone": "Europe/Rome"})

    mikko.refresh_from_db()
    assert b"looks like it" in answer.content
    assert (mikko.name, mikko.time_zone) == ("Mikko", "Europe/Helsinki")


def test_a_change_of_name_is_audited(mikko):
    client_of(mikko).post("/preferences/", {"name": "Mikko M", "time_zone": "Europe/Helsinki"})

    event = AuditEvent.objects.get(verb="person.renamed")
    assert (event.actor, event.before["name"], event.after["name"]) == (mikko, "Mikko", "Mikko M")


def test_a_name_that_the_sign_in_says_cannot_be_changed_here(mikko):
    renaming.follow_sign_in(mikko, "Mikko Mäkinen")

    client_of(mikko).post("/preferences/", {"name": "Somebody", "time_zone": "Europe/Rome"})

    mikko.refresh_from_db()
    assert (mikko.name, mikko.time_zone) == ("Mikko Mäkinen", "Europe/Rome")


def test_two_people_of_one_name_are_told_apart(aino, mikko):
    renaming.follow_sign_in(mikko, "Aino")
    renaming.follow_sign_in(mikko, "Aino")

    assert mikko.name == "Aino (2)"
    assert AuditEvent.objects.filter(verb="person.renamed").count() == 1


def test_a_sign_in_that_says_the_dashboards_name_gives_none(mikko):
    renaming.follow_sign_in(mikko, "SmartDialog Admin")

    assert mikko.name == "Mikko"


def test_of_two_who_take_a_name_at_once_the_database_lets_one(aino, mikko, monkeypatch):
    monkeypatch.setattr(renaming, "is_free", lambda *_, **__: True)

    with pytest.raises(NameRefused):
        renaming.rename(mikko, "Aino")

    assert str(mikko) == "Mikko"


def test_the_timeline_names_a_person_whatever_they_are_called(kahvila, mikko):
    User.objects.filter(pk=mikko.pk).update(name=audit.SYSTEM_ACTOR)
    mikko.refresh_from_db()
    audit.record(actor=mikko, customer=kahvila, verb="x", subject=mikko)
    audit.record(actor=None, customer=kahvila, verb="x", subject=mikko)

    steps = timeline.steps(mikko, customer=kahvila, words={"x": ("Done", "neutral")})

    assert [step.who for step in steps] == [audit.SYSTEM_ACTOR, ""]
