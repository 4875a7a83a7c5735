"""The twenty operations. Routing, the scope check, the customer check and the ledger all read this table."""

from sandbox.api import contacts, messages, services, templates
from sandbox.api.calls import CustomerIn, Operation

_NOWHERE = CustomerIn.NOWHERE
_PATH = CustomerIn.PATH
_CUSTOMER_ID = CustomerIn.HEADER_CUSTOMER_ID
_CUSTOMERID = CustomerIn.HEADER_CUSTOMERID
_CUSTOMER = CustomerIn.HEADER_CUSTOMER

_GROUP = "groupcontact/{customer}/{group}"
_CONTACT = "groupcontact/{customer}/{group}/{phone}"
_CONSENT = "whatsapp/opt-in/sender/{sender}/recipient/{recipient}"

# fmt: off
OPERATIONS = (
    # name, method, path, scope, where the customer is, handler
    Operation("GetUserCustomers", "GET", "customers",
              "User.Customers", _NOWHERE, services.list_customers),
    Operation("GetCustomerServices", "GET", "services/{customer}",
              "Customer.Services", _PATH, services.list_services),

    Operation("SendMessage", "POST", "messages",
              "Gateway.Send", _CUSTOMER_ID, messages.send),
    Operation("SendReplyMessage", "POST", "messages/reply/{parent}",
              "Gateway.Send", _CUSTOMER_ID, messages.reply),
    Operation("SendDiscussionReplyMessage", "POST", "messages/discussion/reply",
              "Discussion.Reply", _CUSTOMERID, messages.reply_in_discussion),

    Operation("NewMessage", "POST", "service/{service}/pipelines/actions",
              "TwoWay.Management", _CUSTOMER, services.create_trigger),
    Operation("DeleteTrigger", "DELETE", "pipelines/{pipeline}/actions/{action}",
              "TwoWay.Management", _NOWHERE, services.delete_trigger),

    Operation("GetWhatsappTemplateCategories", "GET", "whatsapp/templates/categories",
              "WhatsApp", _NOWHERE, templates.list_categories),
    Operation("GetCustomerWhatsappIdentities", "GET", "whatsapp/identities/{customer}",
              "WhatsApp", _PATH, templates.list_identities),
    Operation("GetCustomerWhatsAppTemplates", "GET", "whatsapp/templates/{customer}",
              "WhatsApp", _PATH, templates.list_templates),
    Operation("CreateWhatsappTemplate", "POST", "whatsapp/templates/{customer}/{identity}",
              "WhatsApp", _PATH, templates.create),
    Operation("SendWhatsappTemplateMessage", "POST", "messages/templates/whatsapp",
              "WhatsApp", _CUSTOMER_ID, templates.send),
    Operation("WhatsAppOptIn", "POST", _CONSENT, "WhatsApp", _NOWHERE, templates.opt_in),
    Operation("WhatsAppOptOut", "DELETE", _CONSENT, "WhatsApp", _NOWHERE, templates.opt_out),

    Operation("CreateGroupContact", "POST", _GROUP, "Group.Management", _PATH, contacts.create),
    Operation("GetGroupContact", "GET", _CONTACT, "Group.Management", _PATH, contacts.show),
    Operation("UpdateGroupContact", "PUT", _CONTACT, "Group.Management", _PATH, contacts.update),
    Operation("DeleteGroupContact", "DELETE", _CONTACT, "Group.Management", _PATH, contacts.delete),
    Operation("DeleteAllGroupContacts", "DELETE", _GROUP, "Group.Management", _PATH, contacts.delete_all),
    Operation("GetPhoneNumberRegions", "GET", "phonenumberregions",
              "Group.Management", _NOWHERE, services.list_regions),
)
# fmt: on

SCOPES = tuple(sorted({operation.scope for operation in OPERATIONS}))
