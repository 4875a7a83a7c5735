"""Groups whose contacts may have no empty text: seen by a refusal, and said without from then on.

What is left out may stay as it is at SmartDialog: somebody who emptied a field is told whether it did.
"""

from django.db.models import QuerySet

from contacts.sync import pushing
from contacts.sync.answers import fields
from contacts.sync.verification import VERIFY
from gateway import outbox
from gateway.models import Lane, Service
from gateway.outbox import NewBytes, QueuedCall
from gateway.smartdialog.types import ContactFields

ABOUT_THE_BODY = {400, 422}  # statuses that may be about what a call carries


def say_less(call: QueuedCall, status: int | None) -> bool:
    """Whether a refused update is made once more without its empty texts."""
    said = fields(call)
    if status not in ABOUT_THE_BODY or call.payload.get("bare") or not said.says_empty:
        return False
    outbox.follow_up(call, call.kind, contact=said.without_empty().to_json(), bare=True)
    return True


def see_taken(call: QueuedCall) -> None:
    """Without its empty texts it was taken. Who waits is asked for whether a field could be emptied."""
    if call.payload.get("bare"):
        _learn(call)
    elif not _group(call).filter(refuses_empty=True).exists():
        return
    if call.lane == Lane.INTERACTIVE and call.kind == pushing.UPDATE:
        outbox.follow_up(call, VERIFY)


def _learn(call: QueuedCall) -> None:
    """Calls of the group that wait and were never tried say less as well."""
    if _group(call).filter(refuses_empty=False).update(refuses_empty=True):
        kinds = [pushing.UPDATE, pushing.GIVE_BACK]
        outbox.rebuild(_bare, customer=call.customer, kinds=kinds, payload={"group": call.payload["group"]})


def _bare(waiting: QueuedCall) -> NewBytes:
    said = ContactFields.from_json(waiting.payload["contact"]).without_empty()
    return NewBytes(waiting.payload | {"contact": said.to_json()})


def _group(call: QueuedCall) -> QuerySet[Service]:
    return Service.objects.of_customer(call.customer).groups().filter(remote_id=call.payload["group"])
