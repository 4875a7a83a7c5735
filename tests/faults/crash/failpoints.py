"""The failpoints of one call: named moments that kill or stop a worker, each at a function of ours.

Of a call: slot reserved · before connect · no answer (bytes sent) · answer read · outcome written (not yet
committed) · committed · before next wake-up. Of what a dead worker left: taken up. Of a refresh: tokens
answered · tokens kept. Of a message that asks something: message stored · record written · contacts
switched · message followed · event taken in · event committed. Of a list of opt-outs that is undone: list
lifted · contacts released · list taken back. Of an erasure: erasure begun · contacts emptied · trail
emptied · erasure recorded · erasure committed · remains looked at. Of a campaign: people listed · people
drawn · list committed · people placed · calls added · calls committed; of its rest: first done · rest let
go · rest committed · text filled in · texts committed; of its call: looked at · halved; of what outgrew
its agreement: held. Of reports: reports judged. Of an upload: some kept · file kept.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failpoint:
    """`module` is where the function is looked up, which need not be where it is defined.

    `pause` in seconds: what was sent is read at the other end before the worker dies.
    """

    module: str
    function: str
    before: bool = False
    pause: float = 0.0


FAILPOINTS = {
    "slot reserved": Failpoint("gateway.outbox.claiming", "claim_next"),
    "before connect": Failpoint("gateway.smartdialog.client", "Client._exchange", before=True),
    "no answer": Failpoint("urllib3.connection", "HTTPConnection.getresponse", before=True, pause=0.3),
    "answer read": Failpoint("gateway.smartdialog.client", "Client._exchange"),
    "outcome written": Failpoint("gateway.outbox.draining", "settle_done"),
    "committed": Failpoint("gateway.outbox.draining", "_settle"),
    "before next wake-up": Failpoint("gateway.outbox.draining", "_has_new_work", before=True),
    "taken up": Failpoint("gateway.outbox.claiming", "recover_abandoned"),
    "people listed": Failpoint("messaging.campaigns.dispatch.recipient_changes", "add"),
    "people drawn": Failpoint("messaging.campaigns.audiences.drawing", "draw"),
    "first done": Failpoint("messaging.campaigns.dispatch.stages", "keeps_rest"),
    "rest let go": Failpoint("messaging.campaigns.dispatch.stages", "_begin"),
    "rest committed": Failpoint("messaging.campaigns.dispatch.stages", "go_on_when_due"),
    "text filled in": Failpoint("messaging.campaigns.dispatch.stages", "_word"),
    "texts committed": Failpoint("messaging.campaigns.dispatch.stages", "word_next"),
    "list committed": Failpoint("messaging.campaigns.dispatch.sending", "_snapshot_recipients"),
    "people placed": Failpoint("messaging.campaigns.dispatch.recipient_changes", "place"),
    "calls added": Failpoint("messaging.campaigns.dispatch.calls", "enqueue"),
    "calls committed": Failpoint("messaging.campaigns.dispatch.sending", "_enqueue_next_batches"),
    "held": Failpoint("messaging.campaigns.dispatch.sending", "_hold_listing"),
    "looked at": Failpoint("messaging.campaigns.dispatch.last_look", "look"),
    "halved": Failpoint("messaging.campaigns.dispatch.splitting", "_divide"),
    "tokens answered": Failpoint("gateway.sign_in.oauth", "refresh"),
    "tokens kept": Failpoint("gateway.sign_in.tokens", "_store"),
    "message stored": Failpoint("messaging.inbox.incoming.receiving", "receive"),
    "record written": Failpoint("contacts.consent.opt_outs", "_record"),
    "contacts switched": Failpoint("contacts.consent.propagation", "_switch"),
    "list lifted": Failpoint("contacts.consent.opt_outs", "lift_list"),
    "contacts released": Failpoint("contacts.consent.propagation", "release"),
    "list taken back": Failpoint("contacts.consent.number_lists", "undo"),
    "message followed": Failpoint("messaging.inbox.opt_outs.consent", "follow"),
    "some kept": Failpoint("contacts.importing.files.database_storage", "_save_some"),
    "file kept": Failpoint("contacts.importing.files.stored_files", "keep"),
    "reports judged": Failpoint("messaging.campaigns.reporting.delivery_reports", "_take_in"),
    "event taken in": Failpoint("gateway.hooks.processing", "_process"),
    "event committed": Failpoint("gateway.hooks.processing", "process"),
    "erasure begun": Failpoint("contacts.erasure.erasing", "_begin"),
    "contacts emptied": Failpoint("contacts.erasure.contact_holders", "ContactHolder.erase"),
    "trail emptied": Failpoint("contacts.erasure.trail_holders", "AuditTrailHolder.erase"),
    "erasure recorded": Failpoint("contacts.erasure.erasing", "_record"),
    "erasure committed": Failpoint("contacts.erasure.erasing", "finish_erasure", before=True),
    "remains looked at": Failpoint("contacts.erasure.erasing", "finish_erasure"),
}
