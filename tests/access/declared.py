"""Who may use each address. An address that is not declared here fails the suite."""

from enum import Enum


class Role(Enum):
    PUBLIC = "anybody, signed in or not"
    WAITING = "anybody signed in, approved or not"
    PERSON = "any approved person; what it changes is their own"
    VIEWER = "any approved person; it changes nothing"
    MARKETER = "marketers and admins; a viewer's post is 403"
    WRITER = "marketers and admins; a viewer gets 403 for looking, too"
    ADMIN = "admins"


# By name. An address with an id is tried with one of the person's own customer and one of a stranger's.
DECLARED = {
    "overview": Role.VIEWER,
    # People
    "accounts:sign_in": Role.PUBLIC,
    "accounts:sign_out": Role.WAITING,
    "accounts:waiting": Role.WAITING,
    "accounts:typed": Role.PERSON,
    "accounts:switch_customer": Role.PERSON,
    "accounts:connect": Role.VIEWER,
    "accounts:preferences": Role.PERSON,
    "settings:people": Role.ADMIN,
    "settings:approval": Role.ADMIN,
    "settings:role": Role.ADMIN,
    "settings:activity": Role.ADMIN,
    "settings:sign_outs": Role.ADMIN,
    "settings:audit": Role.ADMIN,
    "settings:styleguide": Role.ADMIN,
    # SmartDialog
    "gateway:sign_in": Role.PUBLIC,
    "gateway:callback": Role.PUBLIC,
    "gateway:inbound": Role.PUBLIC,
    "gateway:delivery": Role.PUBLIC,
    "gateway:healthz": Role.PUBLIC,
    "gateway:live": Role.VIEWER,
    "gateway:meter": Role.VIEWER,
    "gateway:pausing": Role.MARKETER,
    "gateway:usage": Role.ADMIN,
    "gateway:operations": Role.ADMIN,
    "gateway:retry_failed": Role.ADMIN,
    "gateway:retry": Role.ADMIN,
    "gateway:services": Role.ADMIN,
    "gateway:read_services": Role.ADMIN,
    "gateway:subscribing": Role.ADMIN,
    "gateway:revoking": Role.ADMIN,
    "gateway:renewing": Role.ADMIN,
    "gateway:system": Role.ADMIN,
    # Contacts
    "contacts:groups": Role.VIEWER,
    "contacts:search": Role.VIEWER,
    "contacts:group": Role.VIEWER,
    "contacts:count": Role.VIEWER,
    "contacts:standing": Role.VIEWER,
    "contacts:regions": Role.MARKETER,
    "contacts:columns": Role.PERSON,
    "contacts:filters": Role.PERSON,
    "contacts:filter_removal": Role.PERSON,
    "contacts:new": Role.WRITER,
    "contacts:deletions": Role.MARKETER,
    "contacts:export": Role.WRITER,
    "contacts:bulk": Role.MARKETER,
    "contacts:bulk_action": Role.VIEWER,
    "contacts:undoing": Role.MARKETER,
    "contacts:pausing_bulk": Role.MARKETER,
    "contacts:bulk_cancellation": Role.MARKETER,
    "contacts:contact": Role.VIEWER,
    "contacts:edit": Role.WRITER,
    "contacts:pushes": Role.MARKETER,
    "contacts:adoption": Role.MARKETER,
    "contacts:lookups": Role.MARKETER,
    "contacts:lookup": Role.WRITER,
    "contacts:lookup_adoption": Role.MARKETER,
    "erasure:people": Role.ADMIN,
    "erasure:copies": Role.ADMIN,
    "erasure:erasure": Role.ADMIN,
    "erasure:lifting": Role.ADMIN,
    "contacts:import": Role.WRITER,
    "contacts:imports": Role.VIEWER,
    "contacts:import_page": Role.VIEWER,
    "contacts:import_reading": Role.MARKETER,
    "contacts:import_check": Role.MARKETER,
    "contacts:import_saving": Role.MARKETER,
    "contacts:import_cancellation": Role.WRITER,
    "contacts:import_mending": Role.MARKETER,
    "contacts:import_pausing": Role.MARKETER,
    "contacts:import_undo": Role.WRITER,
    "contacts:import_rejects": Role.VIEWER,
    # WhatsApp templates
    "whatsapp:list": Role.VIEWER,
    "whatsapp:lookups": Role.MARKETER,
    "whatsapp:new": Role.WRITER,
    "whatsapp:edit": Role.WRITER,
    "whatsapp:deletion": Role.WRITER,
    "whatsapp:template": Role.VIEWER,
    "whatsapp:lookup": Role.MARKETER,
    "whatsapp:submissions": Role.MARKETER,
    "whatsapp:withdrawal": Role.MARKETER,
    "whatsapp:confirmation": Role.MARKETER,
    "whatsapp:rejection": Role.WRITER,
    # Campaigns
    "campaigns:list": Role.VIEWER,
    "campaigns:month": Role.VIEWER,
    "campaigns:new": Role.WRITER,
    "campaigns:edit": Role.WRITER,
    "campaigns:campaign": Role.VIEWER,
    "campaigns:cancellation": Role.MARKETER,
    "campaigns:release": Role.MARKETER,
    "campaigns:retries": Role.MARKETER,
    # The inbox
    "inbox:threads": Role.VIEWER,
    "inbox:subscriptions": Role.MARKETER,
    "inbox:thread": Role.VIEWER,
    "inbox:replies": Role.MARKETER,
    "inbox:read_marker": Role.MARKETER,
    "inbox:state": Role.MARKETER,
    "inbox:tries": Role.MARKETER,
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
