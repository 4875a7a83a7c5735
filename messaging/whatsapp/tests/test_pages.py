"""The pages of templates: what is on them, who may see and change what, and what junk does to them."""

import re
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gateway.models import Operation, OperationState
from messaging.campaigns.models import Campaign
from messaging.whatsapp.models import Approval, Template, TemplateList, TemplateState
from messaging.whatsapp.tests.conftest import WORDS, calls_of, carry, make_template
from tests.people import client_of

pytestmark = pytest.mark.usefixtures("number")

HTMX = {"HTTP_HX_REQUEST": "true"}
JUNK = ["'", '"', "\0", "-1", "9" * 40, "__", "a" * 5000, "%00", "٣", "../.."]
SCRIPT = "<script>alert(1)</script>"


def url(name: str, template: Template | None = None) -> str:
    return reverse(f"whatsapp:{name}", args=[template.pk] if template else [])


def written(**changes) -> dict:
    """The editor's form as a browser sends it."""
    empty = {"uuid": str(uuid4()), "revision": "1", "button_type": "", "label": ["", ""], "data": ["", ""]}
    return {**WORDS, **empty, **changes}


@pytest.fixture
def in_review(kahvila):
    return make_template(kahvila, state=TemplateState.SUBMITTED, display_name="Summer terrace")


LOOKED_AT = ["template", "edit", "versions", "deletion", "approval", "submissions", "description", "joining"]
DONE = [*LOOKED_AT[1:], "lookup", "withdrawal", "confirmation", "archiving"]


def test_a_marketer_opens_every_page(draft, in_review, mikko):
    browser = client_of(mikko)

    for page in [url("list"), url("new"), url("edit", draft), url("deletion", draft)]:
        assert browser.get(page).status_code == 200, page
    for page in [url("template", in_review), url("approval", in_review), url("joining", in_review)]:
        assert browser.get(page).status_code == 200, page


def test_a_stranger_finds_nothing(draft, in_review, otto):
    stranger = client_of(otto)

    assert b"Summer terrace" not in stranger.get(url("list")).content
    for name in LOOKED_AT:
        assert stranger.get(url(name, in_review)).status_code == 404, name
    for name in DONE:
        assert stranger.post(url(name, in_review), written(action="save")).status_code == 404, name
    assert stranger.get(url("new"), {"copy": in_review.pk}).status_code == 404


def test_a_viewer_looks_and_changes_nothing(draft, in_review, vera):
    viewer = client_of(vera)

    assert viewer.get(url("list")).status_code == 200
    assert b"Hei" in viewer.get(url("template", draft)).content
    for page in [url("new"), url("edit", draft)]:
        assert viewer.get(page).status_code == 403, page
    for page in [url("new"), url("lookups"), *(url(name, in_review) for name in DONE)]:
        assert viewer.post(page, written(action="save")).status_code == 403, page


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_the_url_is_as_if_it_were_not_there(draft, mikko, junk):
    browser = client_of(mikko)

    for parameter in ["state", "before", "copy"]:
        for page in [url("list"), url("new")]:
            assert browser.get(page, {parameter: junk}).status_code in {200, 404}, parameter


def test_the_list_is_a_page_and_a_fragment(in_review, mikko):
    page, fragment = client_of(mikko).get(url("list")), client_of(mikko).get(url("list"), **HTMX)

    assert b"<html" in page.content
    assert fragment.content.lstrip().startswith(b'<section class="section" id="templates"')
    assert b"Summer terrace" in fragment.content
    assert "HX-Request" in fragment["Vary"]


def test_a_template_is_a_page_and_a_fragment(in_review, mikko):
    page, fragment = (
        client_of(mikko).get(url("template", in_review)),
        client_of(mikko).get(url("template", in_review), **HTMX),
    )

    assert b"<html" in page.content
    assert fragment.content.lstrip().startswith(b'<div class="split" id="template"')


def test_the_list_takes_as_many_queries_for_many_as_for_few(kahvila, mikko):
    browser = client_of(mikko)
    make_template(kahvila)

    few = count_queries(browser, url("list"))
    for number in range(30):
        template = make_template(kahvila, state=TemplateState.LISTED, remote_id=f"remote_{number}")
        Campaign.objects.create(customer=kahvila, template=template)

    assert count_queries(browser, url("list")) == few


def test_the_list_goes_on_page_by_page(kahvila, mikko):
    for number in range(51):
        make_template(kahvila, display_name=f"Number {number:02}")

    first = client_of(mikko).get(url("list")).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    second = client_of(mikko).get(url("list") + older[1]).content.decode()

    assert ("Number 50" in first, "Number 00" in first) == (True, False)
    assert ("Number 50" in second, "Number 00" in second) == (False, True)


def test_the_list_is_filtered_by_state(draft, in_review, mikko):
    page = client_of(mikko).get(url("list"), {"state": "draft"}).content.decode()

    assert "Christmas brunch" in page
    assert "Summer terrace" not in page


