"""WhatsApp: operations 8 to 14."""

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.text import slugify

from sandbox import clock
from sandbox.api import meta_rules
from sandbox.api.bodies import Field, ListOf, read_body
from sandbox.api.calls import Call, Refusal, Reply, wrong_customer
from sandbox.api.messages import service_header
from sandbox.api.numbers import e164
from sandbox.api.sending import Draft, accept, readable_addresses
from sandbox.api.services import get_service
from sandbox.api.texts import fill_template, part_count, variable_count
from sandbox.models import Customer, Message, OptIn, Service, Template

BUTTON_TYPES = ("Call", "QuickReply", "Url")
MAX_DATA_LENGTHS = {"Call": 20, "QuickReply": 20, "Url": 2000}

CREATE_FIELDS = (
    Field(name="DisplayName", required=True, longest=100),
    Field(name="RawContent", required=True),
    Field(name="Category", required=True),
    Field(name="Language", required=True),
    Field(
        name="Buttons",
        kind=ListOf((Field(name="Type", choices=BUTTON_TYPES), Field(name="Label"), Field(name="Data"))),
    ),
    Field(name="AttachmentUrl"),
)
SEND_FIELDS = (
    Field(name="TemplateName", required=True),
    Field(name="Recipients", required=True, kind=ListOf((Field(name="Address", required=True),))),
    Field(name="BodyParameters", kind=ListOf()),
    Field(name="HeaderParameters", kind=ListOf()),
    Field(name="Buttons", kind=ListOf((Field(name="Type", choices=BUTTON_TYPES), Field(name="Data")))),
    Field(name="SendDateTime"),
    Field(name="AttachmentUri"),
    Field(name="UseSmsFallback", kind=bool),
    Field(name="DlrUrl"),
    Field(name="CustomerData", longest=255),
    Field(name="RequestId", longest=1000),
)


def list_categories(call: Call) -> Reply:
    return Reply(200, categories(call))


def list_identities(call: Call) -> Reply:
    return Reply(200, [{"inputSource": {"address": call.customer.whatsapp_number}}])


def list_templates(call: Call) -> Reply:
    templates = listable_templates(call)
    wanted = call.request.GET.get("TemplateId")
    if wanted:
        templates = templates.filter(name=wanted)
    return Reply(200, [as_json(template) for template in templates])


def create(call: Call) -> Reply:
    body = read_body(call, CREATE_FIELDS)
    call.subject = body["DisplayName"]
    identity = e164(call.path["identity"])
    if identity != call.customer.whatsapp_number:
        raise Refusal(400, "The customer has no such WhatsApp identity")
    if len(body["Language"]) != 2:
        raise Refusal(400, "Language must be a 2-character code")
    if body["Category"] not in categories(call):
        raise Refusal(400, f"Category must be one of {', '.join(categories(call))}")
    check_buttons(body.get("Buttons", []))
    if call.switches["meta_rules"]:
        meta_rules.check_template(call.customer, body)
    Template.objects.create(
        name=new_id(call, body["DisplayName"]),
        customer=call.customer,
        identity=identity,
        display_name=body["DisplayName"],
        raw_content=body["RawContent"],
        category=body["Category"],
        language=body["Language"],
        buttons=body.get("Buttons", []),
        attachment_url=body.get("AttachmentUrl", ""),
        created_at=clock.now(),
    )
    return Reply(204)


def send(call: Call) -> Reply:
    body = read_body(call, SEND_FIELDS)
    service = get_service(call, service_header(call), Service.Kind.ONE_WAY)
    template = call.customer.templates.filter(name=body["TemplateName"]).first()
    if call.switches["meta_rules"]:
        meta_rules.check_send(template, body)
    if template is None or template.review != Template.Review.APPROVED:
        raise Refusal(400, "There is no approved template of this name")
    text = fill(template, body.get("BodyParameters", []))
    addressed = [(address, text) for address, _ in readable_addresses(call, body["Recipients"])]
    draft = Draft(
        kind=Message.Kind.WHATSAPP,
        sender=template.identity,
        content=template.raw_content,
        body=body,
        recipients=addressed,
        service=service,
        buttons=template.buttons,
    )
    accepted = accept(call, draft)
    recipients = [
        {"address": one.address, "id": call.written(one.told_id(call.switches))}
        for one in accepted.recipients
    ]
    shape = {"messageId": call.written(accepted.message_id), "messagePartCount": part_count(text)}
    return Reply(200, shape | {"recipients": recipients})


def opt_in(call: Call) -> Reply:
    return set_consent(call, opted_in=True)


def opt_out(call: Call) -> Reply:
    return set_consent(call, opted_in=False)


def categories(call: Call) -> list[str]:
    return [name.strip() for name in call.switches["template_categories"].split(",") if name.strip()]


def new_id(call: Call, display_name: str) -> str:
    if call.switches["template_ids"] == "guid":
        return str(uuid4())
    return f"{slugify(display_name).replace('-', '_') or 'template'}_{uuid4().hex[:6]}"


def listable_templates(call: Call) -> QuerySet[Template]:
    templates = call.customer.templates.all()
    if not call.switches["list_all_templates"]:
        templates = templates.filter(review__in=[Template.Review.APPROVED, Template.Review.PAUSED])
    return templates


def as_json(template: Template) -> dict[str, Any]:
    return {
        "id": template.name,
        "displayName": template.display_name,
        "extensionParameters": {"rawContent": template.raw_content},
    }


def check_buttons(buttons: list[dict[str, str]]) -> None:
    if len({button.get("Type") for button in buttons}) > 1:
        raise Refusal(400, "A template has buttons of one Type only")
    for button in buttons:
        longest = MAX_DATA_LENGTHS.get(button.get("Type", ""), 2000)
        if len(button.get("Data", "")) > longest:
            raise Refusal(400, f"Data of a button is longer than {longest} characters")


def fill(template: Template, parameters: list[str]) -> str:
    needed = variable_count(template.raw_content)
    if len(parameters) != needed:
        raise Refusal(400, f"The template needs {needed} BodyParameters, {len(parameters)} came")
    return fill_template(template.raw_content, parameters)


def set_consent(call: Call, *, opted_in: bool) -> Reply:
    assert call.person
    if call.switches["whatsapp_opt_ins"] == "gone":
        raise Refusal(404, "WhatsApp opt-ins are kept no more")
    sender, recipient = e164(call.path["sender"]), e164(call.path["recipient"])
    call.subject = recipient
    owner = Customer.objects.filter(whatsapp_number=sender).first()
    if owner is None:
        raise Refusal(404, "There is no such WhatsApp identity")
    if not call.person.customers.filter(id=owner.id).exists():
        raise wrong_customer(call)
    OptIn.objects.update_or_create(sender=sender, recipient=recipient, defaults={"opted_in": opted_in})
    return Reply(204)
