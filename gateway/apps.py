from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "gateway"
    verbose_name = "SmartDialog"

    def ready(self) -> None:
        from gateway import operation_handlers  # noqa: F401  registers the handlers
