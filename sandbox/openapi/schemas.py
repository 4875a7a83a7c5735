"""What each operation takes and gives, in JSON Schema's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.api import contacts, messages, services, templates
from sandbox.api.bodies import INT32, Field, ListOf
from sandbox.seed import CUSTOMERS, customer_id, service_id

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "format": "uuid"}
_NUMBER: Schema = {"type": "integer", "minimum": INT32.start, "maximum": INT32.stop - 1}
_TRUTH: Schema = {"type": "boolean"}


def object_of(*, optional: Iterable[str] = (), **properties: Schema) -> Schema:
    """An object with exactly these properties, all there but for the optional ones."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


ERROR = object_of(errorMessage=_TEXT)
SENT = object_of(
    MessageId=_ID, MessagePartCount=_NUMBER, Recipients=list_of(object_of(Address=_TEXT, Id=_ID))
)
SENT_TO_THREAD = object_of(**SENT["properties"], ThreadId=_ID)
SENT_TEMPLATE = object_of(
    messageId=_ID, messagePartCount=_NUMBER, recipients=list_of(object_of(address=_TEXT, id=_ID))
)
CONTACT_TEXTS = ("email", "firstName", "lastName", "streetAddress", "zipCode", "city", "countryCode")
CONTACT = object_of(
    optional=(*CONTACT_TEXTS, "gender", "birthYear"),
    **dict.fromkeys(("phone", *CONTACT_TEXTS), _TEXT),
    gender={"enum": ["Male", "Female", "Other"]},
    birthYear=_NUMBER,
    failedMessages=_NUMBER,
    customContactProperties=list_of(object_of(optional=("name", "value"), name=_TEXT, value=_TEXT)),
)


@dataclass(frozen=True, kw_only=True)
class OperationSchema:
    """`answer` None is a success without a body."""

    success: int = 200
    answer: Schema | None = None
    body: tuple[Field, ...] = ()
    headers: tuple[str, ...] = ()
    optional_headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()


SEND_HEADERS = ("Customer-Id", "Service-Id")
OPERATION_SCHEMAS = {
    "GetUserCustomers": OperationSchema(
        answer=object_of(customerUsers=list_of(object_of(customerId=_ID, customerName=_TEXT)))
    ),
    "GetCustomerServices": OperationSchema(
        headers=("ServiceType",),
        optional_headers=("AllowReplyMessage",),
        answer=list_of(object_of(id=_ID, name=_TEXT)),
    ),
    "SendMessage": OperationSchema(headers=SEND_HEADERS, body=messages.SEND_FIELDS, answer=SENT),
    "SendReplyMessage": OperationSchema(headers=SEND_HEADERS, body=messages.SEND_FIELDS, answer=SENT),
    "SendDiscussionReplyMessage": OperationSchema(
        headers=("CustomerId",), body=messages.DISCUSSION_FIELDS, answer=SENT_TO_THREAD
    ),
    "NewMessage": OperationSchema(
        success=201, headers=("Customer",), body=services.TRIGGER_FIELDS, answer=object_of(id=_ID)
    ),
    "DeleteTrigger": OperationSchema(success=204),
    "GetWhatsappTemplateCategories": OperationSchema(answer=list_of(_TEXT)),
    "GetCustomerWhatsappIdentities": OperationSchema(
        answer=list_of(object_of(inputSource=object_of(address=_TEXT)))
    ),
    "GetCustomerWhatsAppTemplates": OperationSchema(
        query=("TemplateId",),
        answer=list_of(
            object_of(id=_TEXT, displayName=_TEXT, extensionParameters=object_of(rawContent=_TEXT))
        ),
    ),
    "CreateWhatsappTemplate": OperationSchema(success=204, body=templates.CREATE_FIELDS),
    "SendWhatsappTemplateMessage": OperationSchema(
        headers=SEND_HEADERS, body=templates.SEND_FIELDS, answer=SENT_TEMPLATE
    ),
    "WhatsAppOptIn": OperationSchema(success=204),
    "WhatsAppOptOut": OperationSchema(success=204),
    "CreateGroupContact": OperationSchema(body=contacts.NEW_FIELDS, answer=_ID),
    "GetGroupContact": OperationSchema(query=("Region",), answer=CONTACT),
    "UpdateGroupContact": OperationSchema(body=contacts.FIELDS, answer=_TRUTH),
    "DeleteGroupContact": OperationSchema(answer=_TRUTH),
    "DeleteAllGroupContacts": OperationSchema(answer=_TRUTH),
    "GetPhoneNumberRegions": OperationSchema(answer=list_of(object_of(value=_TEXT, name=_TEXT))),
}

PHONE = "+358401234567"
EXAMPLES: dict[str, Any] = {
    "customer": str(customer_id(1)),
    "group": str(service_id(1, 11)),
    "service": str(service_id(1, 3)),
    "identity": CUSTOMERS[0].whatsapp_number,
    "sender": CUSTOMERS[0].whatsapp_number,
    "recipient": PHONE,
    "phone": PHONE,
    "Address": PHONE,
    "Customer-Id": str(customer_id(1)),
    "CustomerId": str(customer_id(1)),
    "Customer": str(customer_id(1)),
    "Service-Id": str(service_id(1, 2)),
    "ServiceType": "OneWay",
    "AllowReplyMessage": "true",
    "Region": "FI",
    "Category": "Utility",
    "Language": "fi",
    "SendDateTime": "2099-01-01T12:00:00Z",
    "AttachmentUri": "https://kahvila.example/menu.png",
    "AttachmentUrl": "https://kahvila.example/menu.png",
    "DlrUrl": "https://kahvila.example/dlr?part=1",
    "endpointUrl": "https://kahvila.example/hook",
}
"""Values that work with the demo people, for those who try the API by hand or by machine."""


def body_schema(fields: Iterable[Field]) -> Schema:
    fields = tuple(fields)
    return {
        "type": "object",
        "properties": {field.name: field_schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def field_schema(field: Field) -> Schema:
    schema = kind_schema(field.kind)
    if schema == _TEXT and field.required:
        schema |= {"minLength": 1}
    if field.longest is not None:
        schema |= {"maxLength": field.longest}
    if field.choices:
        schema |= {"enum": list(field.choices)}
    return schema | ({"example": EXAMPLES[field.name]} if field.name in EXAMPLES else {})


def kind_schema(kind: Any) -> Schema:
    if isinstance(kind, ListOf):
        return list_of(_TEXT if kind.fields is None else body_schema(kind.fields))
    if isinstance(kind, tuple):
        return body_schema(kind)
    kinds = {
        str: _TEXT,
        int: _NUMBER,
        bool: _TRUTH,
        dict: {"type": "object"},
        "date-time": {"type": "string", "format": "date-time"},
    }
    return dict(kinds[kind])
