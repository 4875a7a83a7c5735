"""SmartDialog in our words: one typed method for each of its operations.

Arguments `customer`, `service` and `group` are the platform's ids. Every method makes exactly one
call and raises a GatewayError from `gateway.smartdialog.errors` when it does not succeed.
"""

import re
from dataclasses import replace
from typing import Any

from gateway import hook_urls
from gateway.smartdialog import parsing, types
from gateway.smartdialog.client import Client
from gateway.smartdialog.errors import Refused, Unsendable
from gateway.smartdialog.parsing import parse

E164 = re.compile(r"\+[1-9]\d{4,14}")


class SmartDialog:
    def __init__(self, client: Client) -> None:
        self._client = client

    # Who and what

    def customers(self) -> list[types.RemoteCustomer]:
        return parse(parsing.customers, self._client.call("GetUserCustomers").json())

    def services(
        self, *, customer: str, kind: str, allow_reply: bool | None = None
    ) -> list[types.RemoteService]:
        headers = {"ServiceType": kind}
        if allow_reply is not None:
            headers["AllowReplyMessage"] = "true" if allow_reply else "false"
        answer = self._client.call("GetCustomerServices", path={"Customer-Id": customer}, headers=headers)
        return parse(parsing.services, answer.json())

    def phone_regions(self) -> list[types.PhoneRegion]:
        return parse(parsing.regions, self._client.call("GetPhoneNumberRegions").json())

    # Messages

    def send_message(self, *, customer: str, service: str, message: types.SmsMessage) -> types.Sent:
        answer = self._client.call(
            "SendMessage", headers={"Customer-Id": customer, "Service-Id": service}, body=_wire(message)
        )
        return parse(parsing.sent_pascal, answer.json())

    def reply_to_message(
        self, *, customer: str, service: str, parent: str, message: types.SmsMessage
    ) -> types.Sent:
        answer = self._client.call(
            "SendReplyMessage",
            path={"ParentMessageId": parent},
            headers={"Customer-Id": customer, "Service-Id": service},
            body=_wire(message),
        )
        return parse(parsing.sent_pascal, answer.json())

    def reply_to_discussion(
        self, *, customer: str, thread: str, content: str, customer_data: str = ""
    ) -> types.Sent:
        body = {"ThreadId": thread, "Content": content} | (
            {"CustomerData": customer_data} if customer_data else {}
        )
        answer = self._client.call("SendDiscussionReplyMessage", headers={"CustomerId": customer}, body=body)
        return parse(parsing.sent_pascal, answer.json())

    def send_template(self, *, customer: str, service: str, message: types.TemplateMessage) -> types.Sent:
        answer = self._client.call(
            "SendWhatsappTemplateMessage",
            headers={"Customer-Id": customer, "Service-Id": service},
            body=_wire(message),
        )
        return parse(parsing.sent_camel, answer.json())

    # WhatsApp templates

    def create_template(self, *, customer: str, identity: str, template: types.NewTemplate) -> None:
        """Answers nothing: the template is found later by listing."""
        self._client.call(
            "CreateWhatsappTemplate",
            path={"Customer-Id": customer, "IdentityNumber": identity},
            body=template.wire(),
        )

    def templates(self, *, customer: str, template: str | None = None) -> types.TemplateListing:
        answer = self._client.call(
            "GetCustomerWhatsAppTemplates",
            path={"Customer-Id": customer},
            query={"TemplateId": template} if template else None,
        )
        return parse(parsing.templates, answer.json())

    def template_categories(self) -> list[str]:
        return parse(parsing.texts, self._client.call("GetWhatsappTemplateCategories").json())

    def whatsapp_identities(self, *, customer: str) -> list[str]:
        answer = self._client.call("GetCustomerWhatsappIdentities", path={"Customer-Id": customer})
        return parse(parsing.identities, answer.json())

    def opt_in(self, *, sender: str, recipient: str) -> None:
        """Deprecated by the platform in April 2022; opt-ins are kept by us."""
        self._client.call("WhatsAppOptIn", path={"Sender": sender, "Recipient": recipient})

    def opt_out(self, *, sender: str, recipient: str) -> None:
        """Deprecated by the platform in April 2022; opt-outs are kept by us."""
        self._client.call("WhatsAppOptOut", path={"Sender": sender, "Recipient": recipient})

    # Group contacts

    def create_contact(self, *, customer: str, group: str, contact: types.ContactFields) -> str:
        require_e164(contact.phone)
        answer = self._client.call(
            "CreateGroupContact",
            path={"Customer": customer, "Group Service": group},
            body=contact.wire(with_phone=True),
        )
        return parse(parsing.word, answer.json())

    def update_contact(self, *, customer: str, group: str, phone: str, contact: types.ContactFields) -> bool:
        answer = self._client.call(
            "UpdateGroupContact",
            path=_contact_path(customer, group, phone),
            body=contact.wire(with_phone=False),
        )
        return parse(parsing.taken, answer.json())

    def get_contact(
        self, *, customer: str, group: str, phone: str, region: str | None = None
    ) -> types.RemoteContact:
        """Raises Refused (404) for nobody. How it tells so is not said: an empty answer means it, too."""
        answer = self._client.call(
            "GetGroupContact",
            path=_contact_path(customer, group, phone),
            query={"Region": region} if region else None,
        )
        if (data := answer.json()) == {}:
            raise Refused("", status=404)
        return parse(parsing.contact, data)

    def delete_contact(self, *, customer: str, group: str, phone: str) -> bool:
        answer = self._client.call("DeleteGroupContact", path=_contact_path(customer, group, phone))
        return parse(parsing.taken, answer.json())

    def delete_all_contacts(self, *, customer: str, group: str) -> bool:
        """Empties the whole group in one call."""
        answer = self._client.call(
            "DeleteAllGroupContacts", path={"Customer": customer, "Group Service": group}
        )
        return parse(parsing.taken, answer.json())

    # Inbound messages

    def subscribe(
        self, *, customer: str, service: str, name: str, description: str, endpoint_url: str
    ) -> types.Subscribed:
        """Ask a two-way service to POST its messages to `endpoint_url`."""
        answer = self._client.call(
            "NewMessage",
            path={"Service": service},
            headers={"Customer": customer},
            body={
                "name": name,
                "actionType": "HttpRequest",
                "description": description,
                "options": {"endpointUrl": endpoint_url, "httpVerb": "POST"},
            },
        )
        action = parse(lambda data: parsing.key(data["id"]), answer.json())
        return types.Subscribed(action_id=action, location=answer.headers.get("Location", ""))

    def unsubscribe(self, *, pipeline: str, action: str) -> None:
        self._client.call("DeleteTrigger", path={"Pipeline-Id": pipeline, "Action-Id": action})


def _wire(message: types.SmsMessage | types.TemplateMessage) -> dict[str, Any]:
    return replace(message, dlr_url=hook_urls.with_secret(message.dlr_url)).wire()


def require_e164(phone: str) -> str:
    """The number as it may travel. A short, empty or national one is refused before any call."""
    if not E164.fullmatch(phone):
        raise Unsendable("a contact's number has to be in international form, such as +358401234567.")
    return phone


def _contact_path(customer: str, group: str, phone: str) -> dict[str, str]:
    return {"Customer": customer, "Group Service": group, "Phone": require_e164(phone)}
