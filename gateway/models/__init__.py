"""What the gateway keeps: grants, what they reach, the outbox, the call ledger, hooks, live changes."""

from gateway.models.backlog import Backlog, BacklogState
from gateway.models.connection import Connection, ConnectionState
from gateway.models.directory import Service, ServiceKind, WhatsappIdentity, services_of
from gateway.models.hooks import EventState, HookEvent, HookKind, HookSubscription, SubscriptionState
from gateway.models.installation import ClockAgreed, InstallationFact
from gateway.models.ledger import Call
from gateway.models.live import Heartbeat, LiveUpdate
from gateway.models.outbox import UNSETTLED, Lane, Operation, OperationState
from gateway.models.quirks import Quirks
