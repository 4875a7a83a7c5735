"""What a contact's sheet shows of WhatsApp."""

from contacts.models import Contact
from contacts.sheet import Section, shows
from messaging.whatsapp.sending import opt_ins


@shows("whatsapp.opt_ins")
def opt_in_register(contact: Contact) -> Section:
    return Section("whatsapp/_opt_ins.html", opt_ins.register_of(contact.group.customer, contact.phone))
