"""What stored events say, with what is known of how SmartDialog writes to their customers."""


from gateway import quirks
from gateway.hooks.events import DeliveryReport, Inbound, read_inbound, read_report
from gateway.hooks.times import zone_of
from gateway.models import HookEvent, HookKind, Quirks


class EventReader:
    """For the events of one transaction: what is known of a customer is asked for once."""

    def __init__(self) -> None:
        self._known: dict[int, Quirks] = {}

    def read(self, event: HookEvent) -> Inbound | DeliveryReport:
        """Raises MalformedEvent."""
        customer = event.subscription.customer
        known = self._known.get(customer.pk)
        if known is None:
            known = self._known[customer.pk] = quirks.of(customer)
        data = _read_as(event, known)
        if not known.zone and (zone := zone_of(data.raw_time, arrived=event.received_at)):
            quirks.learn(customer, zone=zone)
            known.zone = zone
            data = _read_as(event, known)
        return data


def _read_as(event: HookEvent, known: Quirks) -> Inbound | DeliveryReport:
    if event.subscription.kind == HookKind.INBOUND:
        return read_inbound(bytes(event.body), known.zone)
    return read_report(event.query, known)
