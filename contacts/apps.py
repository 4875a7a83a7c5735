from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        from contacts.erasure import contact_holders, free_text  # noqa: F401  register what is held here
        from contacts.sync import (  # register who handles and plans calls
            backlog_planner,  # noqa: F401
            group_deletion,  # noqa: F401
            verification,  # noqa: F401
        )
