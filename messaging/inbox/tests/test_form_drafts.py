"""What fills a template, and a first message, is there again for who typed it, until it is sent."""

import re
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from contacts.erasure import erasing
from gateway.models import ServiceKind
from messaging.inbox.models import FirstDraft, Message, TemplateDraft, Thread
from messaging.inbox.replies import drafts, first_messages
from messaging.inbox.tests.conftest import ANNA, HTMX, NUMBER, of, receive
from messaging.inbox.tests.test_writing import NEW
from messaging.whatsapp.models import Template
from tests.factories import make_connection, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

FIRST_DRAFT = "/inbox/new/draft/"
BEN = "+358401230000"


def first(phone: str = "040 123 0000", **fields) -> dict[str, str]:
    usual = {"phone": phone, "sender": NUMBER, "content": "Pöytänne on", "key": str(uuid4())}
    return usual | fields


def begin(person: User, **fields) -> dict[str, str]:
    form = first(**fields)
    assert client_of(person).post(FIRST_DRAFT, form, **HTMX).status_code in {200, 204}
    return form


def shown(person: User, **query) -> dict:
    form = client_of(person).get(NEW, query).context["form"]
    return {field.name: field.value() for field in form}


@pytest.fixture
def to_anna(thread: Thread, sending, template: Template) -> str:
    """The page that sends Anna a template."""
    return of(thread, "template_reply")


@pytest.fixture
def template(kahvila) -> Template:
    return Template.objects.create(
        customer=kahvila,
        display_name="Muistutus",
        remote_id="reminder_1",
        body="Hei {{1}}, pöytäsi on varattu kello {{2}}.",
        state="listed",
    )


def fill(person: User, thread: Thread, template: Template, *, key: UUID | None = None, **values) -> str:
    form = {"template": template.pk, "key": key or uuid4(), **values}
    return client_of(person).post(of(thread, "template_draft"), form, **HTMX).content.decode()


def filled(person: User, page: str, **query) -> list[str]:
    form = client_of(person).get(page, query).context["form"]
    return [gap.value() or "" for gap in form.gaps()]


# First messages


def test_a_first_message_is_there_again_by_its_number_however_it_is_written(number, connected, mikko, aino):
    form = begin(mikko)

    there = shown(mikko, phone=BEN)
    assert (there["content"], there["sender"], str(there["key"])) == ("Pöytänne on", NUMBER, form["key"])
    assert shown(mikko, phone="0401230000")["content"] == "Pöytänne on"
    assert not shown(aino, phone=BEN)["content"]
    assert not shown(mikko, phone="+358401239999")["content"]


def test_it_says_when_it_was_saved(number, mikko):
    assert re.fullmatch(
        r"Saved \d\d:\d\d", client_of(mikko).post(FIRST_DRAFT, first(), **HTMX).content.decode()
    )
    assert not client_of(mikko).post(FIRST_DRAFT, first(content=" "), **HTMX).content
    assert "Saved<time" in markup(client_of(mikko).get(NEW, {"phone": BEN}))


def test_a_number_that_is_typed_on_moves_the_draft_of_its_form(number, mikko):
    key = str(uuid4())
    for typed in ("04012", "040123", "040 123 0000"):
        begin(mikko, phone=typed, key=key)

    assert [each.phone for each in FirstDraft.objects.all()] == [BEN]


def test_what_was_begun_is_listed_until_it_is_thrown_away(number, mikko, aino):
    form = begin(mikko)
    begin(mikko, phone="", content="Huomenna")
    browser = client_of(mikko)

    page = browser.get(NEW)
    assert [each.content for each in page.context["begun"]] == ["Huomenna", "Pöytänne on"]
    assert "To nobody yet" in markup(page)
    assert not client_of(aino).get(NEW).context["begun"]
    draft = FirstDraft.objects.get(phone=BEN)
    assert shown(mikko, draft=draft.pk)["content"] == "Pöytänne on"
    assert not shown(aino, draft=draft.pk)["content"]

    browser.post(FIRST_DRAFT, form | {"discard": "1"})
    assert [each.content for each in FirstDraft.objects.all()] == ["Huomenna"]


def test_a_draft_goes_when_its_message_is_sent_and_one_that_comes_late_is_none(
    number, sending, connected, mikko
):
    form = begin(mikko)

    client_of(mikko).post(NEW, form | {"content": "Pöytänne on valmis."})
    begin(mikko, key=form["key"])

    assert Message.objects.get().content == "Pöytänne on valmis."
    assert not FirstDraft.objects.exists()


def test_words_that_are_taken_along_to_a_conversation_are_no_first_message_any_more(thread, mikko):
    form = begin(mikko, phone=ANNA)

    client_of(mikko).post(NEW, form)

    assert not FirstDraft.objects.exists()
    assert thread.drafts.get().content == "Pöytänne on"


