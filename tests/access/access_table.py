"""Who may use each address. An address that is not declared here fails the suite."""

from enum import Enum


class AccessLevel(Enum):
    PUBLIC = "anybody, signed in or not"
    WAITING = "anybody signed in, approved or not"
    PERSON = "any approved person; what it changes is their own"
    VIEWER = "any approved person; it changes nothing"
    MARKETER = "marketers and admins; a viewer's post is 403"
    WRITER = "marketers and admins; a viewer gets 403 for looking, too"
    ADMIN = "admins"


# By name. An address with an id is tried with one of the person's own customer and one of a stranger's.
ACCESS_TABLE = {
    "overview": AccessLevel.VIEWER,
    # People
    "accounts:sign_in": AccessLevel.PUBLIC,
    "accounts:sign_out": AccessLevel.WAITING,
    "accounts:waiting": AccessLevel.WAITING,
    "accounts:typed": AccessLevel.PERSON,
    "accounts:switch_customer": AccessLevel.PERSON,
    "accounts:connect": AccessLevel.VIEWER,
    "accounts:preferences": AccessLevel.PERSON,
    "settings:people": AccessLevel.ADMIN,
    "settings:approval": AccessLevel.ADMIN,
    "settings:role": AccessLevel.ADMIN,
    "settings:activity": AccessLevel.ADMIN,
    "settings:sign_outs": AccessLevel.ADMIN,
    "settings:audit": AccessLevel.ADMIN,
    "settings:styleguide": AccessLevel.ADMIN,
    # SmartDialog
    "gateway:sign_in": AccessLevel.PUBLIC,
    "gateway:callback": AccessLevel.PUBLIC,
    "gateway:inbound": AccessLevel.PUBLIC,
    "gateway:delivery": AccessLevel.PUBLIC,
    "gateway:healthz": AccessLevel.PUBLIC,
    "gateway:live": AccessLevel.VIEWER,
    "gateway:meter": AccessLevel.VIEWER,
    "gateway:pausing": AccessLevel.MARKETER,
    "gateway:usage": AccessLevel.ADMIN,
    "gateway:operations": AccessLevel.ADMIN,
    "gateway:retry_failed": AccessLevel.ADMIN,
    "gateway:retry": AccessLevel.ADMIN,
    "gateway:services": AccessLevel.ADMIN,
    "gateway:read_services": AccessLevel.ADMIN,
    "gateway:subscribing": AccessLevel.ADMIN,
    "gateway:revoking": AccessLevel.ADMIN,
    "gateway:renewing": AccessLevel.ADMIN,
    "gateway:quirks": AccessLevel.ADMIN,
    "gateway:report_words": AccessLevel.ADMIN,
    "gateway:report_names": AccessLevel.ADMIN,
    "gateway:system": AccessLevel.ADMIN,
    # Contacts
    "contacts:groups": AccessLevel.VIEWER,
    "contacts:search": AccessLevel.VIEWER,
    "contacts:group": AccessLevel.VIEWER,
    "contacts:count": AccessLevel.VIEWER,
    "contacts:standing": AccessLevel.VIEWER,
    "contacts:regions": AccessLevel.MARKETER,
    "contacts:columns": AccessLevel.PERSON,
    "contacts:filters": AccessLevel.PERSON,
    "contacts:filter_removal": AccessLevel.PERSON,
    "contacts:new": AccessLevel.WRITER,
    "contacts:export": AccessLevel.WRITER,
    "contacts:bulk": AccessLevel.MARKETER,
    "contacts:bulk_action": AccessLevel.VIEWER,
    "contacts:past_actions": AccessLevel.VIEWER,
    "contacts:holding": AccessLevel.MARKETER,
    "contacts:undoing": AccessLevel.MARKETER,
    "contacts:pausing_bulk": AccessLevel.MARKETER,
    "contacts:bulk_cancellation": AccessLevel.WRITER,
    "contacts:contact": AccessLevel.VIEWER,
    "contacts:edit": AccessLevel.WRITER,
    "contacts:pushes": AccessLevel.MARKETER,
    "contacts:adoption": AccessLevel.MARKETER,
    "contacts:decision": AccessLevel.MARKETER,
    "contacts:opting_out": AccessLevel.MARKETER,
    "contacts:letting_back": AccessLevel.MARKETER,
    "contacts:lookups": AccessLevel.MARKETER,
    "contacts:group_adoption": AccessLevel.WRITER,
    "contacts:lookup": AccessLevel.WRITER,
    "contacts:lookup_adoption": AccessLevel.MARKETER,
    "opt_outs:list": AccessLevel.VIEWER,
    "opt_outs:count": AccessLevel.VIEWER,
    "opt_outs:new": AccessLevel.WRITER,
    "opt_outs:import": AccessLevel.WRITER,
    "opt_outs:export": AccessLevel.MARKETER,
    "opt_outs:number": AccessLevel.VIEWER,
    "opt_outs:removal": AccessLevel.MARKETER,
    "opt_outs:renewal": AccessLevel.MARKETER,
    "erasure:people": AccessLevel.ADMIN,
    "erasure:copies": AccessLevel.ADMIN,
    "erasure:erasure": AccessLevel.ADMIN,
    "erasure:lifting": AccessLevel.ADMIN,
    "contacts:import": AccessLevel.WRITER,
    "contacts:imports": AccessLevel.VIEWER,
    "contacts:import_page": AccessLevel.VIEWER,
    "contacts:import_reading": AccessLevel.MARKETER,
    "contacts:import_check": AccessLevel.MARKETER,
    "contacts:import_unclear": AccessLevel.MARKETER,
    "contacts:import_saving": AccessLevel.MARKETER,
    "contacts:import_cancellation": AccessLevel.WRITER,
    "contacts:import_mending": AccessLevel.MARKETER,
    "contacts:import_pausing": AccessLevel.MARKETER,
    "contacts:import_met": AccessLevel.VIEWER,
    "contacts:import_undo": AccessLevel.WRITER,
    "contacts:import_rejects": AccessLevel.WRITER,
    # WhatsApp templates
    "whatsapp:list": AccessLevel.VIEWER,
    "whatsapp:lookups": AccessLevel.MARKETER,
    "whatsapp:new": AccessLevel.WRITER,
    "whatsapp:edit": AccessLevel.WRITER,
    "whatsapp:deletion": AccessLevel.WRITER,
    "whatsapp:template": AccessLevel.VIEWER,
    "whatsapp:lookup": AccessLevel.MARKETER,
    "whatsapp:submissions": AccessLevel.MARKETER,
    "whatsapp:withdrawal": AccessLevel.MARKETER,
    "whatsapp:confirmation": AccessLevel.MARKETER,
    "whatsapp:rejection": AccessLevel.WRITER,
    # Campaigns
    "campaigns:list": AccessLevel.VIEWER,
    "campaigns:month": AccessLevel.VIEWER,
    "campaigns:new": AccessLevel.WRITER,
    "campaigns:edit": AccessLevel.WRITER,
    "campaigns:campaign": AccessLevel.VIEWER,
    "campaigns:cancellation": AccessLevel.MARKETER,
    "campaigns:release": AccessLevel.MARKETER,
    "campaigns:retries": AccessLevel.MARKETER,
    # The inbox
    "inbox:threads": AccessLevel.VIEWER,
    "inbox:subscriptions": AccessLevel.MARKETER,
    "inbox:opt_out_requests": AccessLevel.VIEWER,
    "inbox:opt_out_decision": AccessLevel.MARKETER,
    "opt_out_words:words": AccessLevel.ADMIN,
    "inbox:thread": AccessLevel.VIEWER,
    "inbox:replies": AccessLevel.MARKETER,
    "inbox:read_marker": AccessLevel.MARKETER,
    "inbox:state": AccessLevel.MARKETER,
    "inbox:tries": AccessLevel.MARKETER,
    "inbox:opting_out": AccessLevel.MARKETER,
    "inbox:letting_back": AccessLevel.MARKETER,
}

# Admins decide about every person of the installation: people belong to no customer.
ABOUT_PEOPLE = {"settings:approval", "settings:role", "settings:activity", "settings:sign_outs"}
LISTS_PEOPLE = {"settings:people", "settings:audit"}
# SmartDialog posts here, with a secret in the address in place of a token.
WITHOUT_CSRF = {"gateway:inbound"}
# A delivery report is a GET, by the platform's choice.
CHANGED_BY_GET = {"gateway:delivery"}
# Run on the server by whoever may run programs there: the shell is their sign-in, they ask for no role.
COMMANDS = {"check_smartdialog", "import_contacts", "rewrite_secrets", "seed_demo"}
