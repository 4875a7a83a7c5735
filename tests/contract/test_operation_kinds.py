"""Each kind of outbox operation, the platform's operation it calls, and whether that may be repeated."""

import pytest

from accounts.models import Customer
from gateway.models import Operation
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import HANDLERS
from gateway.smartdialog.contract import ENDPOINTS

pytestmark = pytest.mark.django_db  # an operation is due from now, and the database tells the time

CALLS = {
    "directory.customers": "GetUserCustomers",
    "directory.services": "GetCustomerServices",
    "directory.identities": "GetCustomerWhatsappIdentities",
    "hooks.subscribe": "NewMessage",
    "hooks.unsubscribe": "DeleteTrigger",
    "contact.create": "CreateGroupContact",
    "contact.repeat": "CreateGroupContact",
    "contact.lookup": "GetGroupContact",
    "contact.verify": "GetGroupContact",
    "contact.find": "GetGroupContact",
    "contact.update": "UpdateGroupContact",
    "contact.delete": "DeleteGroupContact",
    "contact.delete_former": "DeleteGroupContact",
    "contact.delete_ours": "GetGroupContact",
    "contact.give_back": "UpdateGroupContact",
    "contact.delete_all": "DeleteAllGroupContacts",
    "whatsapp.create": "CreateWhatsappTemplate",
    "whatsapp.templates": "GetCustomerWhatsAppTemplates",
    "whatsapp.categories": "GetWhatsappTemplateCategories",
    "whatsapp.opt_in": "WhatsAppOptIn",
    "whatsapp.opt_out": "WhatsAppOptOut",
    "campaign.sms": "SendMessage",
    "campaign.template": "SendWhatsappTemplateMessage",
    "campaign.test_sms": "SendMessage",
    "campaign.test_template": "SendWhatsappTemplateMessage",
    "inbox.reply": "SendReplyMessage",
    "inbox.first": "SendMessage",
    "inbox.template": "SendWhatsappTemplateMessage",
    "inbox.discussion": "SendDiscussionReplyMessage",
}


def test_every_kind_is_known_to_this_table():
    assert CALLS.keys() == HANDLERS.names()


@pytest.mark.parametrize("kind", CALLS)
def test_a_kind_is_repeated_only_where_the_contract_makes_that_safe(kind):
    call = QueuedCall(Operation(kind=kind, request_id="one", customer=Customer()))

    assert HANDLERS[kind].endpoint == CALLS[kind]
    assert HANDLERS[kind].may_repeat(call) == ENDPOINTS[CALLS[kind]].repeatable


def test_a_send_without_its_request_id_is_not_repeated():
    assert not HANDLERS["campaign.sms"].may_repeat(QueuedCall(Operation(kind="campaign.sms")))
    assert HANDLERS["contact.update"].may_repeat(QueuedCall(Operation(kind="contact.update")))
