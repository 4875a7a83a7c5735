"""What a person says of a template made elsewhere: its parts, and that it is one of ours."""

import pytest
from django.utils import timezone

from messaging.campaigns.models import Campaign
from messaging.whatsapp.catalogue import description, listing_merge, polling
from messaging.whatsapp.models import FILLED_BY_CAMPAIGNS, FILLED_BY_REPLIES, Need, Template, TemplateState
from messaging.whatsapp.sending import send_requirements
from messaging.whatsapp.submission.transitions import TemplateChanged
from messaging.whatsapp.tests.conftest import carry, make_template
from tests.people import client_of

LINK = [{"type": "Url", "label": "Track", "data": "https://a.fi/{{1}}"}]


@pytest.fixture
def elsewhere(kahvila):
    return Template.objects.create(
        customer=kahvila,
        display_name="Elsewhere",
        body="Hei {{1}}, tervetuloa meille",
        state=TemplateState.LISTED,
        remote_id="elsewhere_1",
        listed_at=timezone.now(),
    )


def described(**changes) -> dict:
    empty = {"language": "", "category": "", "header_kind": "", "header_text": "", "footer": ""}
    return {**empty, "button_type": "", "label": [""], "data": [""], "revision": "1", **changes}


def test_a_person_describes_header_footer_buttons_language_and_category(elsewhere, mikko):
    form = described(
        language="fi",
        category="Utility",
        header_kind="text",
        header_text="Tilaus {{1}}",
        footer="Kahvila Aalto",
        button_type="Url",
        label=["Track"],
        data=["https://a.fi/{{1}}"],
    )

    client_of(mikko).post(f"/templates/{elsewhere.pk}/description/", form)

    elsewhere.refresh_from_db()
    assert (elsewhere.language, elsewhere.category, elsewhere.footer) == ("fi", "Utility", "Kahvila Aalto")
    assert send_requirements.of_template(elsewhere).kinds == {Need.BODY, Need.HEADER, Need.LINK}
    page = client_of(mikko).get(f"/templates/{elsewhere.pk}/").content.decode()
    assert "Write a campaign" in page


def test_a_header_of_text_has_to_be_written(elsewhere, mikko):
    answer = client_of(mikko).post(f"/templates/{elsewhere.pk}/description/", described(header_kind="text"))

    assert b"Write the header" in answer.content
    elsewhere.refresh_from_db()
    assert elsewhere.described_at is None


def test_of_two_descriptions_at_once_the_second_is_told(elsewhere, mikko):
    fields = elsewhere.described()
    description.describe(elsewhere, revision=1, fields={**fields, "footer": "A"}, by=mikko)

    with pytest.raises(TemplateChanged):
        description.describe(elsewhere, revision=1, fields={**fields, "footer": "B"}, by=mikko)


@pytest.mark.parametrize(
    ("fields", "need"),
    [
        ({"body": "Hi {{first_name}}, welcome"}, Need.NAMED),
        ({"body": "Hi {{ order }}, welcome"}, Need.NAMED),
        ({"header_kind": "text", "header_text": "Order {{1}}"}, Need.HEADER),
        ({"header_kind": "image"}, Need.MEDIA),
        ({"header_kind": "video"}, Need.MEDIA),
        ({"header_kind": "document"}, Need.MEDIA),
        ({"header_kind": "location"}, Need.PLACE),
        ({"buttons": LINK}, Need.LINK),
    ],
)
def test_what_a_campaign_cannot_fill_is_not_offered_to_it(fields, need, elsewhere):
    Template.objects.filter(pk=elsewhere.pk).update(**fields)
    elsewhere.refresh_from_db()

    assert need in send_requirements.of_template(elsewhere).kinds
    assert Template.objects.sendable(set(Need)).exists()
    for fills in [FILLED_BY_CAMPAIGNS, FILLED_BY_REPLIES]:
        assert Template.objects.sendable(fills).exists() is (need in fills)
        assert (send_requirements.of_template(elsewhere).beyond(fills) == []) is (need in fills)


def test_one_that_needs_what_smartdialog_cannot_carry_says_why_it_is_not_offered(elsewhere, mikko):
    Template.objects.filter(pk=elsewhere.pk).update(body="Hi {{first_name}}, welcome")

    page = client_of(mikko).get(f"/templates/{elsewhere.pk}/").content.decode()

    assert "Campaigns do not offer it" in page
    assert "values by name" in page


def test_a_template_of_text_and_numbered_variables_is_offered(elsewhere):
    assert Template.objects.sendable().exists()
    assert send_requirements.of_template(elsewhere).beyond(FILLED_BY_CAMPAIGNS) == []


def test_texts_that_differ_by_white_space_or_unseen_signs_are_one(kahvila, connected, platform):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED)
    platform.lists(ours, text=ours.body.replace(", ", ",  ").replace("!", "!\u200b\n"))

    polling.enqueue_lookup(kahvila, connection=connected)
    carry(connected)

    ours.refresh_from_db()
    assert (ours.state, Template.objects.count()) == (TemplateState.LISTED, 1)


def test_a_person_joins_ours_with_the_listed_one_and_its_campaigns_come_along(elsewhere, kahvila, mikko):
    ours = make_template(kahvila, state=TemplateState.SUBMITTED, language="fi")
    campaign = Campaign.objects.create(customer=kahvila, name="Kutsu", template=elsewhere)

    client_of(mikko).post(f"/templates/{ours.pk}/joining/", {"listed": elsewhere.pk})

    ours.refresh_from_db()
    campaign.refresh_from_db()
    assert Template.objects.get() == campaign.template == ours
    assert (ours.state, ours.remote_id, ours.body, ours.language) == (
        TemplateState.LISTED,
        "elsewhere_1",
        "Hei {{1}}, tervetuloa meille",
        "fi",
    )


def test_another_customers_template_is_no_choice(elsewhere, trattoria, kahvila, mikko):
    theirs = make_template(trattoria, state=TemplateState.SUBMITTED)

    assert elsewhere not in listing_merge.candidates(theirs)
    client_of(mikko).post(f"/templates/{theirs.pk}/joining/", {"listed": elsewhere.pk})
    assert Template.objects.count() == 2


def test_one_listed_template_is_joined_once(elsewhere, kahvila, mikko):
    first = make_template(kahvila, state=TemplateState.SUBMITTED)
    second = make_template(kahvila, state=TemplateState.SUBMITTED, body="Other words")
    listing_merge.join(first, elsewhere, by=mikko)

    with pytest.raises(TemplateChanged):
        listing_merge.join(second, Template(pk=elsewhere.pk or 0, customer=kahvila), by=mikko)


def test_submit_again_after_an_unclear_answer_asks_first(kahvila, mikko, connected):
    unclear = make_template(kahvila, state=TemplateState.UNKNOWN, looked_up_at=timezone.now())

    asked = client_of(mikko).get(f"/templates/{unclear.pk}/submissions/").content

    assert b"there may be two of it" in asked
    unclear.refresh_from_db()
    assert unclear.state == TemplateState.UNKNOWN
