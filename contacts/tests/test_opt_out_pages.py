"""The page of opt-outs: who is on it, found and filtered; one number more; the list as a file."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact, Suppression
from gateway import clock
from tests.factories import make_contact, make_service, suppress
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
LIST, NEW, EXPORT = (reverse(f"opt_outs:{name}") for name in ("list", "new", "export"))
PHONE, OTHER = "+358401111111", "+358402222222"


def by_staff(person, **said) -> Evidence:
    return Evidence(ConsentSource.STAFF, by=person, **said)


def numbers_on(answer) -> list[str]:
    return [line.opt_out.phone for line in answer.context["page"].rows]


def exported(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_it_says_who_since_when_why_and_in_how_many_groups(kahvila, group, other, mikko, connected, vera):
    make_contact(group, phone=PHONE, first_name="Aino", last_name="Aalto")
    make_contact(other, phone=PHONE)
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko, words="Asked at the counter"))

    words = words_on(client_of(vera).get(LIST))

    assert "+358 40 1111111" in words
    assert "Aino Aalto" in words
    assert "Opted out by Mikko: Asked at the counter" in words
    assert "2 groups" in words
    assert "Helsinki" in words
    assert "1 number opted out" in words


def test_a_number_that_several_sources_stop_is_there_once_by_the_first_of_them(kahvila, mikko):
    suppress(kahvila, phone=PHONE)
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))

    answer = client_of(mikko).get(LIST)

    [line] = answer.context["page"].rows
    assert (line.opt_out.source, line.others) == (ConsentSource.MESSAGE, 1)
    assert "and 1 more reason" in words_on(answer)


def test_removed_ones_are_there_when_asked_for(kahvila, mikko):
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))
    opt_outs.allow(kahvila, PHONE, by_staff(mikko, words="Signed", dated=date(2026, 11, 12)))
    suppress(kahvila, phone=OTHER)
    browser = client_of(mikko)

    assert numbers_on(browser.get(LIST)) == [OTHER]
    everything = browser.get(LIST, {"removed": "yes"})

    assert numbers_on(everything) == [OTHER, PHONE]
    assert "2 opt-outs" in words_on(everything)


@pytest.mark.parametrize("q", ["040 111 1111", "+358401111111", "0401111", "aino", "aalto aino", "1111111"])
def test_a_number_is_found_in_any_spelling_and_by_a_name(q, kahvila, group, mikko):
    make_contact(group, phone=PHONE, first_name="Aino", last_name="Aalto")
    suppress(kahvila, phone=PHONE)
    suppress(kahvila, phone="+358503333333")

    assert numbers_on(client_of(mikko).get(LIST, {"q": q})) == [PHONE]


def test_one_person_under_two_spellings_is_there_once_and_found_by_both(kahvila, group, mikko):
    make_contact(group, phone="+541123456789", first_name="Aino")
    suppress(kahvila, phone="+5491123456789")

    answer = client_of(mikko).get(LIST, {"q": "+541123456789"})

    [line] = answer.context["page"].rows
    assert (line.opt_out.phone, line.name, line.groups, line.others) == ("+5491123456789", "Aino", 1, 0)


def test_it_is_filtered_by_source_and_the_address_says_so(kahvila, mikko):
    suppress(kahvila, phone=PHONE)
    opt_outs.opt_out(kahvila, OTHER, by_staff(mikko))

    answer = client_of(mikko).get(LIST, {"source": "staff"})

    assert numbers_on(answer) == [OTHER]
    assert answer.context["asked"].chosen() == {"source": "staff"}


def test_nobody_sees_another_customers_opt_outs(kahvila, outsider_oy, mikko):
    suppress(outsider_oy, phone=PHONE)
    theirs = Suppression.objects.get()

    assert numbers_on(client_of(mikko).get(LIST)) == []
    assert client_of(mikko).get(reverse("opt_outs:number", args=[theirs.pk])).status_code == 404


def test_empty_it_says_what_will_be_there(mikko):
    assert "Nobody has opted out" in words_on(client_of(mikko).get(LIST))


def test_a_search_that_finds_nobody_can_be_taken_back(kahvila, mikko):
    suppress(kahvila, phone=PHONE)

    assert "Show all" in words_on(client_of(mikko).get(LIST, {"q": "nobody"}))


def test_pages_hold_everybody_once_also_of_one_moment(kahvila, mikko, monkeypatch):
    monkeypatch.setattr("contacts.consent.opt_out_list.PAGE", 2)
    since = clock.now() - timedelta(days=1)
    phones = [f"+35840111111{digit}" for digit in range(5)]
    Suppression.objects.bulk_create(
        Suppression(customer=kahvila, phone=each, source="staff", since=since) for each in phones
    )
    browser, query, seen = client_of(mikko), {}, []
    while query is not None:
        page = browser.get(LIST, query).context["page"]
        seen += [line.opt_out.phone for line in page.rows]
        query = {"before": page.next} if page.next else None

    assert sorted(seen) == phones
    back = browser.get(LIST, {"after": page.previous}).context["page"]
    assert [line.opt_out.phone for line in back.rows] == seen[2:4]


def test_above_what_is_counted_at_once_the_count_comes_after_the_page(kahvila, mikko, monkeypatch):
    monkeypatch.setattr("contacts.consent.opt_out_list.PAGE", 2)
    monkeypatch.setattr("contacts.listing.counting.COUNT_LIMIT", 3)
    for number in range(5):
        suppress(kahvila, phone=f"+35840111111{number}")
    browser = client_of(mikko)

    assert "3+ numbers opted out" in words_on(browser.get(LIST))
    assert words_on(browser.get(reverse("opt_outs:count"))) == "5 5"


def test_many_cost_no_more_queries_than_few(kahvila, group, mikko, django_assert_num_queries):
    browser = client_of(mikko)

    def fill(first: int, most: int) -> None:
        for number in range(first, most):
            make_contact(group, phone=f"+3584011100{number:02}")
            suppress(kahvila, phone=f"+3584011100{number:02}")

    fill(0, 2)
    browser.get(LIST)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    fill(2, 20)
    with django_assert_num_queries(len(few)):
        browser.get(LIST)
    assert len(few) <= MAX_QUERIES


MAX_QUERIES = 8


def test_a_number_in_no_group_is_opted_out_with_why(kahvila, group, mikko):
    answer = client_of(mikko).post(NEW, {"phone": "040 111 1111", "words": "Wrote a letter"}, follow=True)

    assert Suppression.objects.get().reason == "Opted out by Mikko: Wrote a letter"
    assert numbers_on(answer) == [PHONE]
    assert AuditEvent.objects.get(verb="number.opted_out").actor == mikko


def test_a_number_in_groups_stops_in_them_at_once(kahvila, group, mikko, connected):
    make_contact(group, phone=PHONE)

    client_of(mikko).post(NEW, {"phone": PHONE})

    assert not Contact.objects.get().active


def test_of_a_number_that_may_be_two_it_asks_which(kahvila, group, mikko):
    make_service(kahvila, kind="Group", regions=["SE"])
    browser = client_of(mikko)

    asked = browser.post(NEW, {"phone": "040 1234567"})

    assert not Suppression.objects.exists()
    [first, second] = [phone for phone, _ in asked.context["form"].fields["which"].choices]
    browser.post(NEW, {"phone": "040 1234567", "which": second})
    assert Suppression.objects.get().phone == second
    assert "Sweden" in words_on(asked)
    assert first != second


def test_what_is_no_number_is_refused_with_the_reason(group, mikko):
    answer = client_of(mikko).post(NEW, {"phone": "12"})

    assert "This is too short to be a phone number." in words_on(answer)
    assert not Suppression.objects.exists()


def test_the_file_holds_what_the_list_shows_and_no_formula(kahvila, group, mikko, vera):
    make_contact(group, phone=PHONE, first_name="=HYPERLINK(1)")
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko, words="+cmd"))
    suppress(kahvila, phone=OTHER)

    text = exported(client_of(mikko).post(EXPORT, {"source": "staff"}))

    header, line = text.splitlines()
    assert header.startswith("Phone number;Name;Opted out;")
    assert line.startswith(f"{PHONE};'=HYPERLINK(1);")
    assert AuditEvent.objects.get(verb="opt_outs.exported").after == {"opt_outs": 1}
    assert client_of(vera).post(EXPORT).status_code == 403


def test_the_file_has_everybody_read_in_chunks(kahvila, mikko, monkeypatch):
    monkeypatch.setattr("contacts.consent.opt_out_list.CHUNK", 2)
    opt_outs.opt_out_many(kahvila, [f"+35840111111{digit}" for digit in range(5)], by_staff(mikko))

    assert len(exported(client_of(mikko).post(EXPORT)).splitlines()) == 6


def test_who_looks_only_gets_no_buttons(kahvila, vera):
    suppress(kahvila, phone=PHONE)

    words = words_on(client_of(vera).get(LIST))

    assert "Export" not in words
    assert "Opt out a number" not in words
