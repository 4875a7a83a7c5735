"""What can have happened with somebody, such as having received a campaign: the floors above register it."""

from collections.abc import Sequence

from django.db.models import Q

from accounts.models import Customer
from accounts.registry import Registry

SUGGESTED = 200  # names offered, the newest


class DeedKind:
    """`label`: as the form says it; `verb`, by which it is registered: as the text does, in one word."""

    verb = ""
    label = ""
    what = ""  # that which bears the name: "campaign"

    def names(self, customer: Customer) -> Sequence[str]:
        """Of what it can have happened with, the newest first, at most SUGGESTED. One query."""
        raise NotImplementedError

    def condition(self, customer: Customer, name: str) -> Q | None:
        """Of contacts that it happened with; None where nothing bears the name."""
        raise NotImplementedError


DEEDS = Registry[DeedKind]("deed of segments")
happens = DEEDS.register  # @happens("received")
