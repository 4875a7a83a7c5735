from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CampaignsConfig(AppConfig):
    name = "messaging.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Handlers, takers and holders register themselves."""
        import_module("messaging.campaigns.dispatch.operations")
        import_module("messaging.campaigns.reporting.delivery_reports")
        import_module("messaging.campaigns.erasing")
        import_module("messaging.campaigns.people_lists.erasing")
        import_module("messaging.campaigns.people_lists.retention")
        import_module("messaging.campaigns.offboarding")
        import_module("messaging.campaigns.outcome.campaign_terms")
        import_module("messaging.campaigns.outcome.too_late")
        import_module("messaging.campaigns.wording.template_uses")
        count_triggers = import_module("messaging.campaigns.outcome.count_triggers")
        pre_migrate.connect(count_triggers.make_way, sender=self)
        post_migrate.connect(count_triggers.install, sender=self)
