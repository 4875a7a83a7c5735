import pytest
from django.test import Client

from sandbox.deliveries import due_work
from sandbox.models import Callback, Inbound
from sandbox.tests.callers import Caller

pytestmark = pytest.mark.django_db

MAIJA = "+358401234567"
AALTO = "+358451234567"
PHONE = f"/_phones/{MAIJA}/"


@pytest.fixture
def delivered(aino: Caller, client: Client) -> None:
    client.post("/_switches", {"delivery_seconds": 0}, content_type="application/json")
    aino.create_contact(MAIJA, firstName="Maija", lastName="M")
    aino.send(Content="Hei <b>Maija</b>")
    due_work.deliver_due()


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_phone_shows_what_reached_it_and_whose_it_is(client: Client, delivered: None) -> None:
    shown = page(client, PHONE)

    assert "Maija M" in shown
    assert 'data-testid="bubble"' in shown
    assert "Hei &lt;b&gt;Maija&lt;/b&gt;" in shown


def test_the_list_finds_phones_by_their_digits(client: Client, delivered: None) -> None:
    assert MAIJA in page(client, "/_phones/?q=12345")
    assert MAIJA not in page(client, "/_phones/?q=999")


def test_any_number_can_be_opened(client: Client) -> None:
    assert client.get("/_phones/", {"number": "040 1234567"})["Location"] == PHONE
    assert client.get("/_phones/", {"number": "16 010"})["Location"] == "/_phones/16010/"
    assert "is not a phone number" in page(client, "/_phones/?number=hello")


def test_an_answer_goes_to_the_customers_own_number_after_an_alphanumeric_sender(
    client: Client, delivered: None
) -> None:
    first_choice = page(client, PHONE).split("<option value=")[1]
    assert first_choice.startswith(f'"{AALTO}"')

    assert client.post(PHONE, {"to": AALTO, "text": "Kiitos"}).status_code == 302

    inbound = Inbound.objects.get()
    assert (inbound.sender, inbound.address, inbound.content) == (MAIJA, AALTO, "Kiitos")
    assert "Kiitos" in page(client, PHONE)


def test_stop_and_a_photo_are_one_press_each(client: Client) -> None:
    client.post(PHONE, {"to": AALTO, "text": "", "quick": "STOP"})
    client.post(PHONE, {"to": "+358457000001", "text": "", "attachment": "photo"})

    stop, photo = Inbound.objects.all()
    assert stop.content == "STOP"
    assert stop.kind == "SMS"
    assert photo.attachments[0]["mimeType"] == "image/png"
    assert photo.kind == "WhatsApp"
    picture = client.get("/_static/photo.png")
    assert b"".join(picture).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("form", "words"), [({"text": " "}, "Write something"), ({"text": "x", "to": "+1"}, "Nobody")]
)
def test_an_answer_that_cannot_go_says_why(client: Client, form: dict[str, str], words: str) -> None:
    response = client.post(PHONE, {"to": AALTO} | form)

    assert response.status_code == 400
    assert words in response.content.decode()


def test_a_screen_that_is_up_to_date_is_not_sent_again(client: Client, delivered: None) -> None:
    assert client.get(f"{PHONE}bubbles/?marker=1-0").status_code == 204
    assert "bubble" in page(client, f"{PHONE}bubbles/?marker=0-0")


def test_an_answer_without_subscribers_notifies_nobody(client: Client) -> None:
    client.post(PHONE, {"to": AALTO, "text": "Hei"})

    assert not Callback.objects.exists()
