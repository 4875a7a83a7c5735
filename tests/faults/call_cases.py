"""The five calls that people cause: what each does, and what the platform and the person then have of it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from contacts.editing import crud
from contacts.models import Contact
from gateway.models import Service, WhatsappIdentity
from gateway.sign_in import tokens
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.types import NewTemplate
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.replies import replying
from messaging.whatsapp.models import Template
from messaging.whatsapp.submission import submitting
from tests.factories import make_contact
from tests.sandbox_process import Sandbox

MAIJA, PEKKA, ANNA, NUMBER = "+358401230001", "+358401230002", "+358401111111", "+358451234567"
BODY = "Hei {{1}}, pöytä odottaa sinua! Lopeta: vastaa STOP"


@dataclass(frozen=True)
class CallCase:
    """`call`: its name in the contract. `held`: how often the platform has it. `told`: its state here."""

    call: str
    do: Callable[[User, Sandbox], None]
    held: Callable[[Sandbox], int]
    told: Callable[[], str]


def send_sms(mikko: User, sandbox: Sandbox) -> None:
    _send(mikko, sender="Kahvila", content="Hei $(firstName)!")


def new_template(mikko: User, sandbox: Sandbox) -> Template:
    """That the sandbox knows and lists."""
    identity = WhatsappIdentity.objects.get(customer__name="Kahvila Aalto")
    new = NewTemplate(display_name="pöytä", content=BODY, category="Marketing", language="fi")
    api = SmartDialog(Client(tokens.bearer(mikko.connection)))
    api.create_template(customer=identity.customer.remote_id, identity=identity.address, template=new)
    sandbox.approve_templates()
    [listed] = sandbox.state(only="templates")["templates"]
    return Template.objects.create(
        customer=identity.customer, body=BODY, remote_id=listed["id"], state="listed"
    )


def send_template(mikko: User, sandbox: Sandbox) -> None:
    template = new_template(mikko, sandbox)
    _send(mikko, channel="whatsapp", template=template, parameters=[{"field": "firstName"}])


def write_contact(mikko: User, sandbox: Sandbox) -> None:
    """Nobody else is in the group, so that nobody is looked up before."""
    Service.objects.update(is_shared=False)
    crud.add(_group(), phone=PEKKA, values={"first_name": "Pekka"}, by=mikko)


def submit_template(mikko: User, sandbox: Sandbox) -> None:
    identity = WhatsappIdentity.objects.get(customer__name="Kahvila Aalto")
    template = Template.objects.create(
        customer=identity.customer,
        display_name="pöytä",
        body=BODY,
        category="Marketing",
        language="fi",
        identity=identity.address,
        created_by=mikko,
    )
    submitting.submit(template, revision=template.revision, by=mikko)


def answer(mikko: User, sandbox: Sandbox) -> None:
    written = {"type": "inbound", "from": ANNA, "to": NUMBER, "text": "Milloin avaatte?"}
    [event] = sandbox.post("/_events", written).json()["events"]
    number, now = Service.objects.two_way().get(customer__name="Kahvila Aalto"), timezone.now()
    thread = Thread.objects.create(
        customer=number.customer, service=number, address=ANNA, our_address=NUMBER, last_message_at=now
    )
    Message.objects.create(
        thread=thread, direction=Direction.IN, remote_id=event["messageId"], at=now, received_at=now
    )
    replying.reply(thread, "Kello 9.", key=uuid4(), by=mikko)


def _send(mikko: User, **words: object) -> None:
    """To a group of one."""
    group = _group()
    make_contact(group, phone=MAIJA, first_name="Maija")
    service = Service.objects.one_way().get(customer=group.customer)
    fields = {"group": group, "service": service, **words}
    campaign, _ = lifecycle.create(customer=group.customer, uuid=uuid4(), fields=fields, by=mikko)
    lifecycle.schedule(campaign, revision=campaign.revision, people=1, calls=1, by=mikko)
    sending.send_now(campaign.pk)


def _group() -> Service:
    return Service.objects.groups().get(name="Jäsenet")


def _messages(call: str) -> Callable[[Sandbox], int]:
    def held(sandbox: Sandbox) -> int:
        messages = sandbox.state(only="messages")["messages"]
        return sum(len(each["recipients"]) for each in messages if each["operation"] == call)

    return held


def _contacts(sandbox: Sandbox) -> int:
    groups = sandbox.state(only="contacts")["contacts"]
    return sum(one["created_count"] for group in groups for one in group["contacts"] if one["phone"] == PEKKA)


def _templates(sandbox: Sandbox) -> int:
    return len(sandbox.state(only="templates")["templates"])


def _campaign() -> str:
    return Campaign.objects.get().recipients.get().state


CALL_CASES = {
    "sms": CallCase("SendMessage", send_sms, _messages("SendMessage"), _campaign),
    "whatsapp": CallCase(
        "SendWhatsappTemplateMessage", send_template, _messages("SendWhatsappTemplateMessage"), _campaign
    ),
    "contact": CallCase(
        "CreateGroupContact", write_contact, _contacts, lambda: Contact.objects.get(phone=PEKKA).sync_state
    ),
    "template": CallCase(
        "CreateWhatsappTemplate", submit_template, _templates, lambda: Template.objects.get().state
    ),
    "reply": CallCase(
        "SendReplyMessage",
        answer,
        _messages("SendReplyMessage"),
        lambda: Message.objects.get(direction=Direction.OUT).state,
    ),
}
FINAL_STATES = {
    "sms": "accepted",
    "whatsapp": "accepted",
    "contact": "synced",
    "template": "submitted",
    "reply": "sent",
}
