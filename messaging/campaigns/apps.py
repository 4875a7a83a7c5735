from importlib import import_module

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "messaging.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Handlers, takers and holders register themselves."""
        import_module("messaging.campaigns.dispatch.operations")
        import_module("messaging.campaigns.reporting.delivery_reports")
        import_module("messaging.campaigns.erasing")
        import_module("messaging.campaigns.belongings")
        import_module("messaging.campaigns.outcome.campaign_terms")
