from importlib import import_module

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """Handlers, planners and holders register themselves; holders in the order that people read them."""
        import_module("contacts.erasure.contact_holders")
        import_module("contacts.importing.erasing")
        import_module("contacts.bulk.erasing")
        import_module("contacts.erasure.saved_lists")
        import_module("contacts.erasure.session_holder")
        import_module("contacts.erasure.trail_holders")
        import_module("contacts.importing.offboarding")
        import_module("contacts.bulk.offboarding")
        import_module("contacts.importing.retention")
        import_module("contacts.bulk.retention")
        import_module("contacts.sync.handlers")
        import_module("contacts.sync.looking_first")
        import_module("contacts.sync.deletions")
        import_module("contacts.sync.backlog_planner")
        import_module("contacts.sync.lookups")
        import_module("contacts.sync.verification")
        import_module("contacts.sync.group_deletion")
