from importlib import import_module

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "gateway"
    verbose_name = "SmartDialog"

    def ready(self) -> None:
        """Handlers register themselves."""
        import_module("gateway.operation_handlers")
        import_module("gateway.belongings")
