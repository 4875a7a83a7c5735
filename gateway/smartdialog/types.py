"""What goes to SmartDialog and what comes back, in our words. Nothing above sees raw JSON.

`to_json` and `from_json` freeze a request in an outbox payload; `wire` is what the contract sends.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True)
class StoredRequest:
    """A request that an outbox operation can carry."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True)
class TakenRecipient:
    address: str
    personalization: dict[str, str] | None = None

    def wire(self) -> dict[str, Any]:
        return _present(Address=self.address, Personalization=self.personalization)


@dataclass(frozen=True)
class SmsMessage(StoredRequest):
    """A text message. `send_at` is ISO 8601 in UTC with Z, or empty for now."""

    sender: str
    content: str
    recipients: list[TakenRecipient]
    send_at: str = ""
    request_id: str = ""
    dlr_url: str = ""
    customer_data: str = ""
    ad_message: bool | None = None
    attachment_uri: str = ""
    unicode_policy: str = ""

    def to_json(self) -> dict[str, Any]:
        """As asdict has it, which takes ten times as long over the recipients of a full call."""
        return {**vars(self), "recipients": [dict(vars(each)) for each in self.recipients]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "recipients": [TakenRecipient(**each) for each in data["recipients"]]})

    def wire(self) -> dict[str, Any]:
        return _present(
            Sender=self.sender,
            Content=self.content,
            Protocol="SMS",
            Recipients=[each.wire() for each in self.recipients],
            SendDateTime=self.send_at,
            AttachmentUri=self.attachment_uri,
            CustomerData=self.customer_data,
            AdMessage=self.ad_message,
            DlrUrl=self.dlr_url,
            RequestId=self.request_id,
            UnicodeCharacterHandlingPolicy=self.unicode_policy,
        )


@dataclass(frozen=True)
class MessageButton:
    type: str
    data: str


@dataclass(frozen=True)
class TemplateMessage(StoredRequest):
    """A WhatsApp template message: one set of parameters for all its recipients."""

    template: str
    recipients: list[str]
    body_parameters: list[str] = field(default_factory=list)
    header_parameters: list[str] = field(default_factory=list)
    buttons: list[MessageButton] = field(default_factory=list)
    send_at: str = ""
    attachment_uri: str = ""
    sms_fallback: bool | None = None
    dlr_url: str = ""
    customer_data: str = ""
    request_id: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "buttons": [dict(vars(each)) for each in self.buttons]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "buttons": [MessageButton(**each) for each in data.get("buttons", [])]})

    def wire(self) -> dict[str, Any]:
        return _present(
            TemplateName=self.template,
            Recipients=[{"Address": address} for address in self.recipients],
            BodyParameters=self.body_parameters,
            HeaderParameters=self.header_parameters,
            Buttons=[{"Type": each.type, "Data": each.data} for each in self.buttons],
            SendDateTime=self.send_at,
            AttachmentUri=self.attachment_uri,
            UseSmsFallback=self.sms_fallback,
            DlrUrl=self.dlr_url,
            CustomerData=self.customer_data,
            RequestId=self.request_id,
        )


@dataclass(frozen=True)
class TemplateButton:
    """`type` is Call, QuickReply or Url; one type per template."""

    type: str
    label: str
    data: str


@dataclass(frozen=True)
class NewTemplate(StoredRequest):
    display_name: str
    content: str
    category: str
    language: str
    buttons: list[TemplateButton] = field(default_factory=list)
    attachment_url: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "buttons": [TemplateButton(**each) for each in data.get("buttons", [])]})

    def wire(self) -> dict[str, Any]:
        return _present(
            DisplayName=self.display_name,
            RawContent=self.content,
            Category=self.category,
            Language=self.language,
            Buttons=[{"Type": b.type, "Label": b.label, "Data": b.data} for b in self.buttons],
            AttachmentUrl=self.attachment_url,
        )


CONTACT_TEXTS = ("email", "firstName", "lastName", "streetAddress", "zipCode", "city", "countryCode")


@dataclass(frozen=True)
class ContactFields(StoredRequest):
    """A group contact. `active` is always sent: leaving it out would make an opted-out contact active.

    All fields are sent on an update, since the contract does not say whether it merges or replaces.
    `unsaid`: what of them is not, where it is empty, as SmartDialog calls it.
    """

    phone: str
    active: bool
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    gender: str = ""
    birth_year: int | None = None
    street_address: str = ""
    zip_code: str = ""
    city: str = ""
    country_code: str = ""
    properties: list[list[str]] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)

    @property
    def says_empty(self) -> bool:
        """Whether an update with it has an empty text."""
        return "" in self.wire(with_phone=False).values()

    def without_empty(self) -> "ContactFields":
        return replace(self, unsaid=sorted({*self.unsaid, *CONTACT_TEXTS}))

    def wire(self, *, with_phone: bool) -> dict[str, Any]:
        """With its number it is new: there is nothing that an empty text could empty."""
        body = {
            "active": self.active,
            "email": self.email,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "streetAddress": self.street_address,
            "zipCode": self.zip_code,
            "city": self.city,
            "countryCode": self.country_code,
            "customContactProperties": [{"name": name, "value": value} for name, value in self.properties],
            "phoneNumberRegions": self.regions,
        }
        emptying = {name: value for name, value in body.items() if name not in self.unsaid and not with_phone}
        phone = self.phone if with_phone else None
        return emptying | _present(**body, phone=phone, gender=self.gender, birthYear=self.birth_year)


@dataclass(frozen=True)
class RemoteContact:
    """A group contact as SmartDialog holds it. `active` None: it does not say, as the contract has it."""

    phone: str
    email: str
    first_name: str
    last_name: str
    gender: str
    birth_year: int | None
    street_address: str
    zip_code: str
    city: str
    country_code: str
    failed_messages: int | None
    properties: list[tuple[str, str]]
    active: bool | None = None


@dataclass(frozen=True)
class SentRecipient:
    """`id` is what a delivery report will refer to; empty when SmartDialog gave none."""

    address: str
    id: str


@dataclass(frozen=True)
class Sent:
    message_id: str
    parts: int | None
    recipients: list[SentRecipient]
    thread_id: str = ""


@dataclass(frozen=True)
class RemoteCustomer:
    id: str
    name: str


@dataclass(frozen=True)
class RemoteService:
    id: str
    name: str


@dataclass(frozen=True)
class RemoteTemplate:
    """`raw_content`: "" where it is not told."""

    id: str
    display_name: str
    raw_content: str


@dataclass(frozen=True)
class TemplateListing:
    """`unread`: how many more are listed, in a way that cannot be read."""

    templates: list[RemoteTemplate]
    unread: int = 0


@dataclass(frozen=True)
class PhoneRegion:
    value: str
    name: str


@dataclass(frozen=True)
class Subscribed:
    """`location` is the address that ends the subscription, where the platform gives one."""

    action_id: str
    location: str


def _present(**values: Any) -> dict[str, Any]:
    """Without what was left empty; False and 0 are values."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
