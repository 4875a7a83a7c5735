"""Words that come back in many messages: filled for who they are said to, everybody's or one's own."""

from uuid import uuid4

import pytest

from accounts.models import User
from gateway.models import ServiceKind
from messaging.campaigns import snippets
from messaging.inbox.models import Message
from messaging.inbox.tests.conftest import ANNA, HTMX, of
from tests.factories import make_connection, make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

TEXT = "Hei $(firstName), tervetuloa! $(Taso)"


@pytest.fixture
def keep(kahvila, mikko):
    def keep_one(name: str = "Tervetuloa meille", text: str = TEXT, *, is_shared: bool = True):
        return snippets.keep(kahvila, name=name, text=text, is_shared=is_shared, by=mikko)

    return keep_one


def offered(person: User, thread) -> dict[str, str]:
    filled = client_of(person).get(of(thread)).context["composer"]["snippets"]
    return {each.key: each.text for each in filled}


def test_a_snippet_is_filled_with_what_is_known_of_the_person(keep, thread, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    make_contact(group, phone=ANNA, first_name="Anna", properties={"Taso": "$(firstName)"})

    kept = keep()

    assert offered(mikko, thread) == {"tervetuloa-meille": "Hei Anna, tervetuloa! $(firstName)"}
    page = client_of(mikko).get(of(thread), {"snippet": kept.pk})
    assert page.context["composer"]["form"]["content"].value() == "Hei Anna, tervetuloa! $(firstName)"


def test_what_nothing_is_known_for_stays_to_be_written_over_and_is_never_sent(keep, thread, mikko):
    keep()
    assert offered(mikko, thread) == {"tervetuloa-meille": TEXT}

    form = {"content": "Hei $(firstName)!", "key": str(uuid4())}
    part = client_of(mikko).post(of(thread, "replies"), form, **HTMX)

    assert "Nothing stands for $(firstName) yet" in markup(part)
    assert not Message.objects.filter(direction="out").exists()


def test_ones_own_is_nobody_elses_and_everybodys_is_for_all(keep, thread, mikko, aino):
    make_connection(aino)
    keep("oma", is_shared=False)
    keep("yhteinen")

    assert set(offered(mikko, thread)) == {"oma", "yhteinen"}
    assert set(offered(aino, thread)) == {"yhteinen"}


def test_a_snippet_of_another_customer_is_not_offered(thread, trattoria, mikko):
    mikko.customers.add(trattoria)
    snippets.keep(trattoria, name="ciao", text="Ciao", is_shared=True, by=mikko)

    assert offered(mikko, thread) == {}


def test_a_snippet_is_words_and_never_markup(keep, thread, mikko):
    keep(text='"><script>alert(1)</script>')

    assert "<script>alert" not in client_of(mikko).get(of(thread)).content.decode()
