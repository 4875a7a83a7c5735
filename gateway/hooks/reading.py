"""What stored events say, with what is known of how SmartDialog writes to their customers."""

from gateway.hooks.events import DeliveryReport, Inbound, MalformedEvent, ReportReader, read_inbound
from gateway.hooks.held_events import HeldEvent
from gateway.hooks.times import zone_of
from gateway.models import HookKind, HookSubscription
from gateway.smartdialog import quirks


class EventReader:
    """For the events of one transaction: what is known of a customer is asked for once."""

    def __init__(self) -> None:
        self._readers: dict[int, ReportReader] = {}

    def read(self, event: HeldEvent) -> Inbound | DeliveryReport:
        """Raises MalformedEvent."""
        reader = self._reader_of(event.subscription)
        data = _read_as(event, reader)
        if not reader.known.zone and (zone := zone_of(data.raw_time, arrived=event.received_at)):
            quirks.learn(event.subscription.customer, zone=zone)
            reader.known.zone = zone
            data = _read_as(event, reader)
        return data

    def _reader_of(self, source: HookSubscription) -> ReportReader:
        found = self._readers.get(source.customer_id)
        if found is None:
            found = self._readers[source.customer_id] = ReportReader(quirks.of(source.customer))
        return found


def _read_as(event: HeldEvent, reader: ReportReader) -> Inbound | DeliveryReport:
    if event.subscription.kind == HookKind.INBOUND:
        return read_inbound(bytes(event.body), reader.known.zone)
    if event.body:
        raise MalformedEvent("It came with a body that is neither a form nor a JSON object.")
    return reader.read(event.query)
