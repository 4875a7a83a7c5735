"""Whether a creation in a group may write over somebody whom others put there, and we have never seen.

SmartDialog lists nobody, and does not say what becomes of a creation of somebody who is there. So each new
number is looked up first, a call each, until that is seen to be needless: nobody else uses the group, or
SmartDialog refuses such a creation. To see it, what it has just taken is said once more, to no effect.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q

from accounts.models import User
from accounts.trail import audit
from contacts.models import Contact
from contacts.sync import pushing
from contacts.sync.answers import ContactHandler, contacts_of, fields, where
from gateway import clock, outbox
from gateway.models import Lane, Service
from gateway.outbox import QueuedCall, handles
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError, Unsendable

REFUSED_AS_THERE = frozenset({400, 409})
JUST_NOW = timedelta(minutes=5)  # after that, others may have changed the contact
FIRST_LOOKS = 5  # contacts
TRY_AGAIN = timedelta(hours=1)  # when no answer came


def say_shared(group: Service, is_shared: bool | None, *, by: User) -> None:
    """A person says whether others have put people into the group; None: says nothing of it."""
    before = group.is_shared
    if is_shared is None or is_shared == before:
        return
    group.is_shared = is_shared
    group.save(update_fields=["is_shared"])
    audit.record(
        actor=by,
        customer=group.customer,
        verb="group.shared_said",
        subject=group,
        before={"is_shared": before},
        after={"is_shared": is_shared},
    )


def share_of(limit: int, contacts: Sequence[Contact]) -> int:
    """How many of them to plan calls for at once, where `limit` calls may be made.

    A creation follows a look at once: half of them. While it is unseen whether looks are needed, a few.
    """
    looked_up = [each.group for each in contacts if not each.known_remotely and each.group.looks_first]
    if not looked_up:
        return limit
    seen = all(group.keeps_who_is_there is not None for group in looked_up)
    return max(1, min(limit // 2, limit if seen else FIRST_LOOKS))


def see_repeated(call: QueuedCall) -> None:
    """After a creation that was looked up before: say it once more, where the answer is not known yet.

    Not where the contact has changed meanwhile, or is to be deleted: that has the last word.
    """
    if outbox.is_underway(subject=call.subject):
        return
    asked = Q(repeat_asked_at=None) | Q(repeat_asked_at__lt=clock.now() - TRY_AGAIN)
    unseen = Service.objects.filter(asked, pk__in=contacts_of(call).values("group"), keeps_who_is_there=None)
    if unseen.update(repeat_asked_at=clock.now()):
        outbox.add(
            connection=call.connection,
            customer=call.customer,
            kind=pushing.REPEAT,
            payload=call.payload,
            lane=Lane.INTERACTIVE,  # what waits for the answer are all calls of the group
            subject=call.subject,  # before any change of the contact, which waits for it
            by=call.created_by,
        )


@handles(pushing.REPEAT)
class RepeatCreation(ContactHandler):
    """The same bytes were just taken, so that a refusal can only mean that the contact is there."""

    endpoint = "CreateGroupContact"

    def call(self, api: SmartDialog, call: QueuedCall) -> str:
        if clock.now() > call.created_at + JUST_NOW:
            raise Unsendable("It is too late to say the same once more.")
        return api.create_contact(**where(call), contact=fields(call))

    def done(self, call: QueuedCall, result: str) -> None:
        _see(call, keeps_who_is_there=False)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """Of the contact it says nothing."""
        outbox.close(call)
        if error.status in REFUSED_AS_THERE:
            _see(call, keeps_who_is_there=True)


def _see(call: QueuedCall, *, keeps_who_is_there: bool) -> None:
    group = Service.objects.filter(customer=call.customer, remote_id=call.payload["group"])
    group.groups().update(keeps_who_is_there=keeps_who_is_there)
