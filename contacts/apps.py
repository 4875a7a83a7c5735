from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        from contacts.erasure import contact_holders, free_text  # noqa: F401  register what is held here
        from contacts.sync import (
            backlog_planner,  # noqa: F401  register who handles and plans calls
            verification,  # noqa: F401  registers its handler and its planner
        )
        from contacts.sync import group_deletion as bulk_operations  # noqa: F401  registers its handler
