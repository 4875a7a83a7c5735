"""A template that a campaign was written with."""

import pytest

from messaging.campaigns.models import Campaign
from messaging.whatsapp.models import Template, TemplateState
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_a_template_that_a_campaign_uses_is_not_deleted_and_says_why(mikko, kahvila):
    template = Template.objects.create(
        customer=kahvila, display_name="Joulu", body="Hei", state=TemplateState.FAILED
    )
    Campaign.objects.create(customer=kahvila, name="Joulu", template=template, created_by=mikko)

    page = client_of(mikko).post(f"/templates/{template.pk}/deletion/", follow=True)

    assert b"A campaign uses this template" in page.content
    assert Template.objects.filter(pk=template.pk).exists()
