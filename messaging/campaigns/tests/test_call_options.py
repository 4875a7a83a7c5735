"""The rarer parameters of SmartDialog: written, sent, shown on the result, and copied."""

import pytest
from django.urls import reverse

from gateway.smartdialog import quirks
from messaging.campaigns.composing.options_form import LinesField
from messaging.campaigns.dispatch import calls
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState
from messaging.campaigns.models.call_options import OPTIONS
from messaging.campaigns.tests.conftest import NEW, make_campaign, make_template, post
from messaging.campaigns.wording import attachments
from tests.people import client_of

PICTURE = "https://kahvila.example/kesa.jpg"
WRITTEN = {
    "attachment_url": PICTURE,
    "customer_data": "Kesä 2027",
    "unicode_policy": "Replace",
    "sms_fallback": "on",
    "header_parameters": "Kesä\r\n",
    "button_type": "Url",
    "button_data": "kesa?from=wa\r\n\r\n ale  50 ",
}
KEPT = WRITTEN | {
    "sms_fallback": True,
    "header_parameters": ["Kesä"],
    "button_data": ["kesa?from=wa", "ale 50"],
}


@pytest.fixture
def known(kahvila) -> None:
    quirks.learn(kahvila, takes_unicode_policy=True)


def kept(campaign: Campaign) -> dict[str, object]:
    return {name: getattr(campaign, name) for name in OPTIONS}


def test_what_is_written_is_kept_shown_again_and_copied(filled, known, mikko):
    post(mikko, filled, action="save", **WRITTEN)

    campaign = Campaign.objects.get()
    assert kept(campaign) == KEPT
    again = client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk]))
    copied = client_of(mikko).get(NEW, {"copy": campaign.pk})
    for page in (again, copied):
        assert kept(page.context["summary"].campaign) == KEPT
        assert b"kesa?from=wa\nale 50" in page.content


def test_an_sms_carries_them(group, mikko):
    campaign = make_campaign(group, mikko, **KEPT)

    wire = calls.build_message(campaign, [("+358400000001", ("Maija",))], request_id="r").wire()

    assert wire["CustomerData"] == "Kesä 2027"
    assert wire["AttachmentUri"] == PICTURE
    assert wire["UnicodeCharacterHandlingPolicy"] == "Replace"
    assert "UseSmsFallback" not in wire


def test_a_template_carries_them(group, kahvila, mikko):
    template = make_template(kahvila, attachment_url="https://example.com/sample.jpg")
    campaign = make_campaign(group, mikko, channel="whatsapp", template=template, **KEPT)

    wire = calls.build_message(campaign, [("+358400000001", ("a", "b"))], request_id="r").wire()

    assert wire["AttachmentUri"] == PICTURE
    assert (wire["CustomerData"], wire["UseSmsFallback"]) == ("Kesä 2027", True)
    assert wire["HeaderParameters"] == ["Kesä"]
    assert wire["Buttons"] == [{"Type": "Url", "Data": "kesa?from=wa"}, {"Type": "Url", "Data": "ale 50"}]


def test_what_is_not_chosen_is_not_said(group, mikko):
    wire = calls.build_message(
        make_campaign(group, mikko), [("+358400000001", ("M",))], request_id="r"
    ).wire()

    said = {"AttachmentUri", "CustomerData", "UnicodeCharacterHandlingPolicy"}
    assert not said & wire.keys()


@pytest.mark.parametrize(
    ("channel", "words"),
    [("sms", ["Kesä 2027", PICTURE, "Let SmartDialog replace them"]), ("whatsapp", ["An SMS", "ale 50"])],
)
def test_the_result_says_what_went_with_it(group, kahvila, mikko, channel, words):
    campaign = make_campaign(
        group, mikko, channel=channel, template=make_template(kahvila), state=CampaignState.SENT, **KEPT
    )

    page = client_of(mikko).get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()

    assert [each for each in words if each not in page] == []


def test_characters_are_handled_only_where_smartdialog_is_known_to_do_so(filled, mikko):
    page = post(mikko, filled, action="save", unicode_policy="Replace")

    assert b"unicode_policy" not in page.content
    assert Campaign.objects.get().unicode_policy == ""


def test_an_admin_says_that_smartdialog_handles_characters(kahvila, aino):
    client_of(aino).post(reverse("gateway:quirks"), {"save": "1", "takes_unicode_policy": "on"})

    assert quirks.of(kahvila).takes_unicode_policy


def test_the_example_of_a_template_goes_to_nobody_unasked(filled, kahvila, mikko):
    sample = "https://example.com/sample.jpg"
    template = make_template(kahvila, body="Tervetuloa", attachment_url=sample, header_kind="image")
    whatsapp = filled | {"channel": "whatsapp", "template": template.pk}

    page = post(mikko, whatsapp)
    asked = post(mikko, whatsapp, action="send", expected="2:1:None:now")

    assert "the template’s own is an example" in page.content.decode()
    assert 'value="send"' not in page.content.decode()
    assert asked.status_code == 422
    assert 'value="send"' in post(mikko, whatsapp, attachment_url=PICTURE).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "http://kahvila.example/a.jpg",
        "kahvila.example/a.jpg",
        "https://kahvila/a.jpg",
        "https://10.0.0.1/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://user:word@kahvila.example/a.jpg",
        "https://kahvila.example/a b.jpg",
        "https://kahvila.example/a.exe",
        f"https://kahvila.example/{'a' * 2000}.jpg",
    ],
)
def test_an_address_that_nobody_could_open_is_refused(filled, mikko, address):
    answered = post(mikko, filled, action="save", attachment_url=address)

    assert (answered.status_code, Campaign.objects.exists()) == (422, False)
    with pytest.raises(attachments.NotAnAttachment):
        attachments.check(address)


@pytest.mark.parametrize(
    "address", [PICTURE, "https://kahvila.example/A.PDF", "https://kahvila.example/file?id=7"]
)
def test_any_other_address_is_taken(address):
    assert attachments.check(address) == address


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer_data": "x" * 256},
        {"header_parameters": "x" * 61},
        {"button_type": "Url", "button_data": ""},
        {"button_type": "", "button_data": "kesa"},
        {"button_type": "Url", "button_data": "\n".join("abcdefghijk")},
    ],
)
def test_what_smartdialog_would_refuse_is_refused_here(filled, mikko, wrong):
    answered = post(mikko, filled, action="save", **wrong)

    assert (answered.status_code, Campaign.objects.exists()) == (422, False)
    assert 'id="options" open' in " ".join(answered.content.decode().split())


def test_a_new_campaign_begins_with_none_of_them(filled, mikko):
    page = client_of(mikko).get(NEW)

    assert not page.context["form"].has_options()
    assert not any(kept(page.context["summary"].campaign).values())


def test_a_new_campaign_begins_with_the_reference_of_the_customer(filled, kahvila, mikko):
    CampaignRules.objects.create(customer=kahvila, customer_data="4711")

    assert client_of(mikko).get(NEW).context["summary"].campaign.customer_data == "4711"


def test_a_list_of_lines_has_no_nul_which_postgresql_takes_in_no_text():
    assert LinesField().clean("Anna\0\r\n\0") == ["Anna"]
