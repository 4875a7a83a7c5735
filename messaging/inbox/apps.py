from importlib import import_module

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "messaging.inbox"
    label = "inbox"

    def ready(self) -> None:
        """Handlers, takers and holders register themselves."""
        import_module("messaging.inbox.offboarding")
        import_module("messaging.inbox.replies.operations")
        import_module("messaging.inbox.incoming.hooks")
        import_module("messaging.inbox.erasing")
        import_module("messaging.inbox.threads.live_rows")
        import_module("messaging.inbox.threads.filter_counts")
        import_module("messaging.inbox.threads.contact_sheet")
        import_module("messaging.inbox.threads.campaign_answers")
