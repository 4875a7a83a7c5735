from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "messaging.overview"
    label = "overview"