def test_the_state_says_when_it_was_last_looked_for(in_review, mikko):
    page = client_of(mikko).get(url("list")).content.decode()

    assert "In review" in page
    assert "not checked yet" in page
    assert "Rejected" not in page


def test_an_empty_list_offers_the_one_thing_that_begins_it(kahvila, mikko, vera):
    assert url("new") in client_of(mikko).get(url("list")).content.decode()
    assert url("new") not in client_of(vera).get(url("list")).content.decode()


def test_a_draft_is_kept_however_unfinished(kahvila, mikko):
    client_of(mikko).post(url("new"), written(action="save", body="Hei", category="", language=""))

    draft = Template.objects.get()
    assert (draft.body, draft.state, draft.created_by) == ("Hei", TemplateState.DRAFT, mikko)


def test_a_form_sent_twice_is_one_template(kahvila, mikko, connected):
    browser, form = client_of(mikko), written(action="submit")

    first, second = browser.post(url("new"), form), browser.post(url("new"), form)

    template = Template.objects.get()
    assert first["Location"] == second["Location"] == url("template", template)
    assert len(calls_of(template)) == 1


def test_an_edited_form_sent_twice_is_one_submission(draft, mikko, connected):
    browser, form = client_of(mikko), written(action="submit", body=WORDS["body"] + " Kiitos")

    first, second = browser.post(url("edit", draft), form), browser.post(url("edit", draft), form)

    assert first["Location"] == second["Location"] == url("template", draft)
    assert len(calls_of(draft)) == 1


def test_a_submission_with_errors_is_refused_with_its_findings(kahvila, mikko, connected):
    answer = client_of(mikko).post(url("new"), written(action="submit", body="{{1}}, tervetuloa"))

    assert answer.status_code == 422
    assert b"Begin with words" in answer.content
    assert b"{{1}}, tervetuloa" in answer.content
    assert not Template.objects.exists()


def test_the_checklist_is_quiet_until_somebody_writes(kahvila, mikko):
    browser = client_of(mikko)

    begun = browser.get(url("new")).content.decode()
    written_at = browser.post(url("new"), written(body=""), **HTMX).content.decode()

    assert ("finding--todo" in begun, "finding--negative" in begun) == (True, False)
    assert ("finding--todo" in written_at, "finding--negative" in written_at) == (False, True)


def test_advice_stops_nobody(kahvila, mikko, connected):
    plain = written(action="submit", body="Hei {{1}}, sinulle on varattu paikka. Tervetuloa!")

    client_of(mikko).post(url("new"), plain)

    assert Template.objects.get().state == TemplateState.SUBMITTING


def test_without_a_sign_in_the_template_is_kept_as_a_draft(kahvila, mikko, connected):
    connected.delete()

    answer = client_of(mikko).post(url("new"), written(action="submit"), follow=True)

    assert b"kept as a draft" in answer.content
    assert Template.objects.get().state == TemplateState.DRAFT


def test_a_page_that_is_out_of_date_changes_nothing_and_loses_nothing(draft, mikko, aino):
    client_of(aino).post(url("edit", draft), written(action="save", body="Aino wrote this"))

    answer = client_of(mikko).post(url("edit", draft), written(action="save", body="Mikko wrote this"))

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert draft.body == "Aino wrote this"
    assert b"Mikko wrote this" in answer.content
    assert b"open the template again" in answer.content


def test_what_is_submitted_cannot_be_edited(in_review, mikko):
    browser = client_of(mikko)

    assert browser.get(url("edit", in_review))["Location"] == url("template", in_review)
    assert browser.post(url("edit", in_review), written(action="save", body="New")).status_code == 409
    in_review.refresh_from_db()
    assert in_review.body == WORDS["body"]


def test_checking_answers_with_findings_and_preview_and_keeps_the_draft(kahvila, mikko):
    form = written(body="*Hei* {{1}} <b>", button_type="Url", label=["Varaa"], data=["nowhere"])

    answer = client_of(mikko).post(url("new"), form, **HTMX).content.decode()

    assert answer.lstrip().startswith('<section class="findings" id="findings"')
    assert 'id="preview"' in answer
    assert "<strong>Hei</strong>" in answer
    assert "&lt;b&gt;" in answer
    assert "Give “Varaa” a whole address" in answer
    assert Template.objects.get().body == "*Hei* {{1}} <b>"


def test_checking_without_scripts_gives_the_page_back(kahvila, mikko):
    answer = client_of(mikko).post(url("new"), written(action="check", body="Hei vain")).content.decode()

    assert "<html" in answer
    assert "Hei vain</textarea>" in answer


def test_buttons_are_kept_row_by_row(kahvila, mikko):
    form = written(
        action="save", button_type="QuickReply", label=["Tulen", "", "En"], data=["", "", "En tule"]
    )

    client_of(mikko).post(url("new"), form)

    assert Template.objects.get().buttons == [
        {"type": "QuickReply", "label": "Tulen", "data": "Tulen"},
        {"type": "QuickReply", "label": "En", "data": "En tule"},
    ]