def test_a_draft_of_another_customer_is_not_there(number, mikko, otto, outsider_oy):
    make_service(outsider_oy, kind=ServiceKind.TWO_WAY)
    begin(mikko)
    draft = FirstDraft.objects.get()

    assert not shown(otto, draft=draft.pk)["content"]
    assert not shown(otto, phone=BEN)["content"]


@pytest.mark.parametrize(
    "form", [{"key": "x"}, {"content": "a" * 20_001}, {"phone": "1" * 41}, {"service": "\0"}, {"key": ""}]
)
def test_what_is_no_draft_of_a_first_message_is_not_kept(number, mikko, form):
    assert client_of(mikko).post(FIRST_DRAFT, first() | form).status_code == 422
    assert not FirstDraft.objects.exists()


def test_a_draft_to_a_person_goes_when_they_are_erased_and_others_are_told_of(number, kahvila, mikko):
    begin(mikko)
    begin(mikko, phone="", content=f"Soita {BEN}")

    [erasure] = erasing.erase([kahvila], BEN, by=mikko)

    assert [each.content for each in FirstDraft.objects.all()] == [f"Soita {BEN}"]
    assert erasure.held["Answers that are being written to other people and name the person"] == 1


# Templates


def test_what_fills_a_template_is_there_again_and_the_page_opens_with_it(to_anna, thread, template, mikko):
    assert re.fullmatch(r"Saved \d\d:\d\d", fill(mikko, thread, template, value_1="Anna", value_2="18"))

    assert filled(mikko, to_anna) == ["Anna", "18"], "without choosing the template again"
    assert filled(mikko, to_anna, template=template.pk, value_2="19") == ["Anna", "19"]
    assert "Saved<time" in markup(client_of(mikko).get(to_anna))


def test_what_was_emptied_stays_empty(to_anna, thread, template, mikko):
    fill(mikko, thread, template, value_1="", value_2="18")

    assert filled(mikko, to_anna) == ["", "18"]


def test_drafts_are_of_one_person_thread_and_template(hook, to_anna, thread, template, kahvila, mikko, aino):
    make_connection(aino)
    other = Template.objects.create(
        customer=kahvila, display_name="Kiitos", remote_id="thanks_1", body="Kiitos {{1}}!", state="listed"
    )
    receive(hook, sender="+358402222222")
    another = Thread.objects.get(address="+358402222222")
    fill(mikko, thread, template, value_1="Anna")

    assert filled(aino, to_anna, template=template.pk) == ["", ""]
    assert filled(mikko, of(another, "template_reply"), template=template.pk) == ["", ""]
    assert filled(mikko, to_anna, template=other.pk) == [""]
    fill(mikko, thread, other, value_1="kaikesta")
    assert filled(mikko, to_anna) == ["kaikesta"], "the latest"
    assert TemplateDraft.objects.count() == 2


def test_the_draft_of_a_template_goes_when_it_is_sent(to_anna, thread, template, mikko):
    key = uuid4()
    fill(mikko, thread, template, key=key, value_1="Anna", value_2="18")

    form = {"template": template.pk, "value_1": "Anna", "value_2": "18", "key": key}
    assert client_of(mikko).post(to_anna, form).status_code == 302
    assert not fill(mikko, thread, template, key=key, value_1="Anna", value_2="1"), "that comes late"

    assert not TemplateDraft.objects.exists()


def test_a_draft_that_is_kept_while_its_message_is_written_is_none(
    number, sending, kahvila, mikko, monkeypatch
):
    """It is kept while nothing is sent yet, and is gone once it is."""
    make_connection(mikko)
    form = first()
    write = first_messages.write

    def write_and_be_overtaken(*told, **more):
        drafts.keep_first(kahvila, BEN, {"content": "a"}, key=UUID(form["key"]), of=mikko)
        return write(*told, **more)

    monkeypatch.setattr(first_messages, "write", write_and_be_overtaken)
    assert client_of(mikko).post(NEW, form).status_code == 302

    assert not FirstDraft.objects.exists()


def test_a_template_of_another_customer_has_no_draft(thread, trattoria, mikko, otto):
    theirs = Template.objects.create(customer=trattoria, display_name="Loro", body="Ciao {{1}}")

    assert (
        client_of(mikko)
        .post(of(thread, "template_draft"), {"template": theirs.pk, "key": uuid4()})
        .status_code
        == 422
    )
    address = reverse("inbox:template_draft", args=[thread.pk])
    assert client_of(otto).post(address, {"template": theirs.pk, "key": uuid4()}).status_code == 404
