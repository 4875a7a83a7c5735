"""SMS: operations 2 to 4."""

from typing import Any

from sandbox import ids
from sandbox.api.bodies import Field, ListOf, read_body
from sandbox.api.calls import Call, Refusal, Reply
from sandbox.api.numbers import spelled
from sandbox.api.sending import Accepted, Draft, accept, readable_addresses
from sandbox.api.services import get_service
from sandbox.api.texts import is_gsm, part_count, personalise, placeholders, without_unicode
from sandbox.models import Inbound, Message, Service, Thread

SEND_FIELDS = (
    Field(name="Sender", required=True),
    Field(name="Content", required=True),
    Field(name="Protocol", required=True, choices=("SMS",)),
    Field(
        name="Recipients",
        required=True,
        kind=ListOf((Field(name="Address", required=True), Field(name="Personalization", kind=dict))),
    ),
    Field(name="SendDateTime", kind="date-time"),
    Field(name="AttachmentUri"),
    Field(name="CustomerData", longest=255),
    Field(name="AdMessage", kind=bool),
    Field(name="DlrUrl"),
    Field(name="RequestId", longest=1000),
    Field(name="UnicodeCharacterHandlingPolicy", choices=("None", "Strict", "Replace")),
)
DISCUSSION_FIELDS = (
    Field(name="ThreadId", required=True),
    Field(name="Content", required=True),
    Field(name="CustomerData", longest=255),
)


def send(call: Call) -> Reply:
    body = read_body(call, SEND_FIELDS)
    service = get_service(call, service_header(call), Service.Kind.ONE_WAY)
    return answer(call, accept(call, draft_sms(call, body, service=service)), body["Content"])


def reply(call: Call) -> Reply:
    body = read_body(call, SEND_FIELDS)
    service = get_service(call, service_header(call), Service.Kind.ONE_WAY)
    if not service.allows_reply:
        raise Refusal(400, "The service does not allow replies")
    parent = parent_message(call)
    if call.switches["reply_recipients"] == "parent":
        body["Recipients"] = [{"Address": parent.sender}]
    draft = draft_sms(call, body, service=service)
    draft.kind = kind_of_reply(call, parent)
    draft.reply_to, draft.thread = parent.id, parent.thread
    reply = answer(call, accept(call, draft), body["Content"])
    return reply if call.switches["thread_ids"] == "discussion" else with_thread(call, reply, parent.thread)


def reply_in_discussion(call: Call) -> Reply:
    body = read_body(call, DISCUSSION_FIELDS)
    check_length(call, body["Content"])
    try:
        thread = Thread.objects.get(id=ids.decode(body["ThreadId"]), customer=call.customer)
    except (ValueError, Thread.DoesNotExist) as error:
        raise Refusal(404, "There is no such thread") from error
    draft = Draft(
        kind=Message.Kind.SMS,
        sender=call.customer.inbound_service().address,
        content=body["Content"],
        body=body,
        recipients=[(thread.phone, body["Content"])],
        thread=thread,
    )
    return with_thread(call, answer(call, accept(call, draft), body["Content"]), thread)


def with_thread(call: Call, reply: Reply, thread: Thread | None) -> Reply:
    return Reply(200, reply.body | {"ThreadId": call.written(thread.id)}) if thread else reply


def service_header(call: Call) -> str:
    text = call.request.headers.get("Service-Id", "")
    if not text:
        raise Refusal(400, "The header Service-Id is required")
    return text


def parent_message(call: Call) -> Inbound:
    try:
        return Inbound.objects.get(id=ids.decode(call.path["parent"]), service__customer=call.customer)
    except (ValueError, Inbound.DoesNotExist) as error:
        raise Refusal(404, "There is no such parent message") from error


def kind_of_reply(call: Call, parent: Inbound) -> Message.Kind:
    if parent.kind == Message.Kind.SMS:
        return Message.Kind.SMS
    if call.switches["whatsapp_replies"] == "refuse":
        raise Refusal(400, "A WhatsApp message cannot be answered with text")
    return Message.Kind(call.switches["whatsapp_replies"])


def draft_sms(call: Call, body: dict[str, Any], *, service: Service) -> Draft:
    content = allowed_characters(body)
    check_length(call, content)
    limit = call.switches["sender_limit"]
    if limit and len(body["Sender"]) > limit:
        raise Refusal(400, f"Sender is longer than {limit} characters")
    recipients = [
        (address, personalised(call, content, recipient.get("Personalization", {})))
        for address, recipient in readable_addresses(call, body["Recipients"])
    ]
    return Draft(
        kind=Message.Kind.SMS,
        sender=body["Sender"],
        content=content,
        body=body,
        recipients=recipients,
        service=service,
    )


def personalised(call: Call, content: str, values: dict[str, Any]) -> str:
    unknown = call.switches["unknown_placeholder"]
    missing = placeholders(content) - values.keys()
    if missing and unknown == "refuse":
        raise Refusal(400, f"There is no value for {', '.join(sorted(missing))}")
    return personalise(content, dict.fromkeys(missing, "") | values if unknown == "empty" else values)


def allowed_characters(body: dict[str, Any]) -> str:
    policy = body.get("UnicodeCharacterHandlingPolicy", "None")
    if policy == "Strict" and not is_gsm(body["Content"]):
        raise Refusal(400, "Content holds Unicode characters")
    return without_unicode(body["Content"]) if policy == "Replace" else body["Content"]


def check_length(call: Call, content: str) -> None:
    limit = call.switches["content_limit"]
    if limit and len(content) > limit:
        raise Refusal(400, f"Content is longer than {limit} characters")


def answer(call: Call, accepted: Accepted, content: str) -> Reply:
    recipients = [
        {"Address": spelled(call, one.address), "Id": call.written(one.told_id(call.switches))}
        for one in accepted.recipients
    ]
    return Reply(
        200,
        {
            "MessageId": call.written(accepted.message_id),
            "MessagePartCount": part_count(content),
            "Recipients": recipients,
        },
    )
