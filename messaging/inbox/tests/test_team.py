"""A team at work: assigned, labelled, snoozed, noted, finished, and nobody trips over anybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role
from gateway import clock
from messaging.inbox.models import Direction, Label, Mention, Message, Note, Thread, ThreadState
from messaging.inbox.team import notes, presence, teamwork
from messaging.inbox.team.notes import UnclearMention
from messaging.inbox.tests.conftest import HTMX, THREADS, answer, of, receive
from messaging.inbox.threads import conversations
from tests.markup import markup
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db


def shown(person, **query) -> list[int]:
    return [row.thread.pk for row in client_of(person).get(THREADS, query).context["page"].rows]


def make_another(hook, sender: str = "+358402222222") -> Thread:
    receive(hook, sender=sender, content="Moi")
    return Thread.objects.get(address=sender)


def test_who_writes_waits_until_we_answer_and_our_turn_passes_to_them(hook, thread, mikko):
    first = thread.messages.get()
    receive(hook, content="Huhuu?", timestamp="2026-11-24T13:00:00Z")
    thread.refresh_from_db()
    assert thread.unanswered_since == first.at, "since their first word"

    answer(thread, mikko)

    thread.refresh_from_db()
    assert thread.unanswered_since is None
    assert shown(mikko, show="theirs") == [thread.pk]
    receive(hook, content="Kiitos!", timestamp="2026-11-24T14:00:00Z")
    assert shown(mikko, show="waiting") == [thread.pk]


def test_who_has_waited_longest_comes_first_where_that_is_asked_for(hook, thread, mikko):
    later = make_another(hook)
    Thread.objects.filter(pk=later.pk).update(unanswered_since=clock.now())

    assert shown(mikko, show="waiting") == [thread.pk, later.pk]


def test_what_asks_for_no_more_messages_waits_for_nobody(hook, thread, mikko):
    answer(thread, mikko)
    receive(hook, content="STOP", timestamp="2026-11-24T14:00:00Z")

    thread.refresh_from_db()
    assert not thread.is_waiting


def test_stop_after_a_question_leaves_the_question_unanswered(hook, thread):
    receive(hook, content="STOP", timestamp="2026-11-24T14:00:00Z")

    thread.refresh_from_db()
    assert thread.is_waiting


def test_a_thread_is_assigned_and_found_by_whose_it_is(hook, thread, mikko, aino):
    other = make_another(hook)
    client_of(mikko).post(of(thread, "assignment"), {"to": aino.pk})

    assert shown(aino, who="me") == [thread.pk]
    assert shown(mikko, who="me") == []
    assert shown(mikko, who=aino.pk) == [thread.pk]
    assert shown(mikko, who="none") == [other.pk]
    event = AuditEvent.objects.get(verb="thread.assigned")
    assert (event.actor, event.after) == (mikko, {"to": "Aino"})


def test_what_was_assigned_to_somebody_who_left_is_nobodys(thread, mikko, aino):
    teamwork.assign(Thread.objects.all(), customer=thread.customer, to=aino, by=mikko)
    aino.is_active = False
    aino.save()

    assert shown(mikko, who="none") == [thread.pk]


@pytest.mark.parametrize("who", ["vera", "otto", "nina"])
def test_nobody_who_cannot_answer_is_given_a_thread(thread, mikko, request, who):
    person = request.getfixturevalue(who)

    assert client_of(mikko).post(of(thread, "assignment"), {"to": person.pk}).status_code == 404
    thread.refresh_from_db()
    assert thread.assignee is None


def test_a_label_is_made_once_found_by_and_gone_with_its_last_thread(hook, thread, mikko):
    other = make_another(hook)
    browser = client_of(mikko)
    for each, name in [(thread, "VIP"), (other, " vip ")]:
        browser.post(of(each, "labels"), {"name": name})
    label = Label.objects.get()

    assert label.name == "VIP"
    assert set(shown(mikko, label=label.pk)) == {thread.pk, other.pk}
    for each in [thread, other]:
        browser.post(of(each, "labels"), {"off": label.pk})
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("\0", []), ("a\0b", ["ab"]), (" \0 ", []), ("\u034f\u2800\u3164", []), ("V\u200bI\u202eP", ["VIP"])],
)
def test_a_label_holds_nothing_that_nobody_sees(thread, mikko, name, kept):
    client_of(mikko).post(of(thread, "labels"), {"name": name})

    assert list(Label.objects.values_list("name", flat=True)) == kept


def test_a_label_of_another_customer_is_out_of_reach(thread, mikko, outsider_oy):
    label = Label.objects.create(customer=outsider_oy, name="Theirs")

    assert client_of(mikko).post(of(thread, "labels"), {"off": label.pk}).status_code == 404
    assert "Theirs" not in markup(client_of(mikko).get(of(thread)))


def test_a_snoozed_thread_is_away_and_comes_back_by_itself_waiting_for_us(thread, mikko, monkeypatch):
    answer(thread, mikko)
    client_of(mikko).post(of(thread, "snoozing"), {"choice": "hours", "newest": thread.newest_received})
    thread.refresh_from_db()
    assert thread.state == ThreadState.SNOOZED
    assert (shown(mikko), shown(mikko, show="snoozed")) == ([], [thread.pk])
    assert teamwork.wake_snoozed() == 0, "not yet"

    due = thread.snoozed_until
    monkeypatch.setattr(clock, "now", lambda: due + timedelta(seconds=1))
    assert teamwork.wake_snoozed() == 1
    thread.refresh_from_db()
    assert (thread.state, thread.unanswered_since) == (ThreadState.OPEN, due)
    assert teamwork.wake_snoozed() == 0


def test_what_was_written_meanwhile_keeps_a_thread_from_being_snoozed(hook, thread, mikko):
    form = {"choice": "hours", "newest": thread.newest_received}
    receive(hook, content="Odota!", timestamp="2026-11-24T14:00:00Z")

    page = markup(client_of(mikko).post(of(thread, "snoozing"), form, follow=True))

    assert "They wrote meanwhile" in page
    thread.refresh_from_db()
    assert thread.is_open
    assert page.count(f'name="newest" value="{thread.newest_received}"') == 4


def test_a_message_ends_a_snooze(hook, thread, mikko):
    teamwork.snooze(thread, until=clock.after(3600), seen=thread.newest_received, by=mikko)

    receive(hook, content="Vielä yksi asia", timestamp="2026-11-24T14:00:00Z")

    thread.refresh_from_db()
    assert (thread.state, thread.snoozed_until) == (ThreadState.OPEN, None)


@pytest.mark.parametrize(
    "form", [{}, {"choice": "never"}, {"at": "2020-01-01T08:00"}, {"at": "2999-01-01T08:00"}]
)
def test_a_snooze_without_a_time_that_can_be_is_asked_about(thread, mikko, form):
    page = client_of(mikko).post(of(thread, "snoozing"), form, follow=True)

    assert "Choose when the conversation comes back" in markup(page)
    thread.refresh_from_db()
    assert thread.is_open


def test_done_goes_on_with_the_next_thread_of_the_list(hook, thread, mikko):
    older, oldest = make_another(hook, "+358402222222"), make_another(hook, "+358403333333")
    for number, each in enumerate([thread, older, oldest]):
        Thread.objects.filter(pk=each.pk).update(last_message_at=clock.now() - timedelta(minutes=number))

    def done(each: Thread) -> str:
        form = {"state": "closed", "newest": Thread.objects.get(pk=each.pk).newest_received}
        return client_of(mikko).post(of(each, "state") + "?show=all", form).headers["Location"]

    assert done(older) == of(oldest) + "?show=all"
    Thread.objects.filter(state=ThreadState.CLOSED).delete()
    assert done(oldest) == of(thread) + "?show=all", "from the end, back"
    Thread.objects.filter(pk=oldest.pk).delete()
    assert done(thread) == f"{THREADS}?show=all"


@pytest.mark.parametrize("said", [{}, {"label": ""}, {"do": ""}, {"do": "x"}])
def test_what_is_ticked_is_not_done_unless_that_was_pressed(thread, mikko, said):
    ticked = {"thread": f"{thread.pk}:{thread.newest_received}"}

    page = client_of(mikko).post(reverse("inbox:bulk"), ticked | said, follow=True)

    assert "Choose what to do with them." in markup(page)
    thread.refresh_from_db()
    assert thread.is_open


def test_what_was_written_meanwhile_keeps_a_thread_open(hook, thread, mikko):
    seen = thread.newest_received
    receive(hook, content="Odota!", timestamp="2026-11-24T14:00:00Z")

    page = client_of(mikko).post(of(thread, "state"), {"state": "closed", "newest": seen}, follow=True)

    assert "They wrote meanwhile" in markup(page)
    thread.refresh_from_db()
    assert thread.is_open


def test_many_are_done_assigned_and_labelled_at_once_but_none_that_somebody_wrote_in(
    hook, thread, mikko, aino
):
    other = make_another(hook)
    ticked = {"thread": [f"{each.pk}:{each.newest_received}" for each in [thread, other]]}
    browser = client_of(mikko)

    browser.post(reverse("inbox:bulk"), ticked | {"assign": aino.pk})
    browser.post(reverse("inbox:bulk"), ticked | {"label": "VIP"})
    receive(hook, content="Odota!", timestamp="2026-11-24T14:00:00Z")
    page = browser.post(reverse("inbox:bulk"), ticked | {"do": "done"}, follow=True)

    assert Thread.objects.filter(assignee=aino, labels__name="VIP").count() == 2
    assert "1 marked as done. 1 left: somebody wrote meanwhile." in markup(page)
    assert Thread.objects.closed().get() == other


def test_nothing_of_another_customer_is_done_by_ticking_it(thread, otto):
    client_of(otto).post(reverse("inbox:bulk"), {"thread": f"{thread.pk}:999", "do": "done"})

    thread.refresh_from_db()
    assert thread.is_open


def test_a_note_is_for_colleagues_is_never_sent_and_reaches_who_is_mentioned(thread, mikko, aino, vera, otto):
    page = client_of(mikko).post(of(thread, "notes"), {"text": "@aino tietääkö Vera? a@vera.fi"}, follow=True)

    assert "Saved. Aino will see it." in markup(page)
    assert Message.objects.filter(direction=Direction.OUT).count() == 0
    assert (Mention.objects.get().user, Note.objects.get().author) == (aino, mikko)
    assert shown(aino, show="mentions") == [thread.pk]
    assert shown(vera, show="mentions") == []
    assert "tietääkö" in markup(client_of(vera).get(of(thread)))
    assert client_of(otto).get(of(thread)).status_code == 404
    client_of(aino).post(of(thread, "read_marker"), {"newest": thread.newest_received})
    assert shown(aino, show="mentions") == []


def test_a_mention_in_an_answered_thread_is_seen_when_the_thread_is_opened(thread, mikko, aino):
    conversations.mark_read(thread, newest=thread.newest_received, by=aino)
    answer(thread, mikko)
    notes.write(thread, "@aino hoidatko?", by=mikko)
    browser = client_of(aino)

    opened = markup(browser.get(of(thread)))

    assert of(thread, "read_marker") in opened
    assert of(thread, "read_marker") not in markup(client_of(mikko).get(of(thread))), "it is not for him"
    browser.post(of(thread, "read_marker"), {"newest": thread.newest_received})
    assert shown(aino, show="mentions") == []
    assert of(thread, "read_marker") not in markup(browser.get(of(thread)))


def test_a_note_that_is_pressed_twice_is_one_and_said_again_later_another(thread, mikko, aino, later):
    for _ in range(2):
        notes.write(thread, "@aino soita heille", by=mikko)
    notes.write(thread, "@aino soita heille", by=aino)
    assert Note.objects.count() == 2

    later(60)
    notes.write(thread, "@aino soita heille", by=mikko)
    assert Note.objects.count() == 3


def test_what_the_team_does_is_looked_at_again_when_nobody_knows_what_changed(thread, mikko):
    page = markup(client_of(mikko).get(of(thread)))

    assert "live from:closest [data-live]," in page.split('id="look"')[1].split(">")[0]


def test_a_list_of_mentions_is_kept_as_the_stream_says(thread, mikko):
    assert "data-thread-rows" in markup(client_of(mikko).get("/inbox/?show=mentions"))


def test_a_name_that_two_people_have_is_asked_about(thread, kahvila, mikko):
    for name in ["Liisa Aalto", "Liisa Lahti"]:
        make_person(name, mikko.role, kahvila)

    with pytest.raises(UnclearMention, match="@Liisa Aalto or @Liisa Lahti"):
        notes.write(thread, "Kysy @liisa", by=mikko)
    part = client_of(mikko).post(of(thread, "notes"), {"text": "Kysy @liisa"}, **HTMX, HTTP_HX_TARGET="work")
    assert "Several people have that name" in markup(part)
    assert "Kysy @liisa" in markup(part), "the words are kept"
    assert not Note.objects.exists()
    assert [str(user) for user in notes.write(thread, "Kysy @Liisa  Lahti, kiitos", by=mikko)] == [
        "Liisa Lahti"
    ]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.VIEWER}])
def test_who_writes_a_note_hears_of_those_it_names_who_are_not_told(thread, mikko, aino, change):
    type(aino).objects.filter(pk=aino.pk).update(**change)

    page = client_of(mikko).post(of(thread, "notes"), {"text": "@Aino katso, info@x.fi"}, follow=True)

    assert "Aino is not told: they cannot answer here." in markup(page)
    assert Note.objects.get().text == "@Aino katso, info@x.fi"
    assert not Mention.objects.exists()


def test_a_sign_before_what_is_nobodys_name_is_said_nothing_of(thread, mikko, otto, vera):
    for text in ["@Otto", "@kaikki", "a@Vera", "@, Vera @", "@Verandalla"]:
        assert notes.missed_in(text, thread.customer) == []
    assert notes.missed_in("Kysy @VERA!", thread.customer) == [vera]


def test_who_is_writing_is_seen_by_others_and_forgotten_when_they_send_or_stop(
    thread, mikko, aino, monkeypatch
):
    client_of(mikko).post(of(thread, "writing"))

    assert "Mikko is answering" in markup(client_of(aino).get(of(thread)))
    assert "is answering" not in markup(client_of(mikko).get(of(thread)))
    client_of(mikko).post(of(thread, "replies"), {"content": "Kello 9.", "key": uuid4()})
    assert presence.writing_in([thread.pk]) == []
    presence.is_writing(thread, by=mikko)
    later = clock.after(20)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert presence.writing_in([thread.pk]) == []


def test_unread_again_is_for_oneself_alone(thread, mikko, aino):
    for person in [mikko, aino]:
        conversations.mark_read(thread, newest=thread.newest_received, by=person)

    client_of(mikko).post(of(thread, "unread_marker"))

    assert shown(mikko, show="unread") == [thread.pk]
    assert shown(aino, show="unread") == []


def test_a_view_is_saved_with_its_count_for_oneself_alone(thread, mikko, aino):
    browser = client_of(mikko)
    browser.post(reverse("inbox:views") + "?show=waiting&who=none", {"name": "Free"})

    def saved_views(of):
        return [each for each in of.get(THREADS).context["filters"] if each.pk]

    [saved] = saved_views(browser)
    assert (saved.label, saved.query, saved.number) == ("Free", "?show=waiting&who=none", "1")
    removal = reverse("inbox:view_removal", args=[saved.pk])
    assert saved_views(client_of(aino)) == []
    assert client_of(aino).post(removal).status_code == 404
    browser.post(removal)
    assert saved_views(browser) == []


def test_each_sees_how_many_are_their_own(hook, thread, mikko, aino, otto):
    def mine(person) -> str:
        return client_of(person).get(THREADS).context["filters"][1].number

    for _ in range(2):
        assert (mine(mikko), mine(aino), mine(otto)) == ("", "", "")
    for each, to in [
        (thread, mikko),
        (make_another(hook), aino),
        (make_another(hook, "+358403333333"), aino),
    ]:
        teamwork.assign(Thread.objects.filter(pk=each.pk), customer=thread.customer, to=to, by=mikko)

    assert (mine(mikko), mine(aino), mine(otto)) == ("1", "2", "")
