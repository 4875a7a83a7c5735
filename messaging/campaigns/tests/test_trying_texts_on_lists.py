"""Several texts tried on people of a pasted or uploaded list, of whom many are nobody's contact."""

from collections import Counter

import pytest

from messaging.campaigns.dispatch import stages
from messaging.campaigns.models import REST, Campaign
from messaging.campaigns.tests.conftest import schedule, text
from messaging.campaigns.tests.people_lists import paste, to_nobody_yet
from messaging.campaigns.tests.stages import advance, called, now_of
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
PEOPLE = [f"+35840999000{n}" for n in range(8)]


@pytest.fixture
def listed(group, service, connected, mikko) -> Campaign:
    """Two texts to eight of a list, each with a code of their own; two of them are contacts."""
    for phone in PEOPLE[:2]:
        make_contact(group, phone=phone, first_name="Maija", properties={"Koodi": "old"})
    campaign = to_nobody_yet(group, mikko)
    Campaign.objects.filter(pk=campaign.pk).update(
        content="Hei $(Koodi)", more_texts=[text("Moi $(Koodi)")], first_share=25, wait_minutes=60
    )
    rows = "\n".join(f"{phone};K{n}" for n, phone in enumerate(PEOPLE))
    paste(campaign, f"Numero;Koodi\n{rows}\n", mikko)
    return schedule(now_of(campaign), mikko)


def test_the_rest_of_a_list_gets_the_text_that_won_with_what_the_list_says(listed, mikko):
    advance(listed)

    stages.begin_rest(now_of(listed), winner=1, by=mikko)
    advance(listed)

    assert called(listed) == Counter(PEOPLE)
    assert {each.phone: each.values for each in listed.recipients.filter(stage=REST)} == {
        each.phone: [f"K{PEOPLE.index(each.phone)}"] for each in listed.recipients.filter(stage=REST)
    }


def test_who_is_in_the_list_no_more_and_no_contact_is_left_out(listed, mikko):
    advance(listed)
    gone = listed.recipients.filter(stage=REST, contact=None).first()
    now_of(listed).people_list.rows.filter(phone=gone.phone).delete()

    stages.begin_rest(now_of(listed), winner=1, by=mikko)
    advance(listed)

    gone.refresh_from_db()
    assert (gone.state, gone.reason) == ("skipped", "Not active in the group")
