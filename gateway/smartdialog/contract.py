"""The 20 operations of SmartDialog's published connector contract, as one table.

Source: the SmartDialog connector definition (OpenAPI 2.0, version 1.0). Names, paths and header
spellings are exact: the customer is carried in five different ways. The client refuses a call that
does not carry what its row says.
"""

from dataclasses import dataclass
from enum import Enum

from gateway.models import Lane


class Idempotency(Enum):
    """Whether a call that may have been taken is made once more."""

    IDEMPOTENT = "harmless"  # the second changes nothing that the first did not
    BY_REQUEST_ID = "by RequestId"  # its idempotency key: SmartDialog drops the second
    NEVER = "never"  # not idempotent: a person decides, or it is looked up first


@dataclass(frozen=True)
class Endpoint:
    """`lane` is the one its calls take, but for those that a person waits for (see `outbox.add`)."""

    name: str
    method: str
    path: str
    scope: str
    lane: Lane
    repeat: Idempotency
    headers: tuple[str, ...] = ()
    optional_headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    success: int = 200
    deprecated: bool = False

    @property
    def only_reads(self) -> bool:
        return self.method == "GET"

    @property
    def repeatable(self) -> bool:
        return self.repeat is not Idempotency.NEVER


_NOW, _CAMPAIGN, _BULK = Lane.INTERACTIVE, Lane.CAMPAIGN, Lane.BULK
_IDEMPOTENT, _BY_REQUEST_ID, _NEVER = Idempotency.IDEMPOTENT, Idempotency.BY_REQUEST_ID, Idempotency.NEVER
_SENDING = ("Customer-Id", "Service-Id")
_TEMPLATES = "/whatsapp/templates/{Customer-Id}"
_CONSENT = "/whatsapp/opt-in/sender/{Sender}/recipient/{Recipient}"
_GROUP = "/groupcontact/{Customer}/{Group Service}"
_CONTACT = "/groupcontact/{Customer}/{Group Service}/{Phone}"

# fmt: off
_ALL = (
    # name, method, path,
    #     scope, lane, repeat, the rest where it is not as usual
    Endpoint("GetUserCustomers", "GET", "/customers",
             "User.Customers", _NOW, _IDEMPOTENT),
    Endpoint("GetCustomerServices", "GET", "/services/{Customer-Id}",
             "Customer.Services", _NOW, _IDEMPOTENT,
             headers=("ServiceType",), optional_headers=("AllowReplyMessage",)),
    Endpoint("GetPhoneNumberRegions", "GET", "/phonenumberregions",
             "Group.Management", _NOW, _IDEMPOTENT),

    Endpoint("SendMessage", "POST", "/messages",
             "Gateway.Send", _CAMPAIGN, _BY_REQUEST_ID, headers=_SENDING),
    Endpoint("SendReplyMessage", "POST", "/messages/reply/{ParentMessageId}",
             "Gateway.Send", _NOW, _BY_REQUEST_ID, headers=_SENDING),
    Endpoint("SendDiscussionReplyMessage", "POST", "/messages/discussion/reply",
             "Discussion.Reply", _NOW, _NEVER, headers=("CustomerId",)),

    Endpoint("NewMessage", "POST", "/service/{Service}/pipelines/actions",
             "TwoWay.Management", _NOW, _NEVER, headers=("Customer",), success=201),
    Endpoint("DeleteTrigger", "DELETE", "/pipelines/{Pipeline-Id}/actions/{Action-Id}",
             "TwoWay.Management", _NOW, _IDEMPOTENT, success=204),

    Endpoint("GetCustomerWhatsAppTemplates", "GET", _TEMPLATES,
             "WhatsApp", _NOW, _IDEMPOTENT, query=("TemplateId",)),
    Endpoint("CreateWhatsappTemplate", "POST", _TEMPLATES + "/{IdentityNumber}",
             "WhatsApp", _NOW, _NEVER, success=204),
    Endpoint("GetWhatsappTemplateCategories", "GET", "/whatsapp/templates/categories",
             "WhatsApp", _NOW, _IDEMPOTENT),
    Endpoint("SendWhatsappTemplateMessage", "POST", "/messages/templates/whatsapp",
             "WhatsApp", _CAMPAIGN, _BY_REQUEST_ID, headers=_SENDING),
    Endpoint("GetCustomerWhatsappIdentities", "GET", "/whatsapp/identities/{Customer-Id}",
             "WhatsApp", _NOW, _IDEMPOTENT),
    Endpoint("WhatsAppOptOut", "DELETE", _CONSENT,
             "WhatsApp", _NOW, _IDEMPOTENT, success=204, deprecated=True),
    Endpoint("WhatsAppOptIn", "POST", _CONSENT,
             "WhatsApp", _NOW, _IDEMPOTENT, success=204, deprecated=True),

    Endpoint("GetGroupContact", "GET", _CONTACT,
             "Group.Management", _BULK, _IDEMPOTENT, query=("Region",)),
    Endpoint("CreateGroupContact", "POST", _GROUP,
             "Group.Management", _BULK, _IDEMPOTENT),
    Endpoint("UpdateGroupContact", "PUT", _CONTACT,
             "Group.Management", _BULK, _IDEMPOTENT),
    Endpoint("DeleteGroupContact", "DELETE", _CONTACT,
             "Group.Management", _BULK, _IDEMPOTENT),
    Endpoint("DeleteAllGroupContacts", "DELETE", _GROUP,
             "Group.Management", _BULK, _NEVER),
)
# fmt: on

ENDPOINTS = {endpoint.name: endpoint for endpoint in _ALL}
