"""What stored events say, with what is known of how SmartDialog writes to their customers."""

from gateway import quirks
from gateway.hooks.events import DeliveryReport, Inbound, ReportReader, read_inbound
from gateway.hooks.times import zone_of
from gateway.models import HookEvent, HookKind


class EventReader:
    """For the events of one transaction: what is known of a customer is asked for once."""

    def __init__(self) -> None:
        self._readers: dict[int, ReportReader] = {}

    def read(self, event: HookEvent) -> Inbound | DeliveryReport:
        """Raises MalformedEvent."""
        customer = event.subscription.customer
        reader = self._readers.get(customer.pk)
        if reader is None:
            reader = self._readers[customer.pk] = ReportReader(quirks.of(customer))
        data = _read_as(event, reader)
        if not reader.known.zone and (zone := zone_of(data.raw_time, arrived=event.received_at)):
            quirks.learn(customer, zone=zone)
            reader.known.zone = zone
            data = _read_as(event, reader)
        return data


def _read_as(event: HookEvent, reader: ReportReader) -> Inbound | DeliveryReport:
    if event.subscription.kind == HookKind.INBOUND:
        return read_inbound(bytes(event.body), reader.known.zone)
    return reader.read(event.query)
