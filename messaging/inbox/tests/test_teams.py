"""Teams: a kitchen and a reception each have their own queue, which all of them see."""

import json

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.people import offboarding, user_admin
from gateway import clock
from gateway.models import LiveUpdate
from messaging.inbox.models import NotificationSettings, Rule, Team, Thread, ThreadState
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.notifications.due import letters
from messaging.inbox.rules import running
from messaging.inbox.team import teams, teamwork
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import THREADS, of, receive
from messaging.inbox.tests.rules import hear
from messaging.inbox.tests.test_team import make_another, shown
from messaging.inbox.threads import live_rows
from messaging.inbox.threads.thread_list import ThreadQuery, with_names, with_team
from tests.factories import make_connection
from tests.markup import markup
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

PAGE, NEW = "/inbox/teams/", "/inbox/teams/new/"


@pytest.fixture
def kitchen(kahvila, mikko) -> Team:
    team = Team.objects.create(customer=kahvila, name="Kitchen")
    team.members.add(mikko)
    return team


def give(thread: Thread, to, by) -> None:
    teamwork.assign(Thread.objects.filter(pk=thread.pk), customer=thread.customer, to=to, by=by)


def test_an_admin_makes_a_team_and_everybody_sees_who_is_in_it(kahvila, aino, mikko, vera):
    client_of(aino).post(NEW, {"name": " Kitchen ", "members": [mikko.pk]})

    team = Team.objects.get()
    assert (team.name, team.customer, [*team.members.all()]) == ("Kitchen", kahvila, [mikko])
    said = AuditEvent.objects.get(verb="team.created").after
    assert said == {"name": "Kitchen", "members": [str(mikko)]}
    assert str(mikko) in markup(client_of(vera).get(PAGE))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "kitchen"}, "Another team has this name"),
        ({"members": []}, "Choose one person at least"),
        ({"members": ["otto"]}, "not one of the available choices"),
        ({"members": ["vera"]}, "not one of the available choices"),
    ],
)
def test_a_team_that_could_not_work_is_refused(kitchen, aino, mikko, vera, otto, fields, words):
    keys = {"otto": otto.pk, "vera": vera.pk}
    asked = {"name": "Hall", "members": [mikko.pk]} | fields
    asked["members"] = [keys.get(each, each) for each in asked["members"]]

    refused = client_of(aino).post(NEW, asked)

    assert refused.status_code == 422
    assert words in markup(refused)
    assert Team.objects.get() == kitchen


def test_what_is_assigned_to_a_team_is_for_each_of_its_members(hook, thread, kitchen, mikko, aino):
    other = make_another(hook)
    client_of(aino).post(of(thread, "assignment"), {"team": kitchen.pk})

    thread.refresh_from_db()
    assert (thread.assignee, thread.team) == (None, kitchen)
    assert shown(mikko, who="me") == shown(aino, team=kitchen.pk) == [thread.pk]
    assert shown(aino, who="me") == []
    assert shown(aino, who="none") == [other.pk]
    assert AuditEvent.objects.get(verb="thread.assigned").after == {"to": "Kitchen"}
    assert "Kitchen" in markup(client_of(aino).get(THREADS))


def test_a_person_who_takes_a_thread_takes_it_from_the_team(thread, kitchen, mikko, aino):
    give(thread, kitchen, aino)
    client_of(mikko).post(of(thread, "assignment"), {"to": mikko.pk})

    thread.refresh_from_db()
    assert (thread.assignee, thread.team) == (mikko, None)


def test_ticked_threads_are_assigned_to_a_team(hook, thread, kitchen, mikko):
    other = make_another(hook)
    ticked = [f"{each.pk}:{each.newest_received}" for each in (thread, other)]

    client_of(mikko).post(reverse("inbox:bulk"), {"thread": ticked, "team": kitchen.pk})

    assert Thread.objects.filter(team=kitchen).count() == 2


def test_a_team_of_another_customer_is_out_of_reach(thread, mikko, aino, outsider_oy):
    theirs = Team.objects.create(customer=outsider_oy, name="Theirs")

    assert client_of(mikko).post(of(thread, "assignment"), {"team": theirs.pk}).status_code == 404
    assert client_of(aino).get(reverse("inbox:team", args=[theirs.pk])).status_code == 404
    assert "Theirs" not in markup(client_of(aino).get(PAGE))


def test_a_row_is_told_to_all_of_its_team(thread, kitchen, mikko, aino):
    give(thread, kitchen, aino)

    html = json.loads(live_rows.carry(thread.customer_id, [thread.pk]))["rows"][str(thread.pk)]

    assert f'team-{kitchen.pk} to-{mikko.pk}"' in html.replace(" service", '" service')
    assert "to-nobody" not in html


def test_the_team_narrows_lists_searches_and_counts(hook, thread, kitchen, mikko, aino):
    other = make_another(hook)
    receive(hook, sender=other.address, content="Milloin suljette?", timestamp="2026-11-24T14:00:00Z")
    give(thread, kitchen, aino)
    browser = client_of(mikko)

    found = browser.get(THREADS, {"q": "milloin team:kitchen"}).context["results"]
    assert [hit.message.thread_id for hit in found.hits] == [thread.pk]
    mine = next(each for each in browser.get(THREADS).context["filters"] if each.label == "Mine")
    assert mine.number == "1"
    kitchen.members.set([aino])
    mine = next(each for each in browser.get(THREADS).context["filters"] if each.label == "Mine")
    assert mine.number == ""


