from importlib import import_module

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "gateway"
    verbose_name = "SmartDialog"

    def ready(self) -> None:
        """Handlers register themselves, and so does what a worker or beat does as it starts."""
        for module in (
            "operation_handlers",
            "sign_in.offboarding",
            "installation_checks.installation",
            "workers.fallback_scheduler",
            "installation_checks.start_warnings",
            "workers.task_connections",
        ):
            import_module(f"gateway.{module}")
