"""A template's way over real HTTP: submitted, reviewed at the platform, looked up, approved."""

import re

import pytest
import requests

from accounts.models import User
from gateway.models import Connection, WhatsappIdentity
from gateway.outbox.draining import drain
from messaging.whatsapp.models import Template, TemplateList, TemplateState
from tests.integration.conftest import Browser
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

BODY = "Hei {{1}}, sinulle on varattu paikka joulubrunssille. Lopeta: vastaa STOP"


def submit(browser: Browser, person: User) -> Template:
    """To the first customer of the person, in the editor, and carried there."""
    identity = WhatsappIdentity.objects.get(customer=person.customers.first())
    form = {
        "display_name": "Christmas brunch",
        "category": "Marketing",
        "language": "fi",
        "identity": identity.address,
        "body": BODY,
        "button_type": "QuickReply",
        "label": ["Tulen"],
        "data": [""],
        "action": "submit",
    }
    answer = browser.client.post("/templates/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return carry(person, Template.objects.get())


def carry(person: User, template: Template) -> Template:
    Connection.objects.update(blocked_until=None)
    drain(person.connection.pk)
    template.refresh_from_db()
    return template


def look_up(browser: Browser, person: User, template: Template) -> Template:
    browser.client.post(f"/templates/{template.pk}/lookups/")
    return carry(person, template)


def approve(sandbox: Sandbox) -> None:
    """Press the button of the only template on the control page."""
    page = requests.get(f"{sandbox.url}/_control/", timeout=10).text
    [path] = re.findall(r'action="(/_control/templates/[^/]+/review/)"', page)
    sandbox.press(path, verdict="approved")


def test_a_template_is_submitted_approved_and_found_again(browser, sandbox, mikko_signed_in):
    template = submit(browser, mikko_signed_in)
    assert look_up(browser, mikko_signed_in, template).state == TemplateState.SUBMITTED

    approve(sandbox)
    look_up(browser, mikko_signed_in, template)

    [theirs] = sandbox.state(only="templates")["templates"]
    assert (template.state, template.remote_id) == (TemplateState.LISTED, theirs["id"])
    assert (theirs["raw_content"], theirs["language"]) == (BODY, "fi")
    assert theirs["buttons"] == [{"Type": "QuickReply", "Label": "Tulen", "Data": "Tulen"}]
    assert set(TemplateList.objects.get().categories) == {"Marketing", "Utility", "Authentication"}


def test_an_answer_that_does_not_come_makes_no_second_template(browser, sandbox, mikko_signed_in):
    sandbox.post("/_faults", [{"op": "CreateWhatsappTemplate", "do": "reset_after"}])

    template = submit(browser, mikko_signed_in)
    assert template.state == TemplateState.UNKNOWN
    approve(sandbox)
    look_up(browser, mikko_signed_in, template)

    assert template.state == TemplateState.LISTED
    assert len(sandbox.state(only="templates")["templates"]) == 1


def test_one_that_did_not_arrive_is_submitted_again_by_a_person(browser, sandbox, mikko_signed_in):
    sandbox.post("/_faults", [{"op": "CreateWhatsappTemplate", "do": "500"}])
    template = submit(browser, mikko_signed_in)
    assert (template.state, template.looked_up_at is None) == (TemplateState.UNKNOWN, False)

    sandbox.post("/_faults", [])
    browser.client.post(f"/templates/{template.pk}/submissions/")
    carry(mikko_signed_in, template)

    assert template.state == TemplateState.SUBMITTED
    assert len(sandbox.state(only="templates")["templates"]) == 1


def test_a_refusal_brings_the_platforms_words(browser, sandbox, mikko_signed_in):
    sandbox.post("/_faults", [{"op": "CreateWhatsappTemplate", "do": "403"}])

    template = submit(browser, mikko_signed_in)

    assert template.state == TemplateState.FAILED
    assert "Told to fail by a fault" in template.error_text
