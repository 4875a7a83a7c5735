from importlib import import_module

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "messaging.inbox"
    label = "inbox"

    def ready(self) -> None:
        """Handlers, takers and holders register themselves."""
        import_module("messaging.inbox.belongings")
        import_module("messaging.inbox.operations")
        import_module("messaging.inbox.hooks")
        import_module("messaging.inbox.erasing")
        import_module("messaging.inbox.live_rows")
        import_module("messaging.inbox.filter_counts")
        import_module("messaging.inbox.contact_sheet")
        import_module("messaging.inbox.campaign_answers")
