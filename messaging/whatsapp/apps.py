from importlib import import_module

from django.apps import AppConfig


class WhatsappConfig(AppConfig):
    name = "messaging.whatsapp"
    label = "whatsapp"

    def ready(self) -> None:
        """Handlers, holders and sections register themselves."""
        import_module("messaging.whatsapp.submission.operations")
        import_module("messaging.whatsapp.erasing")
        import_module("messaging.whatsapp.sending.contact_sheet")
