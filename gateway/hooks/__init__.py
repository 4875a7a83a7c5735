"""How things come back: addresses given to SmartDialog, raw events, and who takes them."""

from gateway.hooks.events import DeliveryReport, DeliveryStatus, Inbound
from gateway.hooks.held_events import HeldEvent
from gateway.hooks.processing import Said, event_taker
from gateway.hooks.subscriptions import dlr_url, subscribe
