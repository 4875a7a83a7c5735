from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        from contacts import lookups, operations, planning  # noqa: F401  register who handles and plans calls
        from contacts.bulk import operations as bulk_operations  # noqa: F401  registers its handler
        from contacts.bulk import verifying  # noqa: F401  registers its handler and its planner
        from contacts.erasure import naming, own  # noqa: F401  register what is held here
