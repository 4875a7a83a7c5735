from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


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
        count_triggers = import_module("messaging.campaigns.outcome.count_triggers")
        post_migrate.connect(count_triggers.install, sender=self)
