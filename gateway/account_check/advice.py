"""What each step of the account check proves, and what to ask Arena for when it fails."""

from typing import NamedTuple


class StepAdvice(NamedTuple):
    proves: str
    ask: str


_GROUPS = "the scope Group.Management, and a group service for this account"
_WHATSAPP = "the scope WhatsApp, and a WhatsApp Business number connected to the account"
_SENDING = "the scope Gateway.Send, and a one-way service with this sender allowed"
_TWO_WAY = "the scope TwoWay.Management, and a two-way service for this account"

ADVICE = {
    "Sign-in": StepAdvice(
        "the client id, the secret and the person's grant are good",
        "the client id and secret of your application, and its address of return to be registered",
    ),
    "Renewal": StepAdvice(
        "people stay signed in", "the scope offline_access to be allowed for your application"
    ),
    "GetUserCustomers": StepAdvice(
        "the API takes our access token", "the scope User.Customers, and the person added to a customer"
    ),
    "GetCustomerServices": StepAdvice(
        "the customer's senders, inboxes and groups can be read",
        "the scope Customer.Services, and the services that you ordered",
    ),
    "GetPhoneNumberRegions": StepAdvice("national phone numbers can be told apart by country", _GROUPS),
    "GetWhatsappTemplateCategories": StepAdvice("WhatsApp is open to the person", _WHATSAPP),
    "GetCustomerWhatsappIdentities": StepAdvice("the customer has a WhatsApp number", _WHATSAPP),
    "GetCustomerWhatsAppTemplates": StepAdvice("approved templates can be found", _WHATSAPP),
    "GetGroupContact": StepAdvice("a contact is found by its number, with the + encoded once", _GROUPS),
    "CreateGroupContact": StepAdvice("contacts arrive in the group", _GROUPS),
    "UpdateGroupContact": StepAdvice("contacts can be changed and made inactive", _GROUPS),
    "DeleteGroupContact": StepAdvice("one contact can be deleted, and only that one", _GROUPS),
    "SendMessage": StepAdvice("messages are taken", _SENDING),
    "SendMessage again": StepAdvice(
        "a message that is tried again is not sent twice", "a repeated RequestId to be refused for 7 days"
    ),
    "SendWhatsappTemplateMessage": StepAdvice("an approved template can be sent", _WHATSAPP),
    "NewMessage": StepAdvice("messages that people write can be brought here", _TWO_WAY),
    "DeleteTrigger": StepAdvice(
        "bringing messages here can be ended again",
        f"{_TWO_WAY}; and the Location header in the answer of NewMessage",
    ),
}

# By the codes of gateway.reasons, whose words promise what is done by itself.
WHAT_HAPPENED = {
    "kept": "SmartDialog could not be used.",
    "not_started": "It could not be started.",
    "unreachable": "SmartDialog did not answer.",
    "no_token": "SmartDialog’s sign-in service has a fault.",
    "wrong_setting": "SmartDialog does not take this dashboard’s own sign-in.",
    "throttled": "SmartDialog asked us to slow down.",
    "server_fault": "SmartDialog has a fault.",
    "no_answer": "SmartDialog’s answer did not reach us.",
    "unreadable": "SmartDialog answered in a way we could not read.",
    "silent": "SmartDialog answered without a word.",
}
