"""The pages of rules: who may, what is refused, what a trial says, and that lists ask a constant number."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from gateway.models import ServiceKind
from messaging.inbox.models import OfficeHours, Rule, RuleRun
from messaging.inbox.rules.keeping import MAX_RULES
from messaging.inbox.tests.conftest import of
from messaging.inbox.tests.rules import GOT_IT, hear
from messaging.overview.attention import attention_items
from tests.factories import make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

RULES, NEW, HOURS = "/inbox/rules/", "/inbox/rules/new/", "/inbox/rules/hours/"


def written(**fields):
    return {"name": "Out of hours", "when": "any", "label": "Late"} | fields


def test_an_admin_writes_a_rule_and_the_trail_says_so(aino, kahvila, mikko, connected):
    answered = client_of(aino).post(
        NEW, written(answer="Hei $(firstName)!", plain_answer="Hei!", carrier=mikko.pk, words="auki\nhours")
    )

    made = Rule.objects.get()
    assert answered.status_code == 302
    assert made.words == ["auki", "hours"]
    assert made.customer == kahvila
    assert AuditEvent.objects.get(verb="rule.created").after["answer"] == "Hei $(firstName)!"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"label": ""}, "Say what is to be done"),
        ({"answer": "Hei $(password)!", "carrier": "mikko"}, "is not known of every contact"),
        (
            {"answer": "Hei", "plain_answer": "$(firstName)", "carrier": "mikko"},
            "Nothing can be filled in here",
        ),
        ({"answer": "Hei"}, "Choose somebody who can send"),
        ({"answer": "x" * 481, "carrier": "mikko"}, "at most 480"),
        ({"group": "group", "carrier": "mikko"}, "Joining takes a word"),
        ({"group": "group", "words": "join", "carrier": "mikko"}, "Joining takes a word"),
        ({"words": "a*"}, "would fit almost any message"),
        ({"carrier": "vera", "answer": "Hei"}, "valid choice"),
        ({"assignee": "otto"}, "valid choice"),
        ({"name": "Taken"}, "Another rule has this name"),
    ],
)
def test_what_could_not_work_is_refused(aino, kahvila, mikko, vera, otto, fields, words):
    Rule.objects.create(customer=kahvila, name="Taken", label="x")
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    keys = {"mikko": mikko.pk, "vera": vera.pk, "otto": otto.pk, "group": group.pk}
    refused = client_of(aino).post(
        NEW, written(**{name: keys.get(each, each) for name, each in fields.items()})
    )

    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert Rule.objects.count() == 1


def test_another_customers_group_and_service_cannot_be_chosen(aino, trattoria):
    theirs = make_service(trattoria, kind=ServiceKind.GROUP)
    number = make_service(trattoria, kind=ServiceKind.TWO_WAY)
    said = written(words="join", says_nothing_else="on", group=theirs.pk, service=number.pk)

    assert client_of(aino).post(NEW, said).status_code == 422


def test_there_are_few_rules(aino, kahvila):
    Rule.objects.bulk_create(Rule(customer=kahvila, name=str(n), label="x") for n in range(MAX_RULES))
    client_of(aino).post(NEW, written())

    assert Rule.objects.count() == MAX_RULES


def test_a_name_that_somebody_else_has_just_given_is_refused(aino, kahvila, monkeypatch):
    monkeypatch.setattr("messaging.inbox.rules.forms.RuleForm.clean_name", lambda form: "Taken")
    Rule.objects.create(customer=kahvila, name="Taken", label="x")
    refused = client_of(aino).post(NEW, written())

    assert refused.status_code == 422
    assert "Another rule has this name" in refused.content.decode()


def test_rules_are_ordered_switched_edited_and_removed(aino, kahvila):
    client = client_of(aino)
    client.post(NEW, written(name="One"))
    client.post(NEW, written(name="Two"))
    one, two = Rule.objects.all()
    client.post(f"{RULES}{two.pk}/place/", {"way": "up"})
    client.post(f"{RULES}{two.pk}/place/", {"way": "up"})
    assert [each.name for each in Rule.objects.all()] == ["Two", "One"]

    client.post(f"{RULES}{one.pk}/state/", {"on": "0"})
    client.post(f"{RULES}{one.pk}/", written(name="Uno"))
    one.refresh_from_db()
    assert (one.name, one.is_on) == ("Uno", False)

    client.post(f"{RULES}{one.pk}/removal/")
    assert [each.name for each in Rule.objects.kept_by(kahvila)] == ["Two"]
    assert client.get(f"{RULES}{one.pk}/").status_code == 404
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"rule.created", "rule.changed", "rule.moved", "rule.switched", "rule.removed"} <= verbs


def test_a_trial_says_what_each_rule_would_do_and_changes_nothing(aino, rule):
    rule(name="First", words=["varaus"], answer="<b>Kiitos</b>")
    rule(name="Second", answer="Second")
    page = client_of(aino).get(RULES, {"text": "VARAUS kahdelle"}).content.decode()

    assert "Answers: “<bdi>&lt;b&gt;Kiitos&lt;/b&gt;</bdi>”" in page
    assert "Does not answer: a rule above it does." in page
    assert not RuleRun.objects.exists()


def test_a_trial_outside_office_hours(aino, rule):
    rule(name="Night", when="closed", answer=GOT_IT)
    client = client_of(aino)

    assert "No rule fits" in client.get(RULES, {"text": "Hei", "hours": "open"}).content.decode()
    assert "Answers:" in client.get(RULES, {"text": "Hei", "hours": "closed"}).content.decode()
    assert client.get(RULES, {"text": "x" * 5000}).status_code == 422


def test_office_hours_are_kept(aino, kahvila):
    said = {"zone": "Europe/Helsinki", "open_0": "on", "opens_0": "09:00", "closes_0": "17:00"}
    client_of(aino).post(HOURS, said | {"closed_dates": "2026-12-24"})

    hours = OfficeHours.objects.get(customer=kahvila)
    assert hours.days == [["09:00", "17:00"]] + [None] * 6
    assert hours.closed_dates == ["2026-12-24"]
    assert AuditEvent.objects.filter(verb="office_hours.changed").exists()
    assert client_of(aino).post(HOURS, {"zone": "Europe/Helsinki"}).status_code == 422


def test_the_list_asks_a_constant_number_of_queries(aino, rule, django_assert_max_num_queries):
    for _ in range(MAX_RULES):
        rule(label="x", answer="Hei")
    client = client_of(aino)
    client.get(RULES)
    with django_assert_max_num_queries(16):
        client.get(RULES)


def test_the_thread_tells_what_a_rule_did_and_undoes_it(rule, hook, mikko, vera):
    rule(name="Out of hours", label="Late", answer=GOT_IT)
    hear(hook)
    run = RuleRun.objects.get()
    client, undoing = client_of(mikko), reverse("inbox:rule_undoing", args=[run.pk])
    page = client.get(of(run.thread)).content.decode()
    assert "Answered by the rule <bdi>Out of hours</bdi>" in page
    assert "labelled Late, answered" in page

    assert client_of(vera).post(undoing).status_code == 403
    assert client.post(undoing).status_code == 302
    assert client.post(undoing).status_code == 302
    assert not run.thread.labels.exists()
    assert "Undone by <bdi>Mikko</bdi>" in client.get(of(run.thread)).content.decode()


def test_a_stranger_finds_no_rule_and_no_run(rule, hook, otto):
    made = rule(label="Late")
    hear(hook)
    type(otto).objects.filter(pk=otto.pk).update(role="admin")
    client = client_of(type(otto).objects.get(pk=otto.pk))

    assert client.get(f"{RULES}{made.pk}/").status_code == 404
    assert client.post(f"{RULES}{made.pk}/removal/").status_code == 404
    assert client.post(reverse("inbox:rule_undoing", args=[RuleRun.objects.get().pk])).status_code == 404


def test_an_admin_is_told_of_a_rule_whose_person_cannot_send(aino, kahvila, mikko, rule):
    rule(name="Night", answer=GOT_IT)
    titles = lambda: [each.title for each in attention_items(aino, kahvila)]  # noqa: E731
    assert "The rule Night answers nobody" not in titles()

    type(mikko).objects.filter(pk=mikko.pk).update(is_active=False)
    assert "The rule Night answers nobody" in titles()
    assert "Cannot send" in client_of(aino).get(RULES).content.decode()
