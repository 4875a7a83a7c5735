"""Search: what is found, by what, in which order, on both databases."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from contacts.text.full_text_search import words_of
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.search import hits, named_people, people_search, results, word_shares
from messaging.inbox.search.results import PAGE_SIZE, search
from messaging.inbox.search.words import Asked, kept_words
from messaging.inbox.team import notes, teamwork
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import ANNA, HTMX, JUNK, THREADS, of, receive
from tests.factories import make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

LAURI = "+358402222222"


@pytest.fixture
def talk(hook, thread, kahvila) -> dict[str, int]:
    """Two people, each with some messages; by their text."""
    group = make_service(kahvila, kind="group")
    make_contact(group, phone=ANNA, first_name="Anna", last_name="Kettunen")
    make_contact(group, phone=LAURI, first_name="Lauri", last_name="Lahti")
    texts = {
        "Tulen mielelläni lauantaina": ANNA,
        "Mielelläni, mutta vasta sunnuntaina": LAURI,
        "Alennus on 50% vai 5%?": ANNA,
        "Tilausnumero AB_1234, kiitos paljon": LAURI,
        "Paljon kiitoksia": ANNA,
        "Ok": LAURI,
    }
    for number, (text, sender) in enumerate(texts.items()):
        receive(hook, sender=sender, content=text, timestamp=f"2026-11-25T10:{number:02}:00Z")
    return dict(Message.objects.values_list("content", "pk"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mielelläni", ["Mielelläni, mutta vasta sunnuntaina", "Tulen mielelläni lauantaina"]),
        ("MIELELLANI", ["Mielelläni, mutta vasta sunnuntaina", "Tulen mielelläni lauantaina"]),
        ("mielel laua", ["Tulen mielelläni lauantaina"]),
        ("Kettunen mielelläni", ["Tulen mielelläni lauantaina"]),
        ("mielelläni kettunen", ["Tulen mielelläni lauantaina"]),
        ("anna kettunen lauantaina", ["Tulen mielelläni lauantaina"]),
        ("Lahti lauantaina", []),
        ('"kiitos paljon"', ["Tilausnumero AB_1234, kiitos paljon"]),
        ('"paljon kiitos"', []),
        ("kiit paljon", ["Paljon kiitoksia", "Tilausnumero AB_1234, kiitos paljon"]),
        ("%", ["Alennus on 50% vai 5%?"]),
        ("50%", ["Alennus on 50% vai 5%?"]),
        ("0%1", []),
        ("_", ["Tilausnumero AB_1234, kiitos paljon"]),
        ("AB_1234", ["Tilausnumero AB_1234, kiitos paljon"]),
        ("AB%1234", []),
        ("ok", ["Ok"]),
        ("o k", []),
        ("'", []),
        ('"', []),
        ("ilma", []),
    ],
)
def test_messages_are_found_newest_first(talk, kahvila, text, found):
    assert [hit.message.content for hit in search(Desk(kahvila), text).hits] == found


def name_in(monkeypatch, shares: Callable[[str], float]) -> None:
    """As if the statistics knew so of the words of contacts."""
    monkeypatch.setattr(named_people, "_shares", lambda words: {word: shares(word) for word in words})


@pytest.mark.parametrize("share", [0, 0.01, 1])
@pytest.mark.parametrize(("few", "of_sample"), [(500, 100), (0, 100), (500, 0)])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna kettunen lauantaina", ["Tulen mielelläni lauantaina"]),
        ("kettunen lauantaina mielelläni", ["Tulen mielelläni lauantaina"]),
        ("lauri kiitos", ["Tilausnumero AB_1234, kiitos paljon"]),
        ("anna kiit", ["Paljon kiitoksia"]),
        ("lauri lauantaina", []),
        ("anna lahti kiitos", []),
    ],
)
def test_names_are_told_from_words_however_many_people_bear_them(
    talk, kahvila, monkeypatch, few, of_sample, share, text, found
):
    """`of_sample`: more than so many are many, where the word is common."""
    for module in [results, named_people]:
        monkeypatch.setattr(module, "FEW", few)
    name_in(monkeypatch, lambda word: share)
    monkeypatch.setattr(people_search, "MANY_OF_SAMPLE", of_sample)

    assert [hit.message.content for hit in search(Desk(kahvila), text).hits] == found


def test_a_word_of_the_person_may_be_said_in_the_message_as_well(hook, thread, kahvila):
    make_contact(make_service(kahvila, kind="group"), phone=ANNA, first_name="Anna", city="Tampere")
    receive(hook, sender=ANNA, content="Tulen Tampere-taloon", timestamp="2026-11-25T10:00:00Z")

    assert [hit.message.content for hit in search(Desk(kahvila), "anna tampere").hits] == [
        "Tulen Tampere-taloon"
    ]


@pytest.mark.parametrize(
    "text", ["040 1111111", "+358 40 111 1111", "358401111111", "0401111111", "1111111", "0401"]
)
def test_a_number_is_found_in_any_spelling_and_by_its_beginning_or_end(talk, kahvila, text):
    assert ANNA in [row.thread.address for row in search(Desk(kahvila), text).people]


@pytest.mark.parametrize("common", [{"anna"}, {"kett"}, {"anna", "kett"}, set()])
def test_people_are_found_by_common_names_and_rare_ones(talk, kahvila, monkeypatch, common):
    name_in(monkeypatch, lambda word: 1 if word in common else 0)

    assert [row.name for row in search(Desk(kahvila), "anna kett").people] == ["Anna Kettunen"]
    assert search(Desk(kahvila), "anna lahti").people == []


def test_people_come_by_name_with_their_threads_also_done_ones(talk, kahvila, mikko):
    anna = Thread.objects.get(address=ANNA)
    teamwork.finish(Thread.objects.all(), {anna.pk: 2**60}, customer=kahvila, by=mikko)

    assert [row.name for row in search(Desk(kahvila), "kett").people] == ["Anna Kettunen"]
    assert search(Desk(kahvila), "mielelläni").people == []


def test_notes_and_labels_are_found(talk, kahvila, mikko):
    anna = Thread.objects.get(address=ANNA)
    notes.write(anna, "Soita hänelle maanantaina", by=mikko)
    teamwork.add_label(Thread.objects.all(), "Reklamaatio", customer=kahvila, by=mikko)

    assert [hit.note.text for hit in search(Desk(kahvila), "maanan").notes] == ["Soita hänelle maanantaina"]
    assert [label.name for label in search(Desk(kahvila), "rekla").labels] == ["Reklamaatio"]


def test_nothing_of_another_customer_is_found(talk, outsider_oy, otto):
    for text in ["mielelläni", "kettunen", "040 1111111", "%", "ok"]:
        assert search(Desk(outsider_oy), text).is_empty
    assert "mielelläni" not in markup(client_of(otto).get(THREADS, {"q": "lauantaina"}))


def test_pages_of_hits_follow_each_other_without_a_gap(thread, kahvila):
    Message.objects.bulk_create(
        Message(
            thread=thread,
            direction=Direction.IN,
            content=f"kuitti {number}",
            search_text=kept_words(kahvila.pk, f"kuitti {number}"),
            at=thread.last_message_at,
        )
        for number in range(PAGE_SIZE * 2 + 5)
    )
    found, before = [], 0
    while page := search(Desk(kahvila), "kuit", before=before):
        found += [hit.message.content for hit in page.hits]
        if not (before := page.next):
            break

    assert found == [f"kuitti {number}" for number in reversed(range(PAGE_SIZE * 2 + 5))]


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("budget", [0.1, -1])
def test_stages_find_the_same_as_all_at_once_or_say_how_far_they_looked(thread, kahvila, monkeypatch, budget):
    monkeypatch.setattr(hits, "BUDGET", budget)
    words = kept_words(kahvila.pk, "kuitti")
    keys = [1 + number * 40_000 + 10**9 for number in range(60)]
    Message.objects.bulk_create(
        Message(pk=key, thread=thread, direction=Direction.IN, search_text=words, at=thread.last_message_at)
        for key in keys
    )
    found, before = [], 0
    for _ in range(len(keys)):
        page = hits.newest_hits(kahvila.pk, Asked.parse("kuitti"), most=20, before=before)
        found += page.keys
        before = page.looked_back_to or (page.keys[-1] if page.keys else 0)
        if not before or budget < 0:
            break

    assert found == (keys[::-1] if budget > 0 else [])
    assert (budget > 0) or page.looked_back_to


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("common", [0, 2])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mielel laua", ["Tulen mielelläni lauantaina"]),
        ("kiit paljon", ["Paljon kiitoksia", "Tilausnumero AB_1234, kiitos paljon"]),
        ('"kiitos paljon"', ["Tilausnumero AB_1234, kiitos paljon"]),
        ("paljon olematonta", []),
    ],
)
def test_rare_and_common_words_find_the_same(talk, kahvila, outsider_oy, monkeypatch, common, text, found):
    """Whichever of the words, and of the customers, the index is asked for."""
    for walked in ["LOOKED_AT", "OF_COMMON_WORDS"]:
        monkeypatch.setattr(hits, walked, 0)
    monkeypatch.setattr(hits, "COMMON", common)

    assert [hit.message.content for hit in search(Desk(kahvila), text).hits] == found
    assert search(Desk(outsider_oy), text).is_empty


@pytest.mark.only_on("postgresql")
def test_a_word_is_as_common_as_the_rows_that_have_it_or_begin_so(thread):
    words = ["kiitos", "kiitoksia", "kiitos", "muuta"] * 25
    Message.objects.bulk_create(
        Message(thread=thread, direction=Direction.IN, search_text=f"@1 {word}", at=thread.last_message_at)
        for word in words
    )
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inbox_message")
    shares = word_shares.shares_of([("kiit", True), ("kiitos", False)], index="inbox_message_words")

    assert shares == {"kiit": pytest.approx(0.75, abs=0.02), "kiitos": pytest.approx(0.5, abs=0.02)}
    cache.clear()


@pytest.mark.only_on("postgresql")
def test_what_many_of_the_newest_hold_is_found_without_the_index(thread, kahvila):
    customer, another = kahvila.pk, kahvila.pk * 10 + 1
    kept = [(customer, "kuitti"), (another, "kuitti"), (customer, "muuta")] * 5
    texts = [kept_words(*each) for each in kept]
    made = Message.objects.bulk_create(
        Message(thread=thread, direction=Direction.IN, search_text=text, at=thread.last_message_at)
        for text in texts
    )
    with CaptureQueriesContext(connection) as captured:
        found = hits.newest_hits(kahvila.pk, Asked.parse("kui"), most=4)

    assert found.keys == [each.pk for each in made[::3]][:0:-1]
    assert not [each for each in captured if "MATERIALIZED" in each["sql"]]


@pytest.mark.only_on("postgresql")
def test_a_stage_asks_the_index_of_words(talk, kahvila):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        cursor.execute("SET enable_seqscan = off")
        hits.newest_hits(kahvila.pk, Asked.parse("mielelläni"), most=20)
        (query,) = [each["sql"] for each in captured if "MATERIALIZED" in each["sql"]]
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")

    assert "inbox_message_words" in plan


@pytest.mark.only_on("sqlite")
def test_sqlite_keeps_its_index_by_triggers_that_no_migration_dropped(talk, kahvila):
    Message.objects.filter(pk=talk["Ok"]).update(search_text=kept_words(kahvila.pk, "muuttunut"))
    Message.objects.filter(pk=talk["Paljon kiitoksia"]).delete()

    assert [hit.message.pk for hit in search(Desk(kahvila), "muuttunut").hits] == [talk["Ok"]]
    assert search(Desk(kahvila), "kiitoksia").hits == []
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO inbox_message_words (inbox_message_words) VALUES ('integrity-check')")


def test_the_words_that_were_asked_for_are_marked_in_their_context(talk, mikko):
    page = client_of(mikko).get(THREADS, {"q": "lauan"}).content.decode()

    found = page.partition('thread__found">')[2].partition("</a>")[0]
    assert " ".join(found.split()) == "Tulen mielelläni <mark>lauantaina</mark></span>"


def test_a_hit_opens_its_thread_where_it_stands(hook, thread, kahvila, mikko):
    Message.objects.bulk_create(
        Message(
            thread=thread,
            direction=Direction.IN,
            content=f"viesti {number}",
            at=f"2026-11-25T10:00:00.{number:06}Z",
        )
        for number in range(400)
    )
    hit = Message.objects.get(content="viesti 30")

    page = client_of(mikko).get(of(thread), {"q": "viesti", "hit": hit.pk}).content.decode()

    assert f'id="message-{hit.pk}"' in page
    assert "viesti 60<" in page, "with what came after"
    assert "viesti 399<" not in page


def test_a_search_is_not_looked_at_again_at_each_message(thread, mikko):
    searched = markup(client_of(mikko).get(THREADS, {"q": "avaatte"}))
    listed = markup(client_of(mikko).get(THREADS))

    assert 'id="threads" data-list' in searched
    assert "data-thread-rows" not in searched
    assert "data-thread-rows" in listed


@pytest.mark.parametrize(
    "text", [*JUNK, '"' * 50, "a" * 100, "@1", "#5", "'#5'", "\\", "a\\'b", "NEAR(a b)", "a* OR b"]
)
def test_junk_finds_nothing_and_breaks_nothing(talk, mikko, text):
    browser = client_of(mikko)

    for headers in [HTMX, {}]:
        assert browser.get(THREADS, {"q": text, "before": text}, **headers).status_code == 200


@given(st.text(max_size=60))
def test_what_is_asked_for_can_always_be_looked_for(text):
    asked = Asked.parse(text)

    assert asked.is_empty == (not text.strip() or not (words_of(text) or asked.literals))
    assert all(word and " " not in word and "@" not in word for word in asked.words)


@pytest.mark.parametrize("looked_through", [500, 2, 0])
def test_of_a_common_name_the_latest_come_first_and_none_is_missed(
    hook, kahvila, monkeypatch, looked_through
):
    name_in(monkeypatch, lambda word: 1)
    monkeypatch.setattr(results, "OF_A_NAME", looked_through)
    monkeypatch.setattr(results, "MAX_PEOPLE", 3)
    group = make_service(kahvila, kind="group")
    for number in range(5):
        phone = f"+35840444444{number}"
        make_contact(group, phone=phone, first_name="Ville", last_name="Virtanen" if number else "Lahti")
        receive(hook, sender=phone, content="Moi", timestamp=f"2026-11-25T10:{number:02}:00Z")

    found = [row.thread.address[-1] for row in search(Desk(kahvila), "virtanen").people]
    assert found == ["4", "3", "2"]
    assert [row.thread.address[-1] for row in search(Desk(kahvila), "lahti").people] == ["0"]
