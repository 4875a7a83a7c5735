"""Writing to one person: a template when WhatsApp takes nothing else, and a first message."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource
from gateway import clock
from gateway.models import Operation, ServiceKind
from gateway.outbox.draining import drain
from messaging.inbox.models import Message, MessageState, ReplySettings, Thread
from messaging.inbox.replies import decisions, replying, routes
from messaging.inbox.replies.replying import ReplyOptions
from messaging.inbox.replies.routes import CannotReply
from messaging.inbox.tests.conftest import ANNA, API, HTMX, NUMBER, answer, of, receive
from messaging.whatsapp.models import Template, TemplateState
from tests.factories import make_connection, make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

NEW = "/inbox/new/"
SMS_TAKEN = {"MessageId": "m-1", "MessagePartCount": 1, "Recipients": [{"Address": ANNA, "Id": "r-1"}]}
TEMPLATE_TAKEN = {"messageId": "w-1", "recipients": [{"address": ANNA, "id": "r-1"}]}


@pytest.fixture
def template(kahvila) -> Template:
    return Template.objects.create(
        customer=kahvila,
        display_name="Muistutus",
        body="Hei {{1}}, pöytäsi on varattu kello {{2}}.",
        state=TemplateState.LISTED,
        remote_id="reminder_1",
    )


def wrote_on_whatsapp(hook, *, hours_ago: float) -> Thread:
    at = clock.now() - timedelta(hours=hours_ago)
    receive(hook, content="Hei!", protocol="WhatsApp", recipient="+358457000001", timestamp=at.isoformat())
    return Thread.objects.get(address=ANNA)


def reply_with(template: Template, thread: Thread, by) -> Message:
    options = ReplyOptions(template=template, values=["a", "b"])
    return replying.reply(thread, "Hei", key=uuid4(), by=by, options=options)


def opt_out(kahvila, mikko, phone: str = ANNA) -> None:
    opt_outs.opt_out(kahvila, phone, Evidence(ConsentSource.STAFF, words="Called us", by=mikko))


def test_within_24_hours_an_answer_goes_to_the_whatsapp_number_they_wrote_to(hook, thread, mikko):
    wrote_on_whatsapp(hook, hours_ago=23)

    route = routes.reply_route(thread)
    page = markup(client_of(mikko).get(of(thread)))

    assert (route.sender, route.protocol) == ("+358457000001", "WHATSAPP")
    assert "takes free answers for" in page
    assert answer(thread, mikko).operation.payload["sms"]["sender"] == "+358457000001"


def test_after_24_hours_only_a_template_goes_to_whatsapp_and_the_page_says_so(
    hook, answering, mikko, template
):
    thread = wrote_on_whatsapp(hook, hours_ago=24.1)

    page = markup(client_of(mikko).get(of(thread)))

    assert "which takes free answers for 24 hours" in page
    assert "Send a template" in page
    assert 'name="content"' not in page
    with pytest.raises(CannotReply, match="24 hours"):
        answer(thread, mikko)


def test_who_wrote_by_sms_since_is_answered_by_sms_at_that_number(hook, answering, mikko):
    wrote_on_whatsapp(hook, hours_ago=30)
    receive(hook, content="Haloo", timestamp=clock.now().isoformat())
    thread = Thread.objects.get()

    route = routes.reply_route(thread)

    assert (route.sender, route.protocol, route.free_until) == (NUMBER, "SMS", None)


def test_an_sms_goes_out_instead_where_the_customer_says_so_and_they_have_sent_one(
    hook, thread, kahvila, aino, mikko
):
    wrote_on_whatsapp(hook, hours_ago=24.1)
    assert client_of(aino).post("/inbox/settings/", {"sms_after_whatsapp": "on"}).status_code == 302

    route = routes.reply_route(thread)

    assert (route.sender, route.protocol, route.parent.content) == (NUMBER, "SMS", "Milloin avaatte?")
    assert 'name="content"' in markup(client_of(mikko).get(of(thread)))
    client_of(aino).post("/inbox/settings/", {})
    with pytest.raises(CannotReply, match="24 hours"):
        routes.reply_route(thread)


def test_who_never_sent_an_sms_gets_none_though_the_customer_says_so(hook, answering, kahvila):
    ReplySettings.objects.create(customer=kahvila, sms_after_whatsapp=True)
    thread = wrote_on_whatsapp(hook, hours_ago=24.1)

    with pytest.raises(CannotReply, match="never sent an SMS"):
        routes.reply_route(thread)


def test_a_template_is_chosen_filled_seen_and_sent(hook, sending, template, mikko, connected, smartdialog):
    thread = wrote_on_whatsapp(hook, hours_ago=30)
    browser, here = client_of(mikko), of(thread, "template_reply")
    filled = {"template": template.pk, "value_1": "Anna", "value_2": "18"}

    assert "Muistutus" in markup(browser.get(here))
    assert "Hei Anna, pöytäsi on varattu kello {{2}}." in markup(
        browser.get(here, {"template": template.pk, "value_1": "Anna"}, **HTMX)
    )
    smartdialog.post(f"{API}/messages/templates/whatsapp", json=TEMPLATE_TAKEN)
    form = filled | {"key": str(uuid4())}
    for _ in range(2):
        assert browser.post(here, form).headers["Location"] == of(thread)
    drain(connected.pk)

    [call] = [call for call in smartdialog.calls if "templates" in call.request.url]
    body = json.loads(call.request.body)
    assert (body["TemplateName"], body["BodyParameters"]) == ("reminder_1", ["Anna", "18"])
    assert body["Recipients"] == [{"Address": ANNA}]
    sent = Message.objects.get(template=template)
    assert (sent.content, sent.state) == ("Hei Anna, pöytäsi on varattu kello 18.", MessageState.SENT)


def test_a_template_with_a_gap_is_not_sent(thread, sending, template, mikko):
    form = {"template": template.pk, "value_1": "Anna", "key": str(uuid4())}

    response = client_of(mikko).post(of(thread, "template_reply"), form)

    assert response.status_code == 422
    assert "Say what stands for {{2}}." in markup(response)
    assert not Operation.objects.filter(kind=replying.TEMPLATE).exists()


def test_a_template_that_is_too_long_once_it_is_filled_is_not_sent(thread, sending, template, mikko):
    Template.objects.update(body="Hei {{1}}, " + "a" * 900 + " {{2}}.")
    form = {"template": template.pk, "value_1": "Anna", "value_2": "b" * 113, "key": str(uuid4())}

    response = client_of(mikko).post(of(thread, "template_reply"), form)

    assert response.status_code == 422
    assert "WhatsApp takes 1,024 characters, and filled in these are 1,025." in markup(response)
    assert not Operation.objects.filter(kind=replying.TEMPLATE).exists()


def test_a_template_asks_who_did_not_see_that_a_colleague_answered_meanwhile(
    thread, sending, template, mikko, aino, connected
):
    make_connection(aino)
    browser, here = client_of(mikko), of(thread, "template_reply")
    filled = {"template": template.pk, "value_1": "Anna", "value_2": "18"}
    shown = browser.get(here, filled).context["form"]
    form = filled | {field.name: field.value() for field in shown.hidden_fields()}
    answer(thread, aino)

    asked = browser.post(here, form)

    assert asked.status_code == 422
    assert "answered meanwhile" in markup(asked)
    assert not Message.objects.filter(template=template).exists()
    again = {field.name: field.value() for field in asked.context["form"]}
    assert browser.post(here, filled | again).status_code == 302
    assert Message.objects.filter(template=template).count() == 1


def test_a_template_of_another_customer_is_not_there(thread, sending, trattoria, mikko):
    theirs = Template.objects.create(
        customer=trattoria, display_name="Loro", body="Ciao", state=TemplateState.LISTED, remote_id="x"
    )

    response = client_of(mikko).post(
        of(thread, "template_reply"), {"template": theirs.pk, "key": str(uuid4())}
    )

    assert response.status_code == 422
    assert "Ciao" not in markup(response)


def test_who_has_opted_out_gets_no_template_and_no_first_message(thread, sending, template, kahvila, mikko):
    opt_out(kahvila, mikko)

    with pytest.raises(CannotReply, match="opted out"):
        reply_with(template, thread, mikko)
    with pytest.raises(CannotReply, match="opted out"):
        routes.first_route(kahvila, ANNA, sender=NUMBER)


def test_who_opts_out_while_a_template_waits_does_not_get_it(
    thread, sending, template, kahvila, mikko, connected, smartdialog
):
    message = reply_with(template, thread, mikko)
    opt_out(kahvila, mikko)

    drain(connected.pk)

    message.refresh_from_db()
    assert message.state == MessageState.CANCELLED
    assert "opted out" in message.error_text
    assert not smartdialog.calls


def test_an_undelivered_template_is_sent_anew_as_the_template(thread, sending, template, mikko):
    message = reply_with(template, thread, mikko)
    Operation.objects.all().delete()
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED)

    again = decisions.try_again(Message.objects.get(pk=message.pk), by=mikko)

    assert (again.template, again.values) == (template, ["a", "b"])
    assert again.operation.kind == replying.TEMPLATE


def test_a_contacts_sheet_shows_what_was_said_and_the_way_to_write(thread, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    anna = make_contact(group, phone=ANNA)
    browser = client_of(mikko)

    page = markup(browser.get(reverse("contacts:contact", args=[anna.pk])))

    assert "Milloin avaatte?" in page
    assert of(thread) in page
    assert f"{NEW}?phone=%2B358401111111" in page
    assert browser.get(NEW, {"phone": ANNA}).headers["Location"] == of(thread)


def test_a_sheet_shows_nothing_of_another_customers_conversation(thread, trattoria, mikko):
    mikko.customers.add(trattoria)
    group = make_service(trattoria, kind=ServiceKind.GROUP)
    anna = make_contact(group, phone=ANNA)

    page = markup(client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])))

    assert "Milloin avaatte?" not in page
    assert "Nothing was said yet." in page


def test_what_is_known_of_the_person_fills_the_gaps_of_a_template(thread, sending, template, kahvila, mikko):
    Template.objects.filter(pk=template.pk).update(variable_names={"1": "etunimi", "2": "Taso"})
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    make_contact(group, phone=ANNA, first_name="Anna", properties={"Taso": "Kulta"})
    here = of(thread, "template_reply")

    shown = client_of(mikko).get(here, {"template": template.pk})
    assert shown.context["form"].values == ["Anna", "Kulta"]
    typed = client_of(mikko).get(here, {"template": template.pk, "value_1": "", "value_2": "Hopea"})
    assert typed.context["form"].values == ["", "Hopea"]


def test_an_answer_goes_on_the_channel_of_their_last_word_though_that_has_no_id(hook, thread, mikko):
    receive(
        hook,
        content="Nyt WhatsAppissa",
        protocol="WHATSAPP",
        messageId=None,
        timestamp=clock.now().isoformat(),
    )

    with pytest.raises(CannotReply, match="no id"):
        routes.reply_route(Thread.objects.get())


def test_the_24_hours_count_from_their_last_word_though_that_has_no_id(hook, answering, mikko):
    for hours, key in ((-30, "old"), (-1, None)):
        at = clock.after(hours * 3600).isoformat()
        receive(hook, content=f"{hours}", protocol="WHATSAPP", messageId=key, timestamp=at)

    route = routes.reply_route(Thread.objects.get())

    assert (route.parent.remote_id, route.free_until > clock.now()) == ("old", True)


def test_an_answer_leaves_by_the_service_that_they_wrote_to_where_that_may_answer(thread, kahvila, mikko):
    own = make_service(kahvila, allows_reply=True, name="Zzz")
    type(own).objects.filter(pk=own.pk).update(remote_id=thread.service.remote_id)

    assert routes.reply_route(thread).service == own