def test_a_quick_reply_goes_on_following_its_label(draft, mikko):
    draft.buttons = [{"type": "QuickReply", "label": "Tulen", "data": "Tulen"}]
    draft.save()

    page = client_of(mikko).get(url("edit", draft)).content.decode()

    assert 'id="id_label_1" value="Tulen"' in page
    assert 'id="id_data_1" value=""' in page


def test_another_row_of_buttons_is_asked_for_alone(kahvila, mikko):
    form = written(action="buttons", button_type="Call", label=[], data=[])

    answer = client_of(mikko).post(url("new"), form, **HTMX).content.decode()

    assert answer.lstrip().startswith('<fieldset class="fieldset" id="id_buttons"')
    assert answer.count('name="label"') == 1


def test_the_categories_are_smartdialogs_own(kahvila, mikko):
    TemplateList.objects.create(customer=kahvila, categories=["Kutsu"])

    page = client_of(mikko).get(url("new")).content.decode()

    assert "Kutsu" in page
    assert ">Utility<" not in page


def test_a_copy_begins_with_the_words_of_another(in_review, mikko):
    page = client_of(mikko).get(url("new"), {"copy": in_review.pk}).content.decode()

    assert "Summer terrace (copy)" in page
    assert WORDS["body"] in page


def test_what_people_wrote_is_escaped_everywhere(kahvila, mikko):
    template = make_template(
        kahvila,
        state=TemplateState.LISTED,
        approval=Approval.REJECTED,
        approval_reason=SCRIPT,
        header_text=SCRIPT,
        header_kind="text",
        footer=SCRIPT,
        display_name=SCRIPT,
        body=f"*{SCRIPT}* `{SCRIPT}` > {SCRIPT}",
        error_text=SCRIPT,
        buttons=[{"type": "Url", "label": SCRIPT, "data": SCRIPT}],
    )

    for page in [url("list"), url("template", template), url("new") + f"?copy={template.pk}"]:
        assert SCRIPT.encode() not in client_of(mikko).get(page).content, page


def test_a_person_looks_now_and_once(in_review, mikko, connected, platform):
    platform.lists(in_review)

    client_of(mikko).post(url("lookups"))
    client_of(mikko).post(url("lookup", in_review))
    carry(connected)

    in_review.refresh_from_db()
    assert (in_review.state, platform.looks) == (TemplateState.LISTED, 1)


def test_a_person_marks_it_rejected_with_the_reason(in_review, mikko):
    said = {"approval": "rejected", "reason": "Too promotional"}
    client_of(mikko).post(url("approval", in_review), said)

    in_review.refresh_from_db()
    assert (in_review.approval, in_review.approval_reason) == (Approval.REJECTED, "Too promotional")
    assert b"Too promotional" in client_of(mikko).get(url("template", in_review)).content


def test_an_uncertain_one_is_decided_by_a_person(kahvila, mikko, connected):
    unclear = make_template(kahvila, state=TemplateState.UNKNOWN)
    page = client_of(mikko).get(url("template", unclear)).content.decode()
    assert url("confirmation", unclear) in page
    assert url("submissions", unclear) not in page  # before it was looked up

    client_of(mikko).post(url("confirmation", unclear))

    unclear.refresh_from_db()
    assert unclear.state == TemplateState.SUBMITTED


def test_the_reason_of_a_refusal_stands_over_the_editor(kahvila, mikko):
    refused = make_template(kahvila, state=TemplateState.FAILED, error_text="Language is not available")

    page = client_of(mikko).get(url("template", refused), follow=True).content

    assert b"Language is not available" in page
    assert b"Submit for review" in page


def test_an_open_page_of_a_refused_template_goes_to_the_editor(kahvila, mikko):
    refused = make_template(kahvila, state=TemplateState.FAILED)

    answer = client_of(mikko).get(url("template", refused), **HTMX)

    assert answer["HX-Redirect"] == url("edit", refused)


def test_a_draft_is_deleted_after_asking(draft, mikko):
    browser = client_of(mikko)

    assert b"Delete this draft?" in browser.get(url("deletion", draft)).content
    assert Template.objects.exists()
    browser.post(url("deletion", draft))

    assert not Template.objects.exists()


def test_its_campaigns_are_listed(in_review, kahvila, mikko):
    Campaign.objects.create(customer=kahvila, template=in_review, name="July invitation")

    assert b"July invitation" in client_of(mikko).get(url("template", in_review)).content


def test_no_call_is_made_by_looking_at_pages(draft, in_review, mikko, connected):
    for page in [url("list"), url("new"), url("edit", draft), url("template", in_review)]:
        client_of(mikko).get(page)

    assert not Operation.objects.filter(state=OperationState.WAITING).exists()


def count_queries(browser, page: str) -> int:
    with CaptureQueriesContext(database) as queries:
        browser.get(page)
    return len(queries)
