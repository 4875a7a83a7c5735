"""All 20 operations, made through our client the way the dashboard makes them."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.types import (
    ContactFields,
    MessageButton,
    NewTemplate,
    RemoteService,
    SmsMessage,
    TakenRecipient,
    TemplateButton,
    TemplateMessage,
)
from tests.sandbox_process import Sandbox

PHONE = "+358401234567"
OTHER_PHONE = "+358401234568"


class EveryOperation:
    """`hooks` is where delivery reports and notifications are sent."""

    def __init__(self, api: SmartDialog, sandbox: Sandbox, *, hooks: str) -> None:
        self.api, self.sandbox, self.hooks = api, sandbox, hooks

    def make(self) -> None:
        self.look_around()
        self.send()
        self.answer()
        self.use_templates()
        self.change_consent()
        self.keep_contacts()

    def look_around(self) -> None:
        self.customer = next(each.id for each in self.api.customers() if each.name == "Kahvila Aalto")
        self.marketing = self.pick("OneWay", allow_reply=False)
        self.replies = self.pick("OneWay", allow_reply=True)
        self.inbound = self.pick("TwoWay")
        self.group = self.pick("Group")
        assert {"FI", "SE", "IT"} <= {region.value for region in self.api.phone_regions()}

    def pick(self, kind: str, *, allow_reply: bool | None = None) -> str:
        listed: list[RemoteService] = self.api.services(
            customer=self.customer, kind=kind, allow_reply=allow_reply
        )
        return listed[0].id

    def send(self) -> None:
        sent = self.api.send_message(customer=self.customer, service=self.marketing, message=self.sms())
        assert [each.address for each in sent.recipients] == [PHONE, OTHER_PHONE]

    def sms(self) -> SmsMessage:
        """A message with every parameter that the published contract has."""
        return SmsMessage(
            sender="Kahvila",
            content="Hei $(firstName), tervetuloa!",
            recipients=[TakenRecipient(PHONE, {"firstName": "Åsa"}), TakenRecipient(OTHER_PHONE)],
            send_at=in_an_hour(),
            request_id=f"tour-{time.time_ns()}",
            dlr_url=f"{self.hooks}/hooks/dlr/secret/?part=1",
            customer_data="summer",
            ad_message=False,
            attachment_uri="https://kahvila.example/menu.png",
        )

    def answer(self) -> None:
        subscribed = self.api.subscribe(
            customer=self.customer,
            service=self.inbound,
            name="EveryOperation",
            description="Sends new messages to the dashboard’s inbox.",
            endpoint_url=f"{self.hooks}/hooks/inbound/secret/",
        )
        inbound = self.receive("Mihin aikaan avaatte?")
        reply = SmsMessage(
            "Kahvila", "Kello 9.", [TakenRecipient(PHONE)], request_id=f"reply-{time.time_ns()}"
        )
        self.api.reply_to_message(
            customer=self.customer, service=self.replies, parent=inbound["messageId"], message=reply
        )
        sent = self.api.reply_to_discussion(
            customer=self.customer, thread=inbound["threadId"], content="Nähdään!", customer_data="summer"
        )
        assert sent.thread_id == inbound["threadId"]
        _, pipeline, _, action = map(unquote, urlsplit(subscribed.location).path.split("/")[-4:])
        self.api.unsubscribe(pipeline=pipeline, action=action)

    def receive(self, text: str) -> dict[str, str]:
        """A phone writes to us, and the notification of it has gone out."""
        event = {"type": "inbound", "from": PHONE, "to": "+358451234567", "text": text}
        (inbound,) = self.sandbox.post("/_events", event).json()["events"]
        wait_until(lambda: any(each["tries"] for each in self.sandbox.state(only="callbacks")["callbacks"]))
        return inbound

    def use_templates(self) -> None:
        assert "Utility" in self.api.template_categories()
        (identity,) = self.api.whatsapp_identities(customer=self.customer)
        name = f"Tour {time.time_ns()}"
        buttons = [TemplateButton("Url", "Ruokalista", "https://kahvila.example/menu")]
        self.api.create_template(
            customer=self.customer,
            identity=identity,
            template=NewTemplate(
                name, "Hei {{1}}!", "Utility", "fi", buttons, "https://kahvila.example/menu.png"
            ),
        )
        self.sandbox.post("/_events", {"type": "review", "template": name, "verdict": "approved"})
        template = next(
            each for each in self.api.templates(customer=self.customer).templates if each.display_name == name
        )
        assert self.api.templates(customer=self.customer, template=template.id).templates == [template]
        self.api.send_template(
            customer=self.customer, service=self.marketing, message=self.whatsapp(template.id)
        )

    def whatsapp(self, template: str) -> TemplateMessage:
        return TemplateMessage(
            template=template,
            recipients=[PHONE],
            body_parameters=["Åsa"],
            header_parameters=["Kahvila"],
            buttons=[MessageButton("Url", "Ruokalista")],
            send_at=in_an_hour(),
            attachment_uri="https://kahvila.example/menu.png",
            sms_fallback=True,
            dlr_url=f"{self.hooks}/hooks/dlr/secret/?part=2",
            customer_data="summer",
            request_id=f"tour-whatsapp-{time.time_ns()}",
        )

    def change_consent(self) -> None:
        (identity,) = self.api.whatsapp_identities(customer=self.customer)
        self.api.opt_in(sender=identity, recipient=PHONE)
        self.api.opt_out(sender=identity, recipient=PHONE)

    def keep_contacts(self) -> None:
        place = {"customer": self.customer, "group": self.group}
        self.api.create_contact(**place, contact=contact(active=True))
        self.api.update_contact(**place, phone=PHONE, contact=contact(active=False, first_name="Åsa"))
        kept = self.api.get_contact(**place, phone=PHONE, region="FI")
        assert (kept.first_name, kept.properties) == ("Åsa", [("Taso", "kulta")])
        assert self.api.delete_contact(**place, phone=PHONE)
        assert self.api.delete_all_contacts(**place)


def contact(*, active: bool, first_name: str = "Aino") -> ContactFields:
    return ContactFields(
        phone=PHONE,
        active=active,
        email="asa@kahvila.example",
        first_name=first_name,
        last_name="Öhman",
        gender="Female",
        birth_year=1990,
        street_address="Aleksanterinkatu 1",
        zip_code="00100",
        city="Helsinki",
        country_code="FIN",
        properties=[["Taso", "kulta"]],
        regions=["FI", "SE"],
    )


def in_an_hour() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def wait_until(holds) -> None:
    give_up = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < give_up, "waited too long"
        time.sleep(0.05)
