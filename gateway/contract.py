"""The 20 operations of SmartDialog's published connector contract, as one table.

Source: the SmartDialog connector definition (OpenAPI 2.0, version 1.0). Names, paths and header
spellings are exact: the customer is carried in five different ways.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """`customer` names the header or path part that carries the customer; None where nothing does."""

    name: str
    method: str
    path: str
    customer: str | None
    scope: str
    success: int = 200
    repeatable: bool = True  # sending it twice does no harm, or a RequestId forbids it
    deprecated: bool = False


_ALL = [
    Endpoint("GetUserCustomers", "GET", "/customers", None, "User.Customers"),
    Endpoint("SendMessage", "POST", "/messages", "Customer-Id", "Gateway.Send"),
    Endpoint("SendReplyMessage", "POST", "/messages/reply/{ParentMessageId}", "Customer-Id", "Gateway.Send"),
    Endpoint(
        "SendDiscussionReplyMessage",
        "POST",
        "/messages/discussion/reply",
        "CustomerId",
        "Discussion.Reply",
        repeatable=False,
    ),
    Endpoint(
        "NewMessage",
        "POST",
        "/service/{Service}/pipelines/actions",
        "Customer",
        "TwoWay.Management",
        success=201,
        repeatable=False,
    ),
    Endpoint("GetCustomerServices", "GET", "/services/{Customer-Id}", "{Customer-Id}", "Customer.Services"),
    Endpoint(
        "DeleteTrigger",
        "DELETE",
        "/pipelines/{Pipeline-Id}/actions/{Action-Id}",
        None,
        "TwoWay.Management",
        success=204,
    ),
    Endpoint(
        "GetCustomerWhatsAppTemplates",
        "GET",
        "/whatsapp/templates/{Customer-Id}",
        "{Customer-Id}",
        "WhatsApp",
    ),
    Endpoint(
        "CreateWhatsappTemplate",
        "POST",
        "/whatsapp/templates/{Customer-Id}/{IdentityNumber}",
        "{Customer-Id}",
        "WhatsApp",
        success=204,
        repeatable=False,
    ),
    Endpoint("GetWhatsappTemplateCategories", "GET", "/whatsapp/templates/categories", None, "WhatsApp"),
    Endpoint(
        "SendWhatsappTemplateMessage", "POST", "/messages/templates/whatsapp", "Customer-Id", "WhatsApp"
    ),
    Endpoint(
        "GetCustomerWhatsappIdentities",
        "GET",
        "/whatsapp/identities/{Customer-Id}",
        "{Customer-Id}",
        "WhatsApp",
    ),
    Endpoint(
        "WhatsAppOptOut",
        "DELETE",
        "/whatsapp/opt-in/sender/{Sender}/recipient/{Recipient}",
        None,
        "WhatsApp",
        success=204,
        deprecated=True,
    ),
    Endpoint(
        "WhatsAppOptIn",
        "POST",
        "/whatsapp/opt-in/sender/{Sender}/recipient/{Recipient}",
        None,
        "WhatsApp",
        success=204,
        deprecated=True,
    ),
    Endpoint(
        "GetGroupContact",
        "GET",
        "/groupcontact/{Customer}/{Group Service}/{Phone}",
        "{Customer}",
        "Group.Management",
    ),
    Endpoint(
        "DeleteGroupContact",
        "DELETE",
        "/groupcontact/{Customer}/{Group Service}/{Phone}",
        "{Customer}",
        "Group.Management",
    ),
    Endpoint(
        "UpdateGroupContact",
        "PUT",
        "/groupcontact/{Customer}/{Group Service}/{Phone}",
        "{Customer}",
        "Group.Management",
    ),
    Endpoint(
        "DeleteAllGroupContacts",
        "DELETE",
        "/groupcontact/{Customer}/{Group Service}",
        "{Customer}",
        "Group.Management",
    ),
    Endpoint(
        "CreateGroupContact",
        "POST",
        "/groupcontact/{Customer}/{Group Service}",
        "{Customer}",
        "Group.Management",
    ),
    Endpoint("GetPhoneNumberRegions", "GET", "/phonenumberregions", None, "Group.Management"),
]

ENDPOINTS = {endpoint.name: endpoint for endpoint in _ALL}