@pytest.mark.parametrize("leaves", ["deactivated", "viewer", "lost"])
@pytest.mark.parametrize("to", ["person", "team"])
def test_what_nobody_may_answer_any_more_is_unassigned(thread, kitchen, kahvila, mikko, aino, leaves, to):
    give(thread, mikko if to == "person" else kitchen, aino)
    assert shown(aino, who="none") == []

    if leaves == "lost":
        mikko.customers.remove(kahvila)
    else:
        fields = {"is_active": False} if leaves == "deactivated" else {"role": Role.VIEWER}
        type(mikko).objects.filter(pk=mikko.pk).update(**fields)

    [row] = with_names(Desk(kahvila), with_team(Thread.objects.all()))
    assert shown(aino, who="none") == [thread.pk]
    assert {*ThreadQuery(who="none").wanted(aino)} <= {*row.marks.split()}


def test_a_team_of_which_one_may_still_answer_keeps_its_threads(thread, kitchen, mikko, aino):
    kitchen.members.add(aino)
    give(thread, kitchen, aino)
    type(mikko).objects.filter(pk=mikko.pk).update(is_active=False)

    assert shown(aino, who="none") == []
    assert shown(aino, who="me") == [thread.pk]


def test_a_removed_team_leaves_its_threads_to_everybody(thread, kitchen, mikko, aino):
    give(thread, kitchen, mikko)
    LiveUpdate.objects.all().delete()

    client_of(aino).post(reverse("inbox:team_removal", args=[kitchen.pk]))

    assert shown(mikko, who="none") == [thread.pk]
    assert AuditEvent.objects.get(verb="team.removed").before["threads"] == 1
    assert LiveUpdate.objects.get().row == thread.pk, "open inboxes are sent it"


def test_a_team_to_which_a_rule_assigns_is_not_removed(kitchen, kahvila, aino):
    Rule.objects.create(customer=kahvila, name="Orders", team=kitchen)

    refused = client_of(aino).post(reverse("inbox:team_removal", args=[kitchen.pk]), follow=True)

    assert "Orders" in markup(refused)
    assert Team.objects.get() == kitchen


def test_a_rule_assigns_to_a_team_and_takes_it_back(hook, rule, kitchen, mikko):
    rule(words=["pizza"], team=kitchen)
    hear(hook, "Yksi pizza")

    thread = Thread.objects.get()
    run = thread.rule_runs.get()
    assert thread.team == kitchen
    assert run.did == ["assigned to Kitchen"]
    running.undo(run, by=mikko)
    thread.refresh_from_db()
    assert thread.team is None


def test_a_rule_assigns_to_no_team_that_cannot_answer(hook, rule, kitchen):
    kitchen.members.clear()
    rule(words=["pizza"], team=kitchen)
    hear(hook, "Yksi pizza")

    thread = Thread.objects.get()
    assert thread.team is None
    assert thread.rule_runs.get().left_undone == [
        "Not assigned. Whoever is in Kitchen cannot answer any more."
    ]


def test_a_rule_is_for_a_person_or_a_team(kitchen, aino, mikko):
    asked = {"name": "Orders", "when": "any", "assignee": mikko.pk, "team": kitchen.pk}
    assert "not both" in markup(client_of(aino).post("/inbox/rules/new/", asked))

    client_of(aino).post("/inbox/rules/new/", asked | {"assignee": ""})

    assert Rule.objects.get().team == kitchen


def test_a_wait_is_mailed_to_the_members(thread, kitchen, mikko, aino):
    give(thread, kitchen, aino)
    Thread.objects.update(unanswered_since=clock.after(-45 * 60))
    for person in (mikko, aino):
        NotificationSettings.objects.create(
            user=person, mail_waits=True, address=f"{person.pk}@kahvila.test", confirmed_at=clock.now()
        )

    assert [letter.to.user for letter in letters()] == [mikko]


def test_the_threads_of_who_leaves_are_told_of_and_handed_over(thread, kahvila, mikko, aino):
    liisa = make_person("Liisa", Role.MARKETER, kahvila)
    make_connection(liisa)
    give(thread, mikko, aino)
    user_admin.set_active(mikko, active=False, by=aino)

    page = client_of(aino).get(reverse("settings:person", args=[mikko.pk]))

    assert "1 conversation assigned to them" in markup(page)
    offboarding.hand_over(mikko, to=liisa, by=aino)
    assert shown(liisa, who="me") == [thread.pk]


def test_teams_cost_as_many_queries_for_many_threads_as_for_one(
    hook, thread, kitchen, mikko, django_assert_max_num_queries
):
    give(thread, kitchen, mikko)
    with django_assert_max_num_queries(34) as one:
        client_of(mikko).get(THREADS)
    for number in range(5):
        give(make_another(hook, f"+35840222222{number}"), kitchen, mikko)

    with django_assert_max_num_queries(len(one)):
        client_of(mikko).get(THREADS)


def test_a_team_keeps_a_member_who_cannot_answer_now(kitchen, mikko, aino):
    type(mikko).objects.filter(pk=mikko.pk).update(is_active=False)

    client_of(aino).post(
        reverse("inbox:team", args=[kitchen.pk]), {"name": "Kitchen", "members": [mikko.pk, aino.pk]}
    )

    assert {*kitchen.members.all()} == {mikko, aino}
    assert teams.of_customer(kitchen.customer) == [kitchen]


def test_what_somebody_just_did_is_not_told_as_done(thread, mikko, monkeypatch):
    """Between the look and the lock another worker woke it, or a colleague marked it as done."""
    teamwork.snooze(thread, until=clock.after(-5), seen=thread.newest_received, by=mikko)
    lock = ThreadQuerySet.select_for_update

    def lock_too_late(self, **options):
        Thread.objects.update(state=ThreadState.CLOSED)
        return lock(self, **options)

    monkeypatch.setattr(ThreadQuerySet, "select_for_update", lock_too_late)

    assert teamwork.wake_snoozed() == 0
    assert not AuditEvent.objects.filter(verb="thread.woke").exists()
